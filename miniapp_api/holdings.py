"""What personal data there is: each domain registers what it keeps, why, how long and how it goes.

From this one list come the page for citizens, erasure, expiry, and sealing anew under another key.
It imports no domain. The periods are those of `catalogue/retention.yaml`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal, cast

from flask import Flask, current_app
from pydantic import Field
from pydantic.dataclasses import dataclass as schema
from sqlalchemy import CursorResult, Executable
from sqlalchemy.orm import InstrumentedAttribute, Session

from guidance.documents import CatalogueError, Schema
from guidance.documents import Problem as Fault
from guidance.theme import STRICT, Id

FILE = "retention.yaml"

BATCH = 500
"""Rows that one call of `Holding.expire` deals with at most: a transaction is short."""

SIX_MONTHS = 184
"""Days; logs are kept for six months at least (网络安全法第二十三条), and no six months have more."""


@dataclass(frozen=True, slots=True)
class SealedColumn:
    """A column that holds what `vault` sealed.

    Attributes:
        column: the texts or bytes.
        bound_to: the column whose value they are bound to, which never changes; of this table or one it refers to.
        sealed_for: their purpose; by default `table.column`.
    """

    column: InstrumentedAttribute[Any]
    bound_to: InstrumentedAttribute[Any]
    sealed_for: str | None = None

    @property
    def name(self) -> str:
        """Give table and column."""
        return f"{self.column.class_.__tablename__}.{self.column.key}"

    @property
    def purpose(self) -> str:
        """Give what they are sealed for."""
        return self.sealed_for or self.name


@dataclass(frozen=True, slots=True)
class Holding:
    """One kind of personal data that a domain keeps; the texts are for citizens.

    Attributes:
        id: as in `retention.yaml`.
        name: what it is called, such as 聊天记录.
        what: what is in it.
        why: what for.
        basis: on what ground.
        after: from when its period counts, such as 消息发出后.
        gone: what becomes of it when it is erased or expires.
        erase: erases what a visitor has of it, by their `visitors.id`; gives how many rows.
            Raises Problem 409 if something is still going on for which it is needed.
        expire: lets at most `BATCH` rows go whose period is over at a moment; gives how many. It is
            called in a transaction of its own, until it gives 0.
        sealed_columns: those of its columns that hold sealed values.
        least: days that the period has at least, whatever the file says.
    """

    id: str
    name: str
    what: str
    why: str
    basis: str
    after: str
    gone: str
    erase: Callable[[Session, int], int]
    expire: Callable[[Session, datetime], int]
    sealed_columns: tuple[SealedColumn, ...] = ()
    least: int = 1


@schema(frozen=True, slots=True, config=STRICT)
class Period:
    """How long, and why that long."""

    days: Annotated[int, Field(ge=1, le=36_500)]
    why: Annotated[str, Field(min_length=4, max_length=60)]


@schema(frozen=True, slots=True, config=STRICT)
class Retention:
    """The whole file."""

    schema: Literal["daoban/retention/1"]
    holdings: dict[Id, Period]


_SCHEMA: Schema[Retention] = Schema(Retention)


def load(folder: Path) -> Retention:
    """Read the periods of a catalogue.

    Raises:
        CatalogueError: with every fault, in Chinese, by line.
    """
    path = folder / FILE
    if not path.is_file():
        raise CatalogueError([Fault(FILE, 1, "G001", "缺少这个文件")])
    return _SCHEMA.read(path).content


def init_app(app: Flask) -> None:
    """Read the periods, before any domain registers what it keeps.

    Raises:
        CatalogueError: `retention.yaml` is not valid.
    """
    app.extensions["retention"] = load(app.extensions["settings"].catalogue_dir)
    app.extensions["holdings"] = {}


def register(app: Flask, holding: Holding) -> None:
    """Say what personal data a domain keeps. Of two, the one that was registered later goes first.

    Raises:
        CatalogueError: `retention.yaml` gives no period for it, or one that is shorter than may be.
        ValueError: there is one of this id already.
    """
    registered = cast("dict[str, Holding]", app.extensions["holdings"])
    if holding.id in registered:
        raise ValueError(f"two holdings are called {holding.id!r}")
    period = cast(Retention, app.extensions["retention"]).holdings.get(holding.id)
    if period is None:
        raise _fault(f"holdings 里缺少 {holding.id}（{holding.name}）保存多少天")
    if period.days < holding.least:
        raise _fault(f"{holding.id}（{holding.name}）至少要保存 {holding.least} 天")
    registered[holding.id] = holding


def check(app: Flask) -> None:
    """Refuse periods of what nobody keeps; after all domains have registered.

    Raises:
        CatalogueError: there are some.
    """
    unknown = cast(Retention, app.extensions["retention"]).holdings.keys() - app.extensions["holdings"].keys()
    if unknown:
        raise _fault(f"holdings 里有不认识的名称：{'、'.join(sorted(unknown))}")


def registered() -> Sequence[Holding]:
    """Give all holdings, in the order in which they were registered."""
    return tuple(cast("dict[str, Holding]", current_app.extensions["holdings"]).values())


def period_of(id_: str) -> Period:
    """Give the period of a holding."""
    return cast(Retention, current_app.extensions["retention"]).holdings[id_]


def kept(id_: str) -> timedelta:
    """Give how long a holding is kept, for its `expire`."""
    return timedelta(days=period_of(id_).days)


def changed(session: Session, statement: Executable) -> int:
    """Execute a deletion or an update in bulk; gives how many rows it was."""
    done = session.execute(statement, execution_options={"synchronize_session": False})
    return cast("CursorResult[Any]", done).rowcount


def _fault(message: str) -> CatalogueError:
    return CatalogueError([Fault(FILE, 1, "G002", message)])
