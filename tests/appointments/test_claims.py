"""However many want the last place, as many get one as there are; and nobody waits in a circle."""

import random
import threading
from contextlib import nullcontext
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import delete, func, insert, select, update

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, claiming, generating
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.models import Booking, BookingSlot, Slot, SlotReturn
from miniapp_api.database import READ_ONLY, transact
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool
from tests.appointments.world import MONDAY, NOW, act_at, at_once, book, decide, faults, later, moment, request, subject

CROWD = 12
STARTS = ("09:00", "09:15", "09:30", "09:45")


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


class Naive:
    """Counts, then inserts, as booking systems do that are known to oversell; two look before one of them is done."""

    def __init__(self, lock=None):
        self.lock = lock or nullcontext()
        self.looked = threading.Semaphore(0)
        self.both = threading.Event()

    def __call__(self, pool_id, who):
        """A job: somebody wants a place."""

        def job(session):
            with self.lock:
                slot_id, free = self.look(pool_id)
                if free:
                    row = a_booking(pool_id, who)
                    session.add(row)
                    session.flush()
                    session.execute(insert(BookingSlot).values(booking_id=row.id, slot_id=slot_id))
            self.both.wait(10)  # the lock, if there is one, is open, and the transaction not yet over
            return free

        return job

    def look(self, pool_id):
        with db.engine.execution_options(**READ_ONLY).connect() as reading:
            here = (Slot.pool_id == pool_id, Slot.day == MONDAY, Slot.start == 540)
            slot_id, places = reading.execute(select(Slot.id, Slot.cap_total).where(*here)).one()
            taken = reading.scalar(select(func.count()).where(BookingSlot.slot_id == slot_id))
        if not self.looked.acquire(blocking=False):
            self.looked.release()  # the first to look
        else:
            self.both.set()
        return slot_id, taken < places


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
    assert sum(result is True for result in crowd(Naive())) > 1
    with app.app_context():
        assert live(db.session) > 1


def test_a_lock_outside_the_database_that_opens_before_the_commit_oversells_too(app, crowd):
    assert sum(result is True for result in crowd(Naive(threading.Lock()))) > 1


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


def moves(booking_id, pool_id, start, now=NOW, day=MONDAY):
    def job(session):
        row = session.get_one(Booking, booking_id)
        wish = request(pool_id, day, start, who=making.Subject(row.subject_key, ""), what=row.service)
        return changing.reschedule(act_at(now, SYSTEM), row, wish.place)

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


def test_a_person_who_moves_two_bookings_across_each_other_gets_an_answer_to_both(app, session, city):
    pool, tuesday = city.pools[0], MONDAY + timedelta(days=1)
    one, other = book(pool, MONDAY, "09:00", who=1).id, book(pool, tuesday, "09:00", who=1, what="tax").id
    for _ in range(5):
        results = at_once(app, moves(one, pool, "14:00", day=tuesday), moves(other, pool, "14:00"))
        assert set(kinds(results)) == {"booked_already"}, results


def closes(pool_id):
    return lambda _session: decide(pool_id, "close", MONDAY)


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


class Deeds:
    """What somebody does who does anything."""

    def __init__(self, city, seed):
        self.rng = random.Random(seed)
        self.pools = city.pools[:2]

    def __call__(self, session):
        """Do a dozen things, each in a transaction."""
        deeds = [self.book, self.book, self.hold, self.cancel, self.move, self.confirm, self.sweep, self.decide]
        for _ in range(12):
            try:
                deed, when = self.rng.choice(deeds), later(NOW, self.rng.uniform(0, 15))
                transact(session, partial(deed, session, when))
            except Problem:
                session.rollback()

    def book(self, session, now, do=making.book):
        wish = request(
            self.rng.choice(self.pools),
            MONDAY,
            self.rng.choice(["09:00", "09:15", "09:30", "14:00"]),
            who=self.rng.randrange(9),
            what=self.rng.choice(["licence", "tax", "permit"]),
        )
        do(act_at(now), wish)

    def hold(self, session, now):
        self.book(session, now, lambda act, wish: making.hold(act, wish, minutes=self.rng.choice([1, 9])))

    def cancel(self, session, now):
        changing.cancel(act_at(now), self.one(session))

    def move(self, session, now):
        moves(self.one(session).id, self.rng.choice(self.pools), self.rng.choice(["09:00", "09:15"]), now)(session)

    def confirm(self, session, now):
        making.confirm(act_at(now), self.one(session))

    def sweep(self, session, now):
        making.end_holds(act_at(now, SYSTEM))
        session.commit()
        claiming.end_cooling(session, later(now, 60))

    def decide(self, session, now):
        action, part = self.rng.choice(["close", "open", "cap"]), self.rng.choice([(540, 570), (570, 900)])
        cap = self.rng.randrange(1, 4)
        decide(self.rng.choice(self.pools), action, MONDAY, now=now, part=part, cap_total=cap, rule="morning")

    def one(self, session):
        rows = session.scalars(select(Booking).order_by(Booking.id)).all()
        if not rows:
            raise Problem(404)
        return self.rng.choice(rows)


@pytest.mark.parametrize("seed", [0, 100, 200])
def test_whatever_meets_whatever_only_refusals_in_words_come_of_it(app, session, city, seed):
    assert at_once(app, *(Deeds(city, seed + one) for one in range(6))) == [None] * 6
    assert faults(session) == []


# ---------------------------------------------------------------------- at the same instant


def holds(city, start="09:00", minutes=10):
    row = making.hold(act_at(), request(city.pools[3], MONDAY, start, who=start_of(start)), minutes=minutes)
    db.session.commit()
    return row.id


def start_of(clock):
    return int(clock.replace(":", ""))


def confirms(booking_id, now=NOW):
    return lambda session: making.confirm(act_at(now), session.get_one(Booking, booking_id))


def status(session, booking_id):
    session.rollback()
    return session.scalar(select(Booking.status).where(Booking.id == booking_id))


@pytest.mark.parametrize("start", STARTS)
def test_a_hold_confirmed_at_the_instant_it_ends_is_either_confirmed_or_free(app, session, city, start):
    booking_id, ends = holds(city, start, minutes=5), later(NOW, 5)
    results = at_once(
        app,
        confirms(booking_id, ends - timedelta(microseconds=1)),
        lambda _s: making.end_holds(act_at(ends, SYSTEM)),
        confirms(booking_id, ends),
        wants(city.pools[3], 50, start, now=ends),
    )
    confirmed, swept, too_late, other = kinds(results)
    assert swept == "ok"
    if confirmed == "ok":
        assert (status(session, booking_id), other) == ("confirmed", "full")
    else:
        assert (confirmed, too_late, other) == ("hold_expired", "hold_expired", "ok")
        assert status(session, booking_id) == "expired"


def test_whoever_holds_a_place_keeps_it_until_its_very_end(app, session, city):
    booking_id = holds(city)
    for minutes in (0, 5, 9.99):
        assert kinds(at_once(app, wants(city.pools[3], 9, now=later(NOW, minutes)))) == ["full"]
    making.confirm(act_at(later(NOW, 9.99)), session.get_one(Booking, booking_id))
    session.commit()
    assert status(session, booking_id) == "confirmed"


def test_a_hold_that_is_over_is_taken_by_the_next_who_asks_though_no_sweep_came(app, session, city):
    booking_id = holds(city)
    assert kinds(at_once(app, wants(city.pools[3], 9, now=later(NOW, 10)))) == ["ok"]
    assert status(session, booking_id) == "expired"


@pytest.mark.parametrize("start", STARTS)
def test_cancelling_and_checking_in_at_once_one_of_them_counts(app, session, city, start):
    now = later(moment(clock=start), -40)
    booking_id = book(city.pools[3], MONDAY, start).id
    results = at_once(
        app,
        cancels(booking_id, now),
        lambda s: changing.check_in(act_at(now, SYSTEM), s.get_one(Booking, booking_id)),
        cancels(booking_id, now),
    )
    if status(session, booking_id) == "cancelled":
        assert kinds(results) == ["ok", "not_live", "ok"]
    else:
        assert kinds(results) == ["not_live", "ok", "not_live"]


def test_a_hold_confirmed_while_its_slot_is_closed_does_not_stay(app, session, city):
    booking_id = holds(city)
    results = at_once(app, closes(city.pools[3]), lambda s: making.confirm(act_at(), s.get_one(Booking, booking_id)))
    assert set(kinds(results)) <= {"ok", "hold_expired"}
    assert status(session, booking_id) == "revoked"


def test_only_one_of_many_cancellations_gives_the_place_back(app, session, city):
    booking_id = book(city.pools[0], MONDAY, "09:00", who=1, what="permit").id
    assert kinds(at_once(app, *[cancels(booking_id)] * 6)) == ["ok"] * 6
    assert session.scalar(select(func.count()).select_from(SlotReturn)) == 0  # it is soon: no cooling
    assert session.scalar(select(func.sum(Slot.used_total))) == 0
