"""Numbers of a series have no gap and no repeat, whoever takes them and whatever becomes of it."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import create_engine, func, insert, select
from sqlalchemy.orm import Session

from miniapp_api import database
from miniapp_api.numbering import service
from miniapp_api.numbering.models import NumberSeries

CLIENTS = 32
EACH = 4
SERIES = "paper:十行审受字:2026"


@pytest.fixture
def engine(database_url):
    """Open the database, with a connection for each of many clients."""
    engine = database.prepare(create_engine(**database.engine_options(database_url, pool_size=CLIENTS)))
    yield engine
    engine.dispose()


def at_once(engine, act):
    """Let all clients act at the same moment, each in transactions of their own; gives what they got, flat."""
    start = threading.Barrier(CLIENTS)

    def one(client):
        with Session(engine) as session:
            start.wait()
            return act(session, client)

    with ThreadPoolExecutor(CLIENTS) as pool:
        return [number for got in pool.map(one, range(CLIENTS)) for number in got]


def test_a_series_counts_from_one_and_each_by_itself(engine):
    with Session(engine) as session:
        taken = [service.take(session, series) for series in (SERIES, SERIES, "cases:420300", SERIES)]
    assert taken == [1, 2, 1, 3]


def test_a_number_that_is_rolled_back_is_given_again(engine):
    with Session(engine) as session:
        service.take(session, SERIES)
        session.commit()
        assert service.take(session, SERIES) == 2
        session.rollback()
        assert service.take(session, SERIES) == 2


def test_of_many_at_once_none_has_anothers_number_and_none_is_left_out(engine):
    def take(session, client):
        kept = []
        for turn in range(EACH):
            number = service.take(session, SERIES)
            if (client + turn) % 4 == 0:
                session.rollback()
            else:
                session.commit()
                kept.append(number)
        return kept

    assert sorted(at_once(engine, take)) == list(range(1, CLIENTS * EACH * 3 // 4 + 1))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_greatest_plus_one_is_given_to_many(engine):
    """A negative control: the way of most systems, in the same harness."""
    looked = threading.Barrier(CLIENTS)
    with Session(engine) as session:
        session.execute(insert(NumberSeries).values(series=SERIES, last=7))
        session.commit()

    def take(session, _client):
        number = session.scalar(select(func.max(NumberSeries.last))) + 1
        looked.wait()
        return [number]

    assert len(set(at_once(engine, take))) < CLIENTS


@pytest.mark.parametrize("series", ["", "字" * 81])
def test_a_series_needs_a_name_that_fits(engine, series):
    with Session(engine) as session, pytest.raises(ValueError, match="1 to 80"):
        service.take(session, series)
