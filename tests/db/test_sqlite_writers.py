"""Waiting for SQLite's one writer: as long as it takes, but not for ever; who goes on is as patient as before."""

import sqlite3
import threading

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from miniapp_api import sqlite_writers
from miniapp_api.database import create_engine

WRITERS = 8
EACH = 25
USUAL = sqlite_writers.PATIENCE_MS


@pytest.fixture
def engine(tmp_path):
    engine = create_engine(f"sqlite:///{tmp_path}/writers.sqlite3")
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE counter (n INTEGER)"))
        connection.execute(text("INSERT INTO counter VALUES (0)"))
    yield engine
    engine.dispose()


@pytest.fixture
def another(engine):
    """Give a connection that SQLAlchemy knows nothing of."""
    connection = sqlite3.connect(engine.url.database, isolation_level=None)
    yield connection
    connection.close()


def patience(connection):
    return connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one()


def count_up(engine):
    for _ in range(EACH):
        with engine.begin() as connection:
            n = connection.execute(text("SELECT n FROM counter")).scalar_one()
            connection.execute(text("UPDATE counter SET n = :n"), {"n": n + 1})


def test_writers_of_two_engines_follow_one_another(engine):
    """Each engine has a line of its own, as each process has."""
    others = create_engine(str(engine.url))
    crowd = [threading.Thread(target=count_up, args=(each,)) for each in (engine, others) for _ in range(WRITERS // 2)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    with engine.begin() as connection:
        assert connection.execute(text("SELECT n FROM counter")).scalar_one() == WRITERS * EACH
    others.dispose()


def test_who_waits_goes_on_when_the_other_is_done(engine, another):
    another.execute("BEGIN IMMEDIATE")
    another.execute("UPDATE counter SET n = 7")
    waiting = threading.Thread(target=count_up, args=(engine,))
    waiting.start()
    waiting.join(0.1)
    assert waiting.is_alive()
    another.execute("COMMIT")
    waiting.join()
    assert another.execute("SELECT n FROM counter").fetchone() == (7 + EACH,)


def test_nobody_waits_for_ever_and_the_next_one_is_let_in(engine, another, monkeypatch):
    monkeypatch.setattr(sqlite_writers, "PATIENCE_MS", 50)
    another.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError, match="locked"), engine.begin():
        pass
    another.execute("COMMIT")
    with engine.begin() as connection:
        assert connection.in_transaction()


def test_other_statements_wait_as_sqlite_does(engine, another, monkeypatch):
    monkeypatch.setattr(sqlite_writers, "PATIENCE_MS", 50)
    with engine.begin() as connection:
        assert patience(connection) == USUAL
    another.execute("BEGIN IMMEDIATE")
    with pytest.raises(OperationalError), engine.begin():
        pass
    with engine.connect().execution_options(sqlite_begin="DEFERRED") as reading:
        assert patience(reading) == USUAL
    another.execute("COMMIT")
