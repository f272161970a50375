"""Slots are made again and again; what is booked is kept, or taken back and told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from miniapp_api.appointments import generating, staffing
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, Slot
from miniapp_api.errors import Problem
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.sites.service import Counter, Pool
from tests.appointments.world import MONDAY, NOW, act_at, book, decide, generate, moment

TUESDAY = MONDAY + timedelta(days=1)


def slot(session, pool, day=MONDAY, start=540):
    wanted = select(Slot).filter_by(pool_id=pool, day=day, start=start)
    return session.scalars(wanted, execution_options={"populate_existing": True}).one()


def messages(session, visitor_id):
    wanted = select(OutboxMessage).filter_by(visitor_id=visitor_id).order_by(OutboxMessage.id)
    return session.scalars(wanted, execution_options={"populate_existing": True}).all()


def test_made_twice_nothing_changes(session, city):
    before = session.execute(select(Slot.__table__).order_by(Slot.id)).all()
    report = generate()
    assert (report.created, report.changed, report.closed, report.crowded, report.revoked) == (0, 0, 0, [], [])
    assert session.execute(select(Slot.__table__).order_by(Slot.id)).all() == before


def test_every_day_one_more_day_is_made(session, city):
    last = session.scalar(select(func.max(Slot.day)))
    assert last == MONDAY + timedelta(days=14)
    report = generate(moment(TUESDAY))
    assert report.created == 28  # on Tuesday the 22nd: 10 for each group of the center, 4 for each of the branch
    assert report.changed == 0
    session.commit()


def test_a_counter_less_is_a_place_less_and_whoever_is_too_many_is_reported_and_stays(session, city):
    pool = city.pools[0]
    for who in (1, 2):
        book(pool, MONDAY, "09:00", who=who)
    session.execute(update(Counter).where(Counter.pool_id == pool, Counter.code == "A02").values(active=False))
    report = generate()
    session.commit()
    assert report.crowded == [(pool, MONDAY, 540)]
    assert report.revoked == []
    assert (slot(session, pool).cap_total, slot(session, pool, start=555).cap_total) == (2, 1)
    again = generate()
    assert again.crowded == report.crowded  # it is said until it is settled
    assert slot(session, pool).used_total == 2
    session.commit()


def test_places_that_cool_down_are_not_taken_away_either(session, city):
    pool = city.pools[0]
    session.execute(update(Slot).where(Slot.pool_id == pool, Slot.day == TUESDAY, Slot.start == 540).values(cooling=2))
    report = decide(pool, "cap", TUESDAY, cap_total=1)
    assert report.crowded == [(pool, TUESDAY, 540)]
    assert slot(session, pool, TUESDAY).cap_total == 2
    session.rollback()


def test_closing_takes_bookings_back_and_tells_their_citizens(session, city):
    pool, visitor = city.pools[0], city.visitors[0]
    lost = book(pool, TUESDAY, "09:00", who=1, what="tax", visitor_id=visitor)
    kept = book(pool, TUESDAY, "09:30", who=2, visitor_id=city.visitors[1])
    report = decide(pool, "close", TUESDAY, part=(555, 570))
    session.commit()
    assert (report.closed, report.revoked) == (1, [lost.public_id])
    assert session.get_one(Booking, lost.id).status == "revoked"
    assert session.get_one(Booking, kept.id).status == "confirmed"
    *planned, told = messages(session, visitor)
    assert {message.state for message in planned} == {"withdrawn"}
    assert (told.topic, told.state, told.link) == ("appointment.revoked", "waiting", f"/appointments/{lost.public_id}")
    assert "停电" in told.text
    assert "不会给您记爽约" in told.text
    assert slot(session, pool, TUESDAY).used_total == 0
    assert {message.state for message in messages(session, city.visitors[1])} == {"waiting"}


def test_who_has_checked_in_is_served_though_the_hall_closes_early(session, city):
    row = book(city.pools[0], MONDAY, "09:00", who=1)
    session.execute(update(Booking).values(status="checked_in"))
    report = decide(city.pools[0], "close", MONDAY)
    assert report.revoked == []
    assert session.get_one(Booking, row.id, populate_existing=True).status == "checked_in"
    session.rollback()


def test_what_is_closed_can_be_opened_again_and_what_was_taken_back_stays_so(session, city):
    pool = session.get_one(Pool, city.pools[0])
    row = book(pool.id, TUESDAY, "09:00", who=1)
    decide(pool.id, "close", TUESDAY)
    decision = staffing.decisions(act_at(), pool.site)[0]
    report = staffing.withdraw(act_at(actor=SYSTEM), pool.site, decision.id)
    session.commit()
    assert report.changed == 10
    found = slot(session, pool.id, TUESDAY)
    assert (found.status, found.reason, found.used_total) == ("open", None, 0)
    assert session.get_one(Booking, row.id).status == "revoked"
    book(pool.id, TUESDAY, "09:00", who=1)
    with pytest.raises(Problem, match="已经撤销"):
        staffing.withdraw(act_at(), pool.site, decision.id)
    session.rollback()


def test_a_decision_about_a_hall_is_about_all_its_counters_and_no_other_hall(session, city):
    report = decide(city.pools[0], "close", TUESDAY, whole_site=True)
    assert report.closed == 20
    closed = session.scalars(select(Slot.pool_id).where(Slot.status == "closed").distinct()).all()
    assert set(closed) == set(city.pools[:2])
    session.rollback()


def test_a_time_that_is_no_longer_in_the_schedule_is_closed_and_told(session, city):
    pool = session.get_one(Pool, city.pools[0])
    row = book(pool.id, TUESDAY, "14:00", who=1, visitor_id=city.visitors[0])
    pool.schedule = "branch"
    session.commit()
    report = generate()
    session.commit()
    assert report.revoked == [row.public_id]
    found = slot(session, pool.id, TUESDAY, 840)
    assert (found.status, found.reason) == ("closed", "办理时间有调整")


def test_a_session_that_was_called_off_stays_off_however_often_slots_are_made(session, city):
    pool = session.get_one(Pool, city.pools[0])
    generating.close_session(act_at(actor=SYSTEM), pool, TUESDAY, "lunch")
    session.add(
        generating.SessionRun(pool_id=pool.id, day=TUESDAY, session="lunch", state="off", bookings=0, decided_at=NOW)
    )
    session.commit()
    generate()
    session.commit()
    lunch = slot(session, pool.id, TUESDAY, 720)
    assert (lunch.status, lunch.reason) == ("closed", "预约人数不够，这一场不办")


@pytest.mark.parametrize(
    ("more", "name"),
    [
        ({"action": "close", "day": date(2026, 9, 6)}, "day"),
        ({"action": "open", "day": TUESDAY}, "rule"),
        ({"action": "cap", "day": TUESDAY}, "cap_total"),
    ],
)
def test_a_decision_that_makes_no_sense_is_refused(session, city, more, name):
    with pytest.raises(Problem) as refused:
        decide(city.pools[0], **more)
    assert [param for param, _ in refused.value.invalid_params] == [name]
    session.rollback()
