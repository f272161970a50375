"""A claim is a few statements, and what it leaves out was not needed."""

import re

import pytest
from sqlalchemy import event, func, select, update
from sqlalchemy.exc import OperationalError

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import claiming
from miniapp_api.appointments.booking import Subject
from miniapp_api.appointments.claiming import NotFreeError
from miniapp_api.appointments.looking import look
from miniapp_api.appointments.models import Booking, Slot, SlotReturn
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool
from tests.appointments.world import MONDAY, NOW, act_at, book, later, request


@pytest.fixture
def statements(session):
    """Note every statement that reaches the database."""
    noted = []

    def note(_connection, _cursor, statement, *_rest):
        noted.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield noted
    event.remove(db.engine, "before_cursor_execute", note)


def a_visit(city, start="09:00", **more):
    return request(city.pools[0], MONDAY, start, visitor_id=city.visitors[0], **more)


def what_is_there(city, start="09:00", what="licence", who=1):
    wanted = a_visit(city, start, what=what, who=who)
    return wanted, look(db.session, wanted.place, wanted.subject.key, NOW)


def test_a_confirmed_booking_is_one_look_and_six_statements_that_write(session, city, statements):
    wanted = a_visit(city)
    assert wanted.pool.site.name  # the caller has found it
    session.commit()
    statements.clear()
    making.book(act_at(), wanted)
    session.commit()
    look_, *written = [each for each in statements if not each.startswith("BEGIN")]
    assert look_.startswith("SELECT slots.id")
    tables = [re.match(r"(?:INSERT INTO|UPDATE) (\w+)", each)[1] for each in written]
    assert tables == ["signed_codes", "bookings", "slots", "booking_slots", "booking_events", "outbox_messages"]


@pytest.mark.parametrize("what", ["licence", "permit"])
def test_a_slot_that_became_one_of_another_session_after_the_look_is_not_taken(session, city, what):
    wanted, ground = what_is_there(city, what=what)
    last = ground.slots[-1]
    session.execute(update(Slot).where(Slot.id == last).values(session="special"))
    booking = making._make(act_at(), wanted, ground)
    booking.status = "confirmed"
    claiming.insert_booking(session, booking)
    with pytest.raises(NotFreeError):
        claiming.occupy(session, booking, ground, NOW)
    session.rollback()


def test_the_look_tells_what_is_over_and_in_the_way(session, city):
    assert what_is_there(city)[1].overdue is False
    held = making.hold(act_at(later(NOW, -20)), a_visit(city, who=7), minutes=5)
    slot = session.scalar(select(Slot.id).filter_by(pool_id=held.pool_id, day=MONDAY, start=555))
    session.execute(update(Slot).where(Slot.id == slot).values(cooling=1))
    session.add(SlotReturn(slot_id=slot, due_at=later(NOW, -1)))
    session.flush()
    seen = {start: what_is_there(city, start)[1] for start in ("09:00", "09:15")}
    assert {start: (each.overdue, each.cooled) for start, each in seen.items()} == {
        "09:00": (True, False),  # of the pool that day
        "09:15": (True, True),
    }
    elsewhere = request(city.pools[2], MONDAY, "09:00", who=7)
    assert look(session, elsewhere.place, elsewhere.subject.key, NOW).overdue  # of the person
    assert not look(session, elsewhere.place, "somebody else", NOW).overdue
    assert look(session, request(city.pools[0], MONDAY, "09:05").place, "k", NOW) is None
    session.rollback()


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_from_the_look_on_nobody_can_close_the_pool(session, city):
    session.commit()
    others = select(Pool.id).where(Pool.id == city.pools[0]).with_for_update(nowait=True)
    with db.engine.connect() as other:
        other.execute(others)
        other.rollback()
        what_is_there(city)
        with pytest.raises(OperationalError, match="could not obtain lock"):
            other.execute(others)
    session.rollback()


def test_characters_that_were_drawn_before_are_drawn_anew_and_nobody_is_told_they_have_booked(
    session, city, monkeypatch
):
    first = book(city.pools[0], MONDAY, "09:00", who=1).code
    drawn = iter(first + first + "ABCDEFGH")
    monkeypatch.setattr("miniapp_api.appointments.models.secrets.choice", lambda _alphabet: next(drawn))
    assert book(city.pools[0], MONDAY, "09:00", who=2).code == "ABCDEFGH"


def test_a_booking_in_the_way_that_is_gone_when_it_is_looked_for_is_not_told_from(session, city, monkeypatch):
    book(city.pools[0], MONDAY, "09:00", who=1)
    monkeypatch.setattr(claiming, "rival", lambda *_given, **_named: None)
    with pytest.raises(Problem) as refused:
        book(city.pools[0], MONDAY, "09:15", who=1)
    assert refused.value.kind == "booked_already"
    session.rollback()


@pytest.mark.parametrize("gone", ["visitor", "person"])
def test_who_was_forgotten_at_that_very_moment_gets_no_booking_and_is_told_to_choose_anew(session, city, gone):
    who = {"visitor_id": 10**6} if gone == "visitor" else {"who": Subject("f" * 64, "王**", person_id=10**6)}
    with pytest.raises(Problem) as refused:
        making.book(act_at(), request(city.pools[0], MONDAY, "09:00", **who))
    assert (refused.value.code, refused.value.kind) == (409, "gone_meanwhile")
    session.rollback()


def test_the_number_of_a_booking_that_was_rolled_back_may_be_given_again(session, city):
    with pytest.raises(ZeroDivisionError), session.begin_nested():
        gone = making.book(act_at(), a_visit(city, who=1))
        raise ZeroDivisionError
    there = making.book(act_at(), a_visit(city, "09:15", who=2))
    session.commit()
    assert gone is not there
    assert session.scalars(select(Booking)).all() == [there]
    assert (there.start, session.scalar(select(func.sum(Slot.used_total)))) == (555, 1)
