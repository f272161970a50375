"""What is given up goes to whoever has waited longest for it, before anybody else sees it."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, waiting
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, Slot, SlotReturn, Waiting
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.people.models import Person
from tests.appointments.world import MONDAY, NOW, act_at, at_once, book, later, request, subject

TUESDAY = MONDAY + timedelta(days=1)


def person(visitor_id, who):
    """A person with a telephone."""
    row = Person(
        visitor_id=visitor_id,
        relation="other",
        subject_key=subject(who).key,
        sealed="",
        name_mask="王**",
        number_tail="0000",
        born=date(1990, 1, 1),
    )
    db.session.add(row)
    db.session.flush()
    return row.id


@pytest.fixture
def wait(session, city):
    """Let somebody wait, by default for Tuesday morning anywhere."""

    def enter(who, *, now=NOW, **wish):
        chosen = {"locality": "shiyan", "service": "licence", "site": None, "first_day": TUESDAY, "last_day": TUESDAY}
        visitor_id = city.visitors[who % 2]
        entry = Waiting(
            visitor_id=visitor_id,
            person_id=person(visitor_id, who),
            subject_key=subject(who).key,
            **chosen | {"first": 540, "last": 600} | wish,
        )
        entered = waiting.enter(act_at(now), entry)
        db.session.commit()
        return entered

    return enter


def full(pool, day=TUESDAY):
    """Fill the morning of a pool with one place; gives the bookings by time."""
    return [book(pool, day, start, who=1000 * pool + start).id for start in (540, 555, 570, 585)]


def cancel(booking_id, now=NOW):
    changing.cancel(act_at(now), db.session.get_one(Booking, booking_id))
    db.session.commit()


def offered(entry):
    db.session.refresh(entry)
    return db.session.get(Booking, entry.booking_id) if entry.state == "offered" else None


def test_the_first_who_waits_is_offered_exactly_what_was_given_up(session, city, wait):
    rows = full(city.pools[3])
    first, second = wait(1), wait(2)
    assert [waiting.ahead_of(session, entry) for entry in (first, second)] == [0, 1]
    cancel(rows[2])
    held = offered(first)
    assert (held.status, held.channel, held.start, held.pool_id) == ("held", "waiting", 570, city.pools[3])
    assert held.hold_until == later(NOW, 30)
    assert offered(second) is None
    assert session.scalar(select(SlotReturn.id)) is None  # nothing cools down, nobody else sees it
    told = session.scalars(select(OutboxMessage).filter_by(topic="appointment.offered")).one()
    assert (told.visitor_id, told.not_after) == (first.visitor_id, later(NOW, 30))
    assert "30 分钟内" in told.text


@pytest.mark.parametrize(
    "wish",
    [
        {"service": "tax"},
        {"site": "center"},
        {"first_day": MONDAY, "last_day": MONDAY},
        {"first": 571},
        {"last": 570},
        {"locality": "jinan"},
    ],
)
def test_whoever_waits_for_something_else_is_not_asked(session, city, wait, wish):
    rows = full(city.pools[3])
    other, fits = wait(1, **wish), wait(2, site="branch")
    cancel(rows[2])
    assert offered(other) is None
    assert offered(fits)


def test_whoever_cannot_have_it_is_passed_over(session, city, wait):
    rows = full(city.pools[3])
    has_that_day, fits = wait(1), wait(2)
    book(city.pools[0], TUESDAY, "09:00", who=1, what="tax")
    cancel(rows[0])
    assert offered(has_that_day) is None
    assert offered(fits)


def test_if_nobody_waits_the_place_cools_down_for_ten_to_forty_minutes_each_for_its_own(session, city):
    rows = full(city.pools[3])
    for row in rows[:3]:
        cancel(row)
    due = session.scalars(select(SlotReturn.due_at)).all()
    assert all(later(NOW, 10) <= moment <= later(NOW, 40) for moment in due)
    assert len(set(due)) == 3
    with pytest.raises(Problem, match="约满"):
        making.book(act_at(later(min(due), -0.01)), request(city.pools[3], TUESDAY, "09:00", who=1))
    session.rollback()
    for start in (540, 555, 570):
        book(city.pools[3], TUESDAY, start, who=start, now=max(due))  # no sweep is needed


def test_what_cools_down_is_not_made_up_for_by_places_kept_for_staff(session, city):
    """Of two places one is for citizens until shortly before; the other does not open because the first cools down."""
    cancel(book(city.pools[0], TUESDAY, "09:00", who=1).id)
    with pytest.raises(Problem, match="约满"):
        making.book(act_at(), request(city.pools[0], TUESDAY, "09:00", who=2))
    session.rollback()
    book(city.pools[0], TUESDAY, "09:00", who=3, online=False, channel="desk")


def test_what_is_given_up_shortly_before_is_free_at_once(session, city):
    row = book(city.pools[3], MONDAY, "09:00", who=1)
    cancel(row.id)
    assert session.scalar(select(SlotReturn.id)) is None
    book(city.pools[3], MONDAY, "09:00", who=2)


def test_moving_does_not_pass_a_place_on_either(session, city):
    row = book(city.pools[3], TUESDAY, "09:00", who=1)
    changing.reschedule(act_at(), row, request(city.pools[3], TUESDAY, "09:30", who=1).place)
    session.commit()
    with pytest.raises(Problem, match="约满"):
        making.book(act_at(), request(city.pools[3], TUESDAY, "09:00", who=2))
    session.rollback()


def test_an_offer_that_nobody_answers_goes_to_the_next_and_back_to_the_first_after_all_others(session, city, wait):
    rows, _ = full(city.pools[3]), full(city.pools[2])
    first, second = wait(1, site="branch"), wait(2, site="branch")
    cancel(rows[0])
    now = NOW
    for entry in (first, second, first, second, first, second):
        assert offered(entry), now
        now = later(now, 30)
        sweep(now)
    for entry in (first, second):
        session.refresh(entry)
        assert (entry.state, entry.offers) == ("ended", 3)


def sweep(now):
    """What the task does."""
    making.end_holds(act_at(now, SYSTEM))
    db.session.commit()
    waiting.settle(act_at(now, SYSTEM))
    db.session.commit()
    served = [waiting.serve(act_at(now, SYSTEM), id_) for id_ in waiting.queue(act_at(now, SYSTEM))]
    db.session.commit()
    return served


def test_an_offer_that_is_confirmed_ends_the_waiting_and_its_message(session, city, wait):
    rows = full(city.pools[3])
    entry = wait(1)
    cancel(rows[0])
    making.confirm(act_at(later(NOW, 29)), offered(entry))
    session.commit()
    sweep(later(NOW, 40))
    session.refresh(entry)
    assert entry.state == "booked"
    assert session.scalars(select(OutboxMessage.state).filter_by(topic="appointment.offered")).all() == ["withdrawn"]


def test_an_offer_that_is_declined_goes_on_at_once_and_its_message_is_taken_back(session, city, wait):
    rows = full(city.pools[3])
    first, second = wait(1), wait(2)
    cancel(rows[0])
    cancel(offered(first).id)
    assert offered(second)
    told = select(OutboxMessage.state).filter_by(topic="appointment.offered").order_by(OutboxMessage.id)
    assert session.scalars(told).all() == ["withdrawn", "waiting"]


def test_more_places_are_offered_by_the_sweep_the_earliest_first(session, city, wait):
    full(city.pools[3]), full(city.pools[2])
    entry = wait(1, site="branch", last_day=date(2026, 9, 9))
    [held] = sweep(NOW)
    assert (held.day, held.start) == (date(2026, 9, 9), 540)
    session.refresh(entry)
    assert entry.booking_id == held.id


def test_nobody_who_cannot_be_served_keeps_those_behind_from_being_asked(session, city, wait):
    """However many wait in vain."""
    full(city.pools[3]), full(city.pools[2])
    for who in range(10, 40):
        wait(who, site="branch")
    reachable = wait(1, site="center")
    assert waiting.queue(act_at(), most=5) == [reachable.id]


def test_an_hour_before_nobody_is_asked_any_more(session, city, wait):
    row = book(city.pools[3], MONDAY, "09:00", who=50)
    entry = wait(1, first_day=MONDAY)
    cancel(row.id, later(NOW, 0))
    assert offered(entry) is None
    later_row = book(city.pools[3], MONDAY, "09:15", who=51)
    cancel(later_row.id)
    assert offered(entry)


def test_two_wishes_at_a_time_and_the_same_again_is_the_same(session, city, wait):
    one = wait(1)
    assert wait(1).id == one.id
    wait(1, service="tax")
    with pytest.raises(Problem) as refused:
        wait(1, service="permit")
    assert (refused.value.code, refused.value.kind) == (409, "waiting_enough")
    session.rollback()
    with pytest.raises(Problem) as refused:
        wait(2, first_day=date(2026, 9, 1), last_day=date(2026, 9, 6))
    assert refused.value.code == 422
    session.rollback()


def test_whose_days_are_past_waits_no_more(session, city, wait):
    entry = wait(1)
    sweep(later(NOW, 2 * 24 * 60))
    session.refresh(entry)
    assert entry.state == "ended"


def test_cancelling_while_the_one_who_waits_books_elsewhere_makes_no_second_booking(app, session, city, wait):
    for day, start in ((TUESDAY, "09:00"), (TUESDAY, "09:15")):
        row = book(city.pools[3], day, start, who=50).id
        wait(1)
        results = at_once(
            app,
            lambda _s, row=row: changing.cancel(act_at(), db.session.get_one(Booking, row)),
            lambda _s, start=start: making.book(act_at(), request(city.pools[3], TUESDAY, start, who=1)),
            lambda _s: making.book(act_at(), request(city.pools[0], TUESDAY, "09:30", who=1)),
        )
        assert all(not isinstance(each, Exception) or isinstance(each, Problem) for each in results)
        mine = select(Booking).where(Booking.subject_key == subject(1).key, Booking.status.in_(("held", "confirmed")))
        for live in session.scalars(mine).all():
            changing.cancel(act_at(actor=SYSTEM), live)
        session.query(Waiting).update({"state": "ended"})
        session.commit()
    assert session.scalar(select(Slot.id).where(Slot.used_total > Slot.cap_total)) is None
