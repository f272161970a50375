"""Numbers have no gap, and nobody has another's."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.hall import service
from miniapp_api.hall.models import QueueDay, Ticket
from miniapp_api.sites.service import Pool
from tests.hall import halls
from tests.hall.conftest import CLERKS
from tests.hall.halls import NINE, after

EACH = 5


def numbers(session, pool_id):
    return sorted(session.scalars(select(Ticket.number).filter_by(issued_pool_id=pool_id)))


def at_once(engine, act):
    """Let as many as there are clerks act at the same moment, each in a transaction of their own."""
    start = threading.Barrier(CLERKS)

    def one(number):
        with Session(engine) as session:
            start.wait()
            return act(session, number)

    with ThreadPoolExecutor(CLERKS) as pool:
        return list(pool.map(one, range(CLERKS)))


@pytest.fixture
def pool_id(fresh):
    pool_id = halls.build(fresh, 1).pools[0].id
    fresh.commit()
    return pool_id


def test_a_queue_begins_with_its_letter_and_one(session, hall):
    first, second = (halls.walk_in(session, pool) for pool in hall.pools)
    assert [service.label(first), service.label(second)] == ["A001", "B001"]


def test_after_the_letters_come_pairs_of_them(session):
    built = halls.build(session, *[0] * 28)
    assert [service.label(halls.walk_in(session, pool)) for pool in built.pools[25:]] == ["Z001", "AA001", "AB001"]


def test_each_day_begins_anew(session, hall):
    days = [halls.walk_in(session, hall.pools[0], now=NINE + timedelta(days=day)).number for day in (0, 0, 1)]
    assert days == [1, 2, 1]


def test_what_was_rolled_back_leaves_no_gap(session, hall):
    halls.walk_in(session, hall.pools[0])
    session.commit()
    halls.walk_in(session, hall.pools[0])
    session.rollback()
    assert halls.walk_in(session, session.merge(hall.pools[0])).number == 2


def test_of_many_at_once_each_gets_a_number_of_their_own(engine, fresh, pool_id):
    def take(session, _number):
        for _ in range(EACH):
            halls.walk_in(session, session.get_one(Pool, pool_id))
            session.commit()

    at_once(engine, take)
    assert numbers(fresh, pool_id) == list(range(1, CLERKS * EACH + 1))
    assert fresh.scalar(select(QueueDay.last_number).filter_by(pool_id=pool_id)) == CLERKS * EACH


def test_those_who_give_up_in_between_leave_no_gap(engine, fresh, pool_id):
    def take(session, number):
        for turn in range(EACH):
            halls.walk_in(session, session.get_one(Pool, pool_id))
            session.rollback() if (number + turn) % 2 else session.commit()

    at_once(engine, take)
    assert numbers(fresh, pool_id) == list(range(1, CLERKS * EACH // 2 + 1))


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_having_the_queue_to_oneself_a_number_would_be_given_twice(engine, fresh, pool_id):
    """A negative control: numbers that are counted, as in most systems."""
    counted = threading.Barrier(CLERKS)

    def take(session, _number):
        number = session.scalar(select(func.count()).select_from(Ticket).filter_by(issued_pool_id=pool_id)) + 1
        counted.wait()
        return number

    assert len(set(at_once(engine, take))) < CLERKS


def test_of_many_taps_with_one_key_all_get_the_same_ticket(engine, fresh, pool_id):
    def tap(session, _number):
        ticket = halls.walk_in(session, session.get_one(Pool, pool_id), key="one tap")
        session.commit()
        return ticket.public_id

    assert len(set(at_once(engine, tap))) == 1
    assert numbers(fresh, pool_id) == [1]


def test_a_citizen_who_taps_at_many_places_at_once_has_one_number(engine, fresh, pool_id):
    citizen = halls.visitor(fresh).id
    fresh.commit()

    def tap(session, number):
        try:
            halls.walk_in(session, session.get_one(Pool, pool_id), visitor_id=citizen, key=f"tap {number}")
        except Problem as refused:
            session.rollback()
            return refused.kind
        session.commit()
        return "taken"

    assert sorted(at_once(engine, tap)) == ["already_in_line"] * (CLERKS - 1) + ["taken"]
    assert numbers(fresh, pool_id) == [1]


def test_a_second_number_is_refused_with_the_first_and_given_once_that_is_over(session, hall):
    citizen = halls.visitor(session).id
    first = halls.walk_in(session, hall.pools[0], visitor_id=citizen)
    with pytest.raises(Problem, match="A001") as refused:
        halls.walk_in(session, hall.pools[0], visitor_id=citizen)
    assert refused.value.extra == {"ticket": first.public_id, "number": "A001"}
    service.leave(session, first, after(1))
    assert halls.walk_in(session, hall.pools[0], visitor_id=citizen).number == 2
