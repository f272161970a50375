"""What every table shares, and how the two engines are made to behave alike.

SQLite serialises writers, so a transaction that will write says so when it begins (BEGIN
IMMEDIATE) and waits its turn; one that only reads begins deferred and waits for nobody.
PostgreSQL is told the same as READ ONLY, so that a read that writes fails on both.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from sqlalchemy import DateTime, Dialect, Engine, ExceptionContext, MetaData, Table, event, inspect, make_url
from sqlalchemy import create_engine as sqlalchemy_create_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.types import TypeDecorator

from miniapp_api.sqlite_writers import Writers, be_patient

READ_ONLY = {"sqlite_begin": "DEFERRED", "postgresql_readonly": True}
"""Execution options of an engine on which nothing is to be written."""

_GAVE_WAY = ("40P01", "40001")
_TRIES = 3

_Done = TypeVar("_Done")

_DETAIL = re.compile(r"\nDETAIL:.*", re.DOTALL)


class UTCDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database, on either engine."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn a moment into UTC; a naive one is refused, for nobody knows when it is."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Give the moment back in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """The root of all tables; constraints are named, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_N_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {datetime: UTCDateTime}


def utc_now() -> datetime:
    """Tell the time, aware, in UTC."""
    return datetime.now(UTC)


@cache
def _insert_if_new(dialect: str, table: Table, returning: tuple[str, ...]) -> postgresql.Insert | sqlite.Insert:
    insert = {"postgresql": postgresql.insert, "sqlite": sqlite.insert}[dialect](table).on_conflict_do_nothing()
    return insert.returning(*(table.columns[name] for name in returning)) if returning else insert


def insert_if_new(session: Session, model: type[Base], *returning: str) -> postgresql.Insert | sqlite.Insert:
    """Say INSERT for rows of a table, leaving out those of which a unique key is taken.

    The transaction goes on in either case; with a savepoint it would be three statements. Both engines
    say ON CONFLICT alike, and wait for whoever inserts the same key at the same moment.

    Args:
        session: that will execute it.
        model: whose table.
        returning: columns that it gives back.
    """
    return _insert_if_new(session.get_bind().dialect.name, model.__table__, returning)


def add_if_new(session: Session, row: Base) -> bool:
    """Insert a row at once, unless one of its unique keys is taken; see `insert_if_new`.

    Args:
        session: it has the row afterwards, complete, if that was inserted.
        row: new.

    Returns:
        Whether it was inserted.
    """
    session.flush()
    columns, given = row.__table__.columns, row.__dict__
    rest = [name for name, column in columns.items() if column.primary_key or name not in given]
    values = {name: value for name, value in given.items() if name in columns}
    made = session.execute(insert_if_new(session, type(row), *rest), values).first()
    if made is None:
        return False
    for name, value in zip(rest, made, strict=True):
        set_committed_value(row, name, value)
    make_transient_to_detached(row)
    if gone := session.identity_map.get(inspect(row).key):  # a rollback freed its number, which is this row's now
        session.expunge(gone)
    session.add(row)
    return True


def transact(session: Session, work: Callable[[], _Done]) -> _Done:
    """Do some work and commit it; where the engine made it give way to another, do it again from the start.

    Who waits for a unique key and who waits for a row may wait for each other, whatever order is kept.
    PostgreSQL then ends one of them, of which nothing has happened, and asks its client to try again
    (manual, 13.3.4 Deadlocks and 13.5 Serialization Failure Handling). Work that has committed a part
    of itself is not done again.

    Args:
        session: that the work uses.
        work: what is to be done.

    Returns:
        What the work returned.

    Raises:
        OperationalError: it gave way several times.
    """
    tries, commits = 0, session.info.get("commits", 0)
    while True:
        try:
            done = work()
            session.commit()
        except OperationalError as error:
            tries += 1
            gave_way = getattr(error.orig, "sqlstate", None) in _GAVE_WAY
            if not gave_way or tries == _TRIES or session.info.get("commits", 0) != commits:
                raise
            session.rollback()
        else:
            return done


@event.listens_for(Session, "after_commit")
def _count_commit(session: Session) -> None:
    session.info["commits"] = session.info.get("commits", 0) + 1


def load_models() -> MetaData:
    """Import the tables of every domain (a domain has them in `models.py`).

    Returns:
        The metadata with all tables registered.
    """
    package = Path(__file__).parent
    for path in sorted(package.glob("*/models.py")):
        import_module(f"{__package__}.{path.parent.name}.models")
    return Base.metadata


def engine_options(url: str, *, pool_size: int) -> dict[str, Any]:
    """Describe the engine for a database, making the folder of a SQLite file.

    Args:
        url: A SQLAlchemy address; a relative SQLite path is taken from the working directory.
        pool_size: Connections to keep: as many as threads may want at once.

    Returns:
        Keyword arguments of `sqlalchemy.create_engine`, `url` included.
    """
    address = make_url(url)
    options: dict[str, Any] = {
        "pool_size": pool_size,
        "max_overflow": 2,
        "hide_parameters": True,  # statements in logs and errors carry no citizen's words
    }
    if address.get_backend_name() == "sqlite":
        path = Path(str(address.database)).absolute()
        path.parent.mkdir(parents=True, exist_ok=True)
        return options | {"url": address.set(database=str(path))}
    return options | {"url": address, "pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}


def prepare(engine: Engine) -> Engine:
    """Attach what SQLite needs on each connection and at the start of each transaction.

    PostgreSQL quotes the row in its errors: that is taken out, for errors are logged.
    """
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _on_connect)
        event.listen(engine, "begin", partial(_on_begin, Writers()))
    else:
        event.listen(engine, "handle_error", _tell_no_row)
    return engine


def create_engine(url: str) -> Engine:
    """Make an engine outside the web application, for migrations and tests."""
    return prepare(sqlalchemy_create_engine(**engine_options(url, pool_size=2)))


def _tell_no_row(context: ExceptionContext) -> None:
    """Leave of an error what comes before its DETAIL."""
    for error in (context.original_exception, context.sqlalchemy_exception):
        if error is not None:
            error.args = tuple(_DETAIL.sub("", part) if isinstance(part, str) else part for part in error.args)


def _on_connect(connection: DBAPIConnection, _record: object) -> None:
    connection.isolation_level = None  # the driver begins nothing by itself: _on_begin does
    cursor = connection.cursor()
    be_patient(connection)
    cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")  # what was promised is on the disk
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.close()


def _on_begin(writers: Writers, connection: Any) -> None:
    if connection.get_execution_options().get("sqlite_begin") == "DEFERRED":
        connection.exec_driver_sql("BEGIN DEFERRED")
    else:
        writers.begin(connection)
