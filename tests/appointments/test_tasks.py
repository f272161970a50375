"""What is done without anybody asking, as the worker does it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, service, tasks, waiting
from miniapp_api.appointments.models import Booking, SessionRun, Slot, SlotReturn, Waiting
from miniapp_api.extensions import db
from tests.appointments.test_waiting import person
from tests.appointments.world import MONDAY, NOW, act_at, book, decide, later, moment, request, subject

TUESDAY = MONDAY + timedelta(days=1)


@pytest.fixture
def at(monkeypatch):
    """Let the tasks run at a moment."""

    def run(task, now):
        monkeypatch.setattr(service, "now_in_china", lambda: now)
        db.session.rollback()
        task.run()  # here, not in the context of whichever application made the newest queue

    return run


def status(booking_id):
    return db.session.get_one(Booking, booking_id, populate_existing=True).status


def test_the_sweep_ends_holds_and_cooling_and_offers_what_became_free(session, city, at):
    held = making.hold(act_at(), request(city.pools[3], TUESDAY, "09:00", who=1)).id
    gone = book(city.pools[3], TUESDAY, "09:15", who=2).id
    changing.cancel(act_at(), session.get_one(Booking, gone))
    entry = Waiting(
        visitor_id=city.visitors[0],
        person_id=person(city.visitors[0], 3),
        subject_key=subject(3).key,
        locality="shiyan",
        service="licence",
        site="branch",
        first_day=TUESDAY,
        last_day=TUESDAY,
        first=540,
        last=570,
    )
    waiting.enter(act_at(), entry)
    decide(city.pools[2], "close", TUESDAY)
    session.commit()
    at(tasks.sweep, later(NOW, 9))
    assert (status(held), entry.state) == ("held", "waiting")
    at(tasks.sweep, later(NOW, 10))
    assert status(held) == "expired"
    assert (entry.state, session.get_one(Booking, entry.booking_id).start) == ("offered", 540)
    at(tasks.sweep, later(NOW, 41))
    assert session.scalar(select(func.count()).select_from(SlotReturn)) == 0
    assert session.get_one(Booking, entry.booking_id).start in (540, 555)  # the first offer ran out, there is another


def test_settling_marks_who_did_not_come_and_decides_every_session(session, city, at):
    late = book(city.pools[0], MONDAY, "09:00").id
    at(tasks.settle, moment(clock="11:00"))
    assert status(late) == "missed"
    assert session.scalar(select(func.count()).select_from(SessionRun)) == 2
    at(tasks.settle, moment(date(2026, 9, 11), "16:00"))
    runs = session.execute(select(SessionRun.session, func.count()).group_by(SessionRun.session)).all()
    assert dict(map(tuple, runs)) == {"lunch": 4, "weekend": 6}  # Monday and Friday; Saturday, and the center on Sunday
    at(tasks.settle, moment(date(2026, 9, 11), "16:05"))


def test_slots_are_made_for_every_pool_that_takes_bookings(session, city, at):
    at(tasks.generate, moment(TUESDAY))
    last = session.execute(select(Slot.pool_id, func.max(Slot.day)).group_by(Slot.pool_id).order_by(Slot.pool_id))
    assert [tuple(row) for row in last] == [(pool, TUESDAY + timedelta(days=14)) for pool in city.pools]
