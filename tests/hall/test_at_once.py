"""Many clerks call at the same moment: nobody is called twice, and nobody is passed over."""

import threading
from itertools import pairwise

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.hall import calling, queues, service
from miniapp_api.hall.models import Ticket, TicketEvent
from miniapp_api.sites.service import Counter
from miniapp_api.staff.service import StaffMember
from tests.hall import halls
from tests.hall.conftest import CLERKS
from tests.hall.halls import after
from tests.hall.test_numbers import at_once

WAITING = 40


@pytest.fixture
def staffed(engine):
    """A queue where many wait, with a counter and a clerk for each thread."""
    with Session(engine) as session:
        hall = halls.build(session, CLERKS)
        for minute in range(WAITING):
            halls.walk_in(session, hall.pools[0], after(minute), visitor_id=halls.visitor(session).id)
        seats = [(counter.id, halls.staffed(session, counter).public_id) for counter in hall.counters[0]]
        session.commit()
        return hall.pools[0].id, seats


def call_all(engine, staffed):
    """Let all clerks call and serve until nobody waits; gives who was called, in the order of the events."""
    seats = staffed[1]

    def work(session, number):
        counter_id, public_id = seats[number]
        clerk = StaffMember(public_id=public_id)
        counter = session.get_one(Counter, counter_id)
        session.commit()
        while ticket := service.call_next(session, counter, clerk, after(WAITING)):
            session.commit()
            service.finish(session, ticket, clerk, after(WAITING + 1))
            session.commit()

    at_once(engine, work)
    with Session(engine) as session:
        wanted = select(TicketEvent.ticket_id).filter_by(what="called").order_by(TicketEvent.id)
        return session.scalars(wanted).all()


def test_everybody_is_called_once_and_in_order(engine, staffed):
    called = call_all(engine, staffed)
    assert len(called) == WAITING
    assert all(one < other for one, other in pairwise(called))


def test_a_clerk_who_taps_twice_at_once_calls_one(engine, fresh, staffed):
    counter_id, public_id = staffed[1][0]

    def tap(session, _number):
        clerk = StaffMember(public_id=public_id)
        try:
            service.call_next(session, session.get_one(Counter, counter_id), clerk, after(WAITING))
        except Problem as refused:
            session.rollback()
            return refused.kind
        session.commit()
        return "called"

    assert sorted(at_once(engine, tap)) == ["called"] + ["counter_busy"] * (CLERKS - 1)
    assert len(fresh.scalars(select(Ticket).filter_by(state="called")).all()) == 1


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_guard_alone_calls_nobody_twice(engine, staffed, monkeypatch):
    """Also where two have the queue to themselves, such as by a lock that was forgotten."""
    monkeypatch.setattr(queues, "hold", lambda *_: None)
    monkeypatch.setattr(calling.places, "announce", lambda *_: None)
    called = call_all(engine, staffed)
    assert sorted(called) == sorted(set(called))
    assert len(called) == WAITING


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_who_looks_first_and_calls_then_calls_somebody_twice(engine, staffed, monkeypatch):
    """A negative control: the way of most systems, in the same harness."""
    looked = threading.Barrier(CLERKS)

    def look_then_call(session, counter, now):
        waiting = select(Ticket).filter_by(pool_id=counter.pool_id, state="waiting").order_by(Ticket.rank_at)
        ticket = session.scalar(waiting.limit(1))
        if ticket is None:
            return None
        if ticket.number == 1:
            looked.wait()
        changed = {"state": "called", "counter_id": counter.id, "calls": 1, "called_at": now}
        session.execute(update(Ticket).where(Ticket.id == ticket.id).values(changed))
        return ticket

    monkeypatch.setattr(queues, "hold", lambda *_: None)
    monkeypatch.setattr(calling.places, "announce", lambda *_: None)
    monkeypatch.setattr(calling, "_take", look_then_call)
    called = []

    def work(session, number):
        counter_id, public_id = staffed[1][number]
        clerk = StaffMember(public_id=public_id)
        called.append(service.call_next(session, session.get_one(Counter, counter_id), clerk, after(WAITING)).number)
        session.commit()

    at_once(engine, work)
    assert called == [1] * CLERKS
