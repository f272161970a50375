"""Weekend and lunch sessions take place if enough people come; that is decided once, at the cut-off."""

from datetime import date

import pytest
from sqlalchemy import select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, running
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, SessionRun, Slot
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.outbox.models import OutboxMessage
from tests.appointments.world import MONDAY, act_at, book, generate, later, moment, request

SATURDAY = date(2026, 9, 12)
CUTOFF = moment(date(2026, 9, 11), "16:00")


def decide(now):
    done = {(run.pool_id, run.day, run.session): run.state for run in running.decide(act_at(now, SYSTEM))}
    db.session.commit()
    return done


def test_before_the_cutoff_nothing_is_decided_and_at_it_everything_once(session, city):
    lunch = moment(clock="11:00")
    assert decide(later(lunch, -0.01)) == {}
    assert decide(lunch) == {(pool, MONDAY, "lunch"): "off" for pool in city.pools[:2]}
    assert decide(lunch) == {}


def test_one_booking_makes_lunch_take_place(session, city):
    book(city.pools[0], MONDAY, "12:00")
    assert decide(moment(clock="11:00")) == {
        (city.pools[0], MONDAY, "lunch"): "on",
        (city.pools[1], MONDAY, "lunch"): "off",
    }
    states = select(Slot.status).where(Slot.day == MONDAY, Slot.session == "lunch").order_by(Slot.pool_id)
    assert session.scalars(states).all() == ["open", "open", "closed", "closed"]
    assert [(run.pool_id, run.bookings) for run in running.roster(session, city.pools)] == [(city.pools[0], 1)]


def test_a_weekend_with_too_few_is_called_off_and_those_few_are_told_and_can_book_anew(session, city):
    visitor = city.visitors[0]
    row = book(city.pools[0], SATURDAY, "09:00", visitor_id=visitor)
    for who in (2, 3):
        book(city.pools[1], SATURDAY, "09:00", who=who)
    done = decide(CUTOFF)
    assert {key: state for key, state in done.items() if key[1] == SATURDAY} == {
        (city.pools[0], SATURDAY, "weekend"): "off",  # it needs two
        (city.pools[1], SATURDAY, "weekend"): "on",
        (city.pools[2], SATURDAY, "weekend"): "on",  # the branch needs nobody
        (city.pools[3], SATURDAY, "weekend"): "on",
    }
    assert session.get_one(Booking, row.id).status == "revoked"
    told = session.scalars(select(OutboxMessage).filter_by(topic="appointment.revoked")).one()
    assert "预约人数不够，这一场不办" in told.text
    assert told.visitor_id == visitor
    with pytest.raises(Problem, match="预约人数不够"):
        making.book(act_at(later(CUTOFF, -1)), request(city.pools[0], SATURDAY, "09:00", who=9))
    session.rollback()
    book(city.pools[0], date(2026, 9, 14), "09:00", now=CUTOFF, visitor_id=visitor)


def test_cancellations_do_not_count_and_a_cancellation_after_it_was_decided_changes_nothing(session, city):
    one, two = book(city.pools[0], SATURDAY, "09:00", who=1), book(city.pools[0], SATURDAY, "09:15", who=2)
    assert decide(CUTOFF)[city.pools[0], SATURDAY, "weekend"] == "on"
    changing.cancel(act_at(later(CUTOFF, 1), SYSTEM), one)
    session.commit()
    decide(later(CUTOFF, 2))
    generate(later(CUTOFF, 3))
    session.commit()
    assert session.get_one(Booking, two.id).status == "confirmed"
    run = session.get_one(SessionRun, (city.pools[0], SATURDAY, "weekend"))
    assert (run.state, run.bookings) == ("on", 2)


def test_whoever_is_still_filling_in_the_form_is_waited_for(session, city):
    book(city.pools[0], SATURDAY, "09:00", who=1)
    held = making.hold(act_at(later(CUTOFF, -2)), request(city.pools[0], SATURDAY, "09:15", who=2))
    session.commit()
    key = (city.pools[0], SATURDAY, "weekend")
    assert key not in decide(CUTOFF)
    making.confirm(act_at(later(CUTOFF, 3)), held)
    session.commit()
    assert decide(later(CUTOFF, 4))[key] == "on"
