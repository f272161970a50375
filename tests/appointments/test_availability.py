"""The list of days, the list of times, the list of halls and the claim itself never contradict one another."""

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import claiming, listing
from miniapp_api.appointments.acting import SYSTEM
from miniapp_api.appointments.availability import Visit, Wanted, next_free
from miniapp_api.appointments.models import Slot, SlotReturn
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool
from tests.appointments.world import MONDAY, act_at, decide, later, moment, request

DAYS = [MONDAY + timedelta(days=offset) for offset in range(8)]
MOMENTS = [
    moment(),
    moment(clock="06:00"),
    moment(clock="09:05"),
    moment(clock="11:30"),
    moment(date(2026, 9, 8), "13:45"),
    moment(date(2026, 9, 11), "15:59"),
    moment(date(2026, 9, 11), "16:00"),
]


def disturb(city, rng):
    """Bring the city in some state, in the transaction of this session, counters and rows in step."""
    for who in range(rng.randrange(40)):
        pool, day = rng.choice(city.pools), rng.choice(DAYS)
        start, what = rng.choice([540, 555, 570, 585, 720, 840, 855]), rng.choice(["licence", "tax", "permit"])
        deed = rng.choice([making.hold, making.book, making.book])
        online = rng.random() < 0.8
        try:
            with db.session.begin_nested():
                done = deed(act_at(), request(pool, day, start, who=1000 + who, what=what, online=online))
                if rng.random() < 0.2:
                    changed = making.states.change(act_at(actor=SYSTEM), done.id, "cancelled")
                    claiming.give_back(db.session, [changed], cool=(10, 400), now=act_at().now)
        except Problem:
            continue
    for _ in range(rng.randrange(4)):
        action = rng.choice(["close", "cap", "open"])
        part = rng.choice([None, (540, 560), (570, 900)])
        day = rng.choice(DAYS)
        decide(rng.choice(city.pools), action, day, part=part, cap_total=rng.randrange(1, 4), rule="special")


def can_be_had(act, pool, day, start, what):
    """Whether a claim of somebody who has nothing yet succeeds; what it did is undone."""
    savepoint = db.session.begin_nested()
    try:
        making.book(act, request(pool, day, start, who=5, what=what))
    except Problem:
        return False
    else:
        return True
    finally:
        savepoint.rollback()


@pytest.mark.parametrize("seed", range(4))
def test_what_is_listed_can_be_had_and_what_can_be_had_is_listed(session, city, seed):
    rng = random.Random(seed)
    disturb(city, rng)
    act = act_at(rng.choice(MOMENTS))
    making.end_holds(act)
    claiming.end_cooling(session, act.now)
    slots = session.scalars(select(Slot)).all()
    starts = {
        (pool, day): sorted(s.start for s in slots if (s.pool_id, s.day) == (pool, day))
        for pool in city.pools
        for day in DAYS
    }
    had = {True: 0, False: 0}
    for pool_id in rng.sample(city.pools, 2):
        pool = session.get_one(Pool, pool_id)
        for what, units in (("licence", 1), ("tax", 2), ("permit", 3)):
            visit = Visit.of(pool, units)
            brute = []
            listed_days = {day.day: day for day in listing.days(act, visit, DAYS[0], DAYS[-1])}
            for day in DAYS:
                listed = {offer.start for offer in listing.times(act, visit, day)}
                real = {start for start in [*starts[pool_id, day], 1000] if can_be_had(act, pool_id, day, start, what)}
                assert listed == real, (pool_id, day, what)
                assert (listed_days[day].state == "open") == bool(real), (pool_id, day, what)
                assert (listed_days[day].level in ("plenty", "few", "last")) == bool(real)
                brute += [(day, start) for start in sorted(real)]
                had[True] += len(real)
                had[False] += len(starts[pool_id, day]) - len(real)
            wanted = Wanted(DAYS[0], DAYS[-1])
            assert next_free(session, [visit], wanted, act.now).get(pool_id) == (brute[0] if brute else None)
            part = Wanted(DAYS[1], DAYS[5], 555, 850, (DAYS[2], DAYS[4]))
            fits = [one for one in brute if one[0] in part.days and 555 <= one[1] < 850]
            assert next_free(session, [visit], part, act.now).get(pool_id) == (fits[0] if fits else None)
    assert had[False] > 50
    session.rollback()


def test_halls_with_something_free_come_first_then_the_nearest(session, city):
    act, wanted = act_at(), Wanted(MONDAY, MONDAY)
    pools = [hall.offer.pool.id for hall in listing.halls(act, "shiyan", "licence", wanted)]
    assert pools == city.pools  # the center first
    near = [hall.offer.pool.id for hall in listing.halls(act, "shiyan", "licence", wanted, near=(32.7, 110.8))]
    assert near == [*city.pools[2:], *city.pools[:2]]
    decide(city.pools[2], "close", MONDAY)
    found = listing.halls(act, "shiyan", "licence", wanted, near=(32.7, 110.8))
    assert [hall.offer.pool.id for hall in found] == [city.pools[3], *city.pools[:2], city.pools[2]]
    assert [hall.first for hall in found] == [(MONDAY, 540)] * 3 + [None]
    session.rollback()


def says(act, visit, day):
    offer = listing.days(act, visit, day, day)[0]
    return offer.state, offer.text


def test_every_day_says_why_nothing_is_to_be_had(session, city):
    pool = session.get_one(Pool, city.pools[3])
    visit, act = Visit.of(pool, 1), act_at()
    assert says(act, visit, MONDAY) == ("open", "充足")
    assert says(act, visit, date(2026, 9, 11)) == ("not_released", "未放号（9月8日（周二）08:00放）")
    assert says(act, visit, date(2026, 9, 13)) == ("rest", "休息（周末不办公）")
    assert says(act, visit, date(2026, 9, 26)) == ("rest", "休息（中秋节休息）")
    assert says(act_at(moment(clock="09:20")), visit, MONDAY) == ("over", "已截止预约，可以到窗口取号")
    for who, start in enumerate([540, 555, 570, 585]):
        making.book(act, request(pool.id, MONDAY, start, who=who))
    assert says(act, visit, MONDAY) == ("full", "已满")
    decide(pool.id, "close", date(2026, 9, 8))
    assert says(act, visit, date(2026, 9, 8)) == ("closed", "不办理（停电）")
    session.rollback()


def test_what_cools_down_is_in_no_list_until_its_minute(session, city):
    pool = session.get_one(Pool, city.pools[3])
    visit = Visit.of(pool, 1)
    done = making.book(act_at(), request(pool.id, date(2026, 9, 8), 540, who=1))
    changed = making.states.change(act_at(actor=SYSTEM), done.id, "cancelled")
    claiming.give_back(session, [changed], cool=(10, 10), now=act_at().now)
    due = session.scalar(select(SlotReturn.due_at))
    assert due == later(act_at().now, 10)
    for moment_, free in ((later(due, -1), False), (due, True)):
        claiming.end_cooling(session, moment_)
        assert (540 in {offer.start for offer in listing.times(act_at(moment_), visit, date(2026, 9, 8))}) == free
    session.commit()
