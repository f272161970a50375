"""However many want the last place, as many get one as there are; and nobody waits in a circle."""

import random
import threading
import time
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, insert, select, update

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, claiming, generating
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, BookingSlot, DayOverride, Slot, SlotReturn
from miniapp_api.database import READ_ONLY
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool
from tests.appointments.world import MONDAY, NOW, act_at, at_once, book, faults, later, moment, request, subject

CROWD = 12


def wants(pool_id, who, start="09:00", what="licence", hold=False, now=NOW):
    """A job: somebody wants a place."""
    do = making.hold if hold else making.book
    return lambda _session: do(act_at(now), request(pool_id, MONDAY, start, who=who, what=what)).id


def kinds(results):
    """What became of the jobs: `ok`, the kind of a refusal, or the name of what must not happen."""
    return [
        "ok" if not isinstance(each, Exception) else each.kind if isinstance(each, Problem) else type(each).__name__
        for each in results
    ]


def live(session):
    return session.scalar(select(func.count()).select_from(Booking).where(Booking.status.in_(("held", "confirmed"))))


# ---------------------------------------------------------------------- the harness sees what goes wrong


def naive(pool_id, who, lock=None):
    """Count, then insert, as booking systems do that are known to oversell."""

    def job(session):
        with lock or threading.Lock():
            with db.engine.execution_options(**READ_ONLY).connect() as reading:
                here = (Slot.pool_id == pool_id, Slot.day == MONDAY, Slot.start == 540)
                slot_id, places = reading.execute(select(Slot.id, Slot.cap_total).where(*here)).one()
                taken = reading.scalar(select(func.count()).where(BookingSlot.slot_id == slot_id))
            free = taken < places
            if free:
                row = a_booking(pool_id, who)
                session.add(row)
                session.flush()
                session.execute(insert(BookingSlot).values(booking_id=row.id, slot_id=slot_id))
        time.sleep(0.02)  # the lock is open, the transaction not yet over
        return free

    return job


def a_booking(pool_id, who):
    return Booking(
        code=f"{who:08d}",
        subject_key=subject(who).key,
        name_mask="王**",
        relation="self",
        service="licence",
        pool_id=pool_id,
        day=MONDAY,
        start=540,
        end=555,
        session="normal",
        policy_key=str(MONDAY),
        channel="mini",
        online=True,
        status="confirmed",
    )


@pytest.fixture
def crowd(app, city):
    """Let many want one place."""
    return lambda job: at_once(app, *(job(city.pools[3], who) for who in range(CROWD)))


def test_count_then_insert_oversells_in_this_harness(app, crowd):
    assert sum(result is True for result in crowd(naive)) > 1
    with app.app_context():
        assert live(db.session) > 1


def test_a_lock_outside_the_database_that_opens_before_the_commit_oversells_too(app, crowd):
    lock = threading.Lock()
    assert sum(result is True for result in crowd(lambda pool, who: naive(pool, who, lock))) > 1


# ---------------------------------------------------------------------- the last place


@pytest.mark.parametrize("hold", [False, True])
def test_of_a_crowd_one_gets_the_last_place_and_the_others_hear_that_it_is_full(session, crowd, hold):
    results = kinds(crowd(lambda pool, who: wants(pool, who, hold=hold)))
    assert sorted(results) == ["full"] * (CROWD - 1) + ["ok"]
    assert live(session) == 1


def test_long_visits_that_overlap_get_all_their_slots_or_none(app, session, city):
    starts = ["09:00", "09:15", "09:30"]
    results = kinds(at_once(app, *(wants(city.pools[0], who, starts[who % 3], "tax") for who in range(CROWD))))
    assert set(results) == {"ok", "full"}
    assert results.count("ok") in (2, 3, 4)  # of four slots with two places each


def test_a_person_who_books_the_same_day_everywhere_at_once_gets_one(app, session, city):
    jobs = [
        wants(pool, 7, start, what)
        for pool in city.pools[:2]
        for start, what in [("09:00", "licence"), ("09:15", "tax"), ("09:30", "licence"), ("14:00", "tax")]
    ]
    assert sorted(kinds(at_once(app, *jobs))) == ["booked_already"] * 7 + ["ok"]


def test_a_person_who_books_the_same_business_for_several_days_at_once_gets_one(app, session, city):
    days = [date(2026, 9, day) for day in (7, 8, 9, 10)]
    jobs = [
        lambda _s, day=day, pool=pool: making.book(act_at(), request(pool, day, 540, who=7))
        for day in days
        for pool in city.pools[:2]
    ]
    assert sorted(kinds(at_once(app, *jobs))) == ["booked_already"] * 7 + ["ok"]


# ---------------------------------------------------------------------- nobody waits in a circle


def moves(booking_id, pool_id, start, now=NOW):
    def job(session):
        row = session.get_one(Booking, booking_id)
        wish = request(pool_id, MONDAY, start, who=making.Subject(row.subject_key, ""), what=row.service)
        return changing.reschedule(act_at(now, SYSTEM), row, wish)

    return job


def test_two_who_want_each_others_long_visit_never_get_in_each_others_way(app, session, city):
    pool = city.pools[0]
    first, second = book(pool, MONDAY, "09:00", who=1, what="tax").id, book(pool, MONDAY, "09:30", who=2, what="tax").id
    there, back = ("09:30", "09:00"), ("09:00", "09:30")
    for round_ in range(8):
        to = there if round_ % 2 == 0 else back
        now = later(NOW, round_)
        assert kinds(at_once(app, moves(first, pool, to[0], now), moves(second, pool, to[1], now))) == ["ok", "ok"]
        session.execute(delete(SlotReturn))
        session.execute(update(Slot).values(cooling=0))
        session.commit()
        assert faults(session) == []


def test_where_there_is_no_room_to_swap_both_keep_what_they_have(app, session, city):
    pool = city.pools[1]
    first, second = book(pool, MONDAY, "09:00", who=1, what="tax").id, book(pool, MONDAY, "09:30", who=2, what="tax").id
    assert kinds(at_once(app, moves(first, pool, "09:30"), moves(second, pool, "09:00"))) == ["full", "full"]
    assert {row.start for row in session.scalars(select(Booking))} == {540, 570}


def closes(pool_id, session_of=None):
    def job(session):
        pool = session.get_one(Pool, pool_id)
        row = DayOverride(
            site_id=pool.site_id, pool_id=pool.id, day=MONDAY, action="close", reason="停电", actor="staff:1"
        )
        session.add(row)
        session.flush()
        return generating.generate(act_at(actor=SYSTEM), pool, MONDAY, MONDAY)

    return job


def cancels(booking_id, now=NOW):
    return lambda session: changing.cancel(act_at(now), session.get_one(Booking, booking_id))


def test_a_day_that_is_closed_while_many_book_cancel_and_move_leaves_nobody_behind(app, session, city):
    pool, other = city.pools[0], city.pools[1]
    there = [book(pool, MONDAY, "09:00", who=1, what="tax").id, book(pool, MONDAY, "09:30", who=2, what="tax").id]
    away = book(other, MONDAY, "09:00", who=3, what="tax").id
    jobs = [cancels(there[0]), moves(there[1], other, "14:00"), moves(away, pool, "09:15"), closes(pool)]
    jobs += [wants(pool, who, "09:15", "permit") for who in range(10, 14)]
    results = at_once(app, *jobs)
    assert set(kinds(results)) <= {"ok", "full", "closed", "not_live"}, results
    taken = select(func.count()).select_from(Booking).where(Booking.pool_id == pool, Booking.status == "confirmed")
    assert session.scalar(taken) == 0


def test_slots_made_by_two_at_once_are_made_once(app, city, session):
    def make(session):
        pool = session.get_one(Pool, city.pools[0])
        return generating.generate(act_at(), pool, date(2026, 11, 2), date(2026, 11, 6)).created

    assert sorted(at_once(app, make, make, make)) == [0, 0, 50]


def test_random_deeds_of_many_at_once_end_in_no_error_and_nothing_that_does_not_add_up(app, session, city):
    """Whatever meets whatever: only refusals in words may come of it, on either database."""

    def deeds(seed):
        rng = random.Random(seed)

        def one_deed():
            session, now = db.session, later(NOW, rng.uniform(0, 15))
            rows = session.scalars(select(Booking.id).order_by(Booking.id)).all()
            start, what = rng.choice(["09:00", "09:15", "09:30", "14:00"]), rng.choice(["licence", "tax", "permit"])
            pool = rng.choice(city.pools[:2])
            match rng.randrange(8) if rows else 0:
                case 0 | 1:
                    wants(pool, rng.randrange(9), start, what, now=now)(session)
                case 2:
                    act = act_at(now)
                    making.hold(
                        act, request(pool, MONDAY, start, who=rng.randrange(9), what=what), minutes=rng.choice([1, 9])
                    )
                case 3:
                    cancels(rng.choice(rows), now)(session)
                case 4:
                    moves(rng.choice(rows), pool, start, now)(session)
                case 5:
                    making.confirm(act_at(now), session.get_one(Booking, rng.choice(rows)))
                case 6:
                    making.end_holds(act_at(now, SYSTEM)), claiming.end_cooling(session, later(now, 60))
                case 7:
                    session.add(
                        override := DayOverride(
                            site_id=1,
                            pool_id=pool,
                            day=MONDAY,
                            reason="停电",
                            actor="s",
                            action=rng.choice(["close", "open", "cap"]),
                            cap_total=rng.randrange(1, 4),
                        )
                    )
                    override.start, override.end = rng.choice([(540, 570), (570, 900)])
                    session.flush()
                    generating.generate(act_at(now, SYSTEM), session.get_one(Pool, pool), MONDAY, MONDAY)

        def job(session):
            for _ in range(12):
                try:
                    one_deed()
                    session.commit()
                except Problem:
                    session.rollback()

        return job

    for round_ in range(3):
        results = at_once(app, *(deeds(100 * round_ + seed) for seed in range(6)))
        assert results == [None] * 6
        assert faults(session) == []
        session.rollback()


# ---------------------------------------------------------------------- at the same instant


def holds(app, city, who=1, minutes=10):
    row = making.hold(act_at(), request(city.pools[3], MONDAY, "09:00", who=who), minutes=minutes)
    db.session.commit()
    return row.id


def status(session, booking_id):
    session.rollback()
    return session.scalar(select(Booking.status).where(Booking.id == booking_id))


def test_a_hold_confirmed_at_the_instant_it_ends_is_either_confirmed_or_free(app, session, city):
    for who in range(4):
        booking_id = holds(app, city, who, minutes=5)
        ends = later(NOW, 5)
        confirm = lambda s, now: making.confirm(act_at(now), s.get_one(Booking, booking_id))  # noqa: E731
        results = at_once(
            app,
            lambda s: confirm(s, ends - timedelta(microseconds=1)),
            lambda _s: making.end_holds(act_at(ends, SYSTEM)),
            lambda s: confirm(s, ends),
            wants(city.pools[3], 50 + who, now=ends),
        )
        assert set(kinds(results)) <= {"ok", "hold_expired", "full"}
        if status(session, booking_id) == "confirmed":
            assert kinds(results)[3] == "full"
            changing.cancel(act_at(actor=SYSTEM), session.get_one(Booking, booking_id))
        else:
            assert status(session, booking_id) == "expired"
            assert kinds(results)[0] == "hold_expired"
        session.commit()
        _clear(session)


def test_whoever_holds_a_place_keeps_it_until_its_very_end(app, session, city):
    booking_id = holds(app, city)
    for minutes in (0, 5, 9.99):
        assert kinds(at_once(app, wants(city.pools[3], 9, now=later(NOW, minutes)))) == ["full"]
    making.confirm(act_at(later(NOW, 9.99)), session.get_one(Booking, booking_id))
    session.commit()
    assert status(session, booking_id) == "confirmed"


def test_a_hold_that_is_over_is_taken_by_the_next_who_asks_though_no_sweep_came(app, session, city):
    booking_id = holds(app, city)
    assert kinds(at_once(app, wants(city.pools[3], 9, now=later(NOW, 10)))) == ["ok"]
    assert status(session, booking_id) == "expired"


def test_cancelling_and_checking_in_at_once_one_of_them_counts(app, session, city):
    now = moment(clock="08:20")
    for who in range(4):
        booking_id = book(city.pools[3], MONDAY, "09:00", who=who).id
        results = kinds(
            at_once(
                app,
                cancels(booking_id, now),
                lambda s, id_=booking_id: changing.check_in(act_at(now, SYSTEM), s.get_one(Booking, id_)),
                cancels(booking_id, now),
            )
        )
        ended = status(session, booking_id)
        assert results in (["ok", "not_live", "ok"], ["not_live", "ok", "not_live"])
        assert ended == ("cancelled" if results[0] == "ok" else "checked_in")
        if ended == "checked_in":
            return
        _clear(session)


def test_a_hold_confirmed_while_its_slot_is_closed_does_not_stay(app, session, city):
    booking_id = holds(app, city)
    results = at_once(app, closes(city.pools[3]), lambda s: making.confirm(act_at(), s.get_one(Booking, booking_id)))
    assert set(kinds(results)) <= {"ok", "hold_expired"}
    assert status(session, booking_id) == "revoked"


def test_only_one_of_many_cancellations_gives_the_place_back(app, session, city):
    booking_id = book(city.pools[0], MONDAY, "09:00", who=1, what="permit").id
    assert kinds(at_once(app, *[cancels(booking_id)] * 6)) == ["ok"] * 6
    assert session.scalar(select(func.count()).select_from(SlotReturn)) == 0  # it is soon: no cooling
    assert session.scalar(select(func.sum(Slot.used_total))) == 0


def _clear(session):
    """Let all that cools be free."""
    claiming.end_cooling(session, later(NOW, 24 * 60))
    session.commit()
