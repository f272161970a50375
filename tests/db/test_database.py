"""The two engines behave alike."""

import threading
import time
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import create_engine as bare_engine
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError, InternalError, SQLAlchemyError, StatementError
from sqlalchemy.orm import Session

from miniapp_api.accounts.models import Visitor
from miniapp_api.accounts.service import public
from miniapp_api.chat.models import ChatMessage
from miniapp_api.database import READ_ONLY, create_engine, engine_options
from miniapp_api.extensions import db
from miniapp_api.sqlite_writers import PATIENCE_MS


@pytest.fixture
def engine(database_url):
    engine = create_engine(database_url)
    yield engine
    engine.dispose()


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine):
    there = datetime(2026, 11, 22, 8, 30, 1, 123456, timezone(timedelta(hours=8)))
    with Session(engine) as session:
        session.add(Visitor(locality="shiyan", created_at=there, revoked_at=None))
        session.commit()
    with Session(engine) as session:
        visitor = session.query(Visitor).filter(Visitor.created_at == there).one()
        assert (visitor.created_at, visitor.created_at.tzinfo) == (there, UTC)
        assert visitor.revoked_at is None


def test_a_moment_without_a_zone_is_refused(engine):
    with Session(engine) as session, pytest.raises(StatementError, match="time zone"):
        session.add(Visitor(locality="shiyan", created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point
        session.flush()


def test_foreign_keys_and_checks_are_enforced(engine):
    with Session(engine) as session, pytest.raises(IntegrityError):
        session.add(ChatMessage(visitor_id=404, channel="web", turn_id="t", sender="bot", text="x"))
        session.flush()
    with Session(engine) as session, pytest.raises(IntegrityError):
        visitor = Visitor(locality="shiyan")
        session.add(visitor)
        session.flush()
        session.add(ChatMessage(visitor_id=visitor.id, channel="web", turn_id="t", sender="spy", text="x"))
        session.flush()


def test_a_deleted_visitor_takes_their_messages_along(engine):
    with Session(engine) as session:
        visitor = Visitor(locality="shiyan")
        session.add(visitor)
        session.flush()
        session.add(ChatMessage(visitor_id=visitor.id, channel="web", turn_id="t", sender="bot", text="x"))
        session.commit()
        session.delete(visitor)
        session.commit()
        assert session.query(ChatMessage).count() == 0


def increments(engine, tries, threads):
    """Let threads read a number and write it back one higher; return the number and the errors."""
    table = Visitor.__table__
    failures = []
    start = threading.Barrier(threads)

    def work():
        start.wait()
        for _ in range(tries):
            try:
                with engine.begin() as connection:
                    now = int(connection.scalar(select(table.c.locality).with_for_update()))
                    connection.execute(update(table).values(locality=str(now + 1)))
            except SQLAlchemyError as error:
                failures.append(repr(error))

    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    with engine.connect() as connection:
        return int(connection.scalar(select(table.c.locality))), failures


def test_writers_wait_for_one_another_and_lose_nothing(engine):
    with Session(engine) as session:
        session.add(Visitor(locality="0"))
        session.commit()
    assert increments(engine, tries=25, threads=4) == (100, [])


def test_without_the_immediate_begin_writers_on_sqlite_do_lose(tmp_path):
    """A negative control: this shows that the test above can fail."""
    engine = bare_engine(f"sqlite:///{tmp_path}/bare.sqlite3", connect_args={"timeout": 0.05})
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE visitors (locality TEXT)"))
        connection.execute(text("INSERT INTO visitors VALUES ('0')"))
    number, _ = increments(engine, tries=50, threads=4)
    engine.dispose()
    assert number < 200


def test_a_reader_does_not_wait_for_a_writer(engine):
    reading = engine.execution_options(**READ_ONLY)
    with engine.begin() as writer:
        writer.execute(text("INSERT INTO visitors (public_id, locality, created_at) VALUES ('x', 'y', '2026-01-01')"))
        with reading.connect() as reader:
            assert reader.execute(text("SELECT count(*) FROM visitors")).scalar() == 0


def test_a_get_that_writes_is_a_mistake_that_postgresql_shows(app, client, database_url):
    @app.get("/writes")
    @public
    def write():
        db.session.add(Visitor(locality="shiyan"))
        return {}

    if database_url.startswith("sqlite"):
        assert client.get("/writes").status_code == 200
    else:
        with pytest.raises(InternalError, match="read-only transaction"):
            client.get("/writes")


def test_a_view_that_returns_is_committed_and_one_that_raises_is_not(app, client):
    @app.post("/writes/<int:fail>")
    @public
    def write(fail):
        db.session.add(Visitor(locality=f"{fail}"))
        db.session.flush()
        if fail:
            raise RuntimeError
        return {}

    assert client.post("/writes/0").status_code == 200
    with pytest.raises(RuntimeError):
        client.post("/writes/1")
    with app.app_context():
        assert [visitor.locality for visitor in db.session.query(Visitor)] == ["0"]


def test_a_commit_that_fails_is_no_success(app, client):
    @app.post("/twice")
    @public
    def write():
        db.session.add_all([Visitor(locality="x", public_id="same"), Visitor(locality="y", public_id="same")])
        return {"promised": True}

    app.testing = False
    assert client.post("/twice").status_code == 500


def test_the_folder_of_a_sqlite_file_is_made_and_its_path_is_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    options = engine_options("sqlite:///var/deep/daoban.sqlite3", pool_size=1)
    assert options["url"].database == str(tmp_path / "var/deep/daoban.sqlite3")
    assert (tmp_path / "var/deep").is_dir()


def test_a_visitor_reads_while_somebody_writes(visitor, engine):
    """Looking up the caller is a read too: else a reader would wait for writers, and hold two connections."""
    with engine.begin() as writing:
        writing.execute(text("SELECT 1"))
        started = time.monotonic()
        assert visitor.get("/api/v1/chat/messages").status_code == 200
    assert time.monotonic() - started < PATIENCE_MS / 2000
