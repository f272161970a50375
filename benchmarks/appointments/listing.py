"""A city's slots: how long the month, the day and the nearest free time of every hall take, and how that grows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from statistics import median, quantiles
from typing import Any

from sqlalchemy import Engine, insert
from sqlalchemy.orm import Session

from benchmarks.appointments import catalogue, network
from benchmarks.appointments.databases import KINDS, analyze, database
from benchmarks.figures import Figure
from miniapp_api.appointments.acting import VISITOR, Act
from miniapp_api.appointments.availability import Visit, Wanted, free_times, next_free
from miniapp_api.appointments.listing import days
from miniapp_api.appointments.models import Slot
from miniapp_api.appointments.planning import at
from miniapp_api.appointments.schedules import load
from miniapp_api.calendar.service import CHINA, now
from miniapp_api.database import READ_ONLY, create_engine

FEW, MANY = 15, 150
DAYS, SLOTS = 60, 40
GRID = 10
TOTAL, ONLINE = 5, 4
RELEASED = 14
"""Days that citizens may book already."""

SOLD_OUT = 3
"""Days from today on which citizens' places are gone, as in a busy week; staff still have theirs."""

TIMES = 200
WARM_UP = 10
SEED = 7
QUERIES = ("month", "day", "nearest")
"""A pool's sixty days; the times of a day; the first free time in every hall."""


@dataclass(frozen=True, slots=True)
class City:
    """A database with the slots of so many halls.

    Attributes:
        pools: their ids.
    """

    engine: Engine
    pools: list[int]


def figures() -> list[Figure]:
    """Measure."""
    return [figure for kind in KINDS for figure in _figures(kind)]


def _figures(kind: str) -> list[Figure]:
    load = os.getloadavg()[0]
    with database(kind) as small_url, database(kind) as large_url:
        small, large = _city(small_url, FEW), _city(large_url, MANY)
        found = [figure for name in QUERIES for figure in _compared(name, kind, small, large)]
        for city in (small, large):
            city.engine.dispose()
    return [replace(figure, conditions=f"{figure.conditions}; load {load:.1f} at start") for figure in found]


def _compared(name: str, kind: str, small: City, large: City) -> list[Figure]:
    """Time a query of both cities in turn, so that what else the machine does falls on both."""
    random = Random(SEED)
    part = City(large.engine, large.pools[:FEW]) if name == "nearest" else large
    cities = {"small": small, "grown": part, "large": large}
    times: dict[str, list[float]] = {which: [] for which in cities}
    for _ in range(WARM_UP + TIMES):
        for which, city in cities.items():
            times[which].append(_seconds(name, city, random))
    counted = {which: found[WARM_UP:] for which, found in times.items()}
    p95, typical = quantiles(counted["large"], n=20)[18], median(counted["large"])
    growth = median(counted["grown"]) / median(counted["small"])
    city = f"{kind}: {MANY} halls × {DAYS} days × {SLOTS} slots; {TIMES} times, median {typical * 1e3:.2f} ms"
    grown = f"{kind}: median with the slots of {MANY} halls ÷ with those of {FEW}"
    if name == "nearest":
        grown += f", the same {FEW} halls asked for"
    return [
        Figure(f"appointments.{name}_p95_{kind}", p95 * 1e3, "ms", "≤ 10", city),
        Figure(f"appointments.{name}_growth_{kind}", growth, "×", "≤ 1.3", grown),
    ]


def _seconds(name: str, city: City, random: Random) -> float:
    """Time a query in a transaction of its own that only reads, as a request has."""
    with Session(city.engine.execution_options(**READ_ONLY)) as session:
        session.connection()
        query = _query(name, session, city.pools, random)
        started = time.perf_counter()
        query()
        return time.perf_counter() - started


def _query(name: str, session: Session, pools: list[int], random: Random) -> Callable[[], object]:
    moment = now()
    first = moment.astimezone(CHINA).date()
    visit = Visit(random.choice(pools), GRID, 1)
    if name == "month":
        act = Act(session, _SCHEDULES, VISITOR, moment)
        return lambda: days(act, visit, first, first + timedelta(days=DAYS - 1))
    if name == "day":
        return lambda: free_times(session, visit, first + timedelta(days=random.randrange(RELEASED)), moment)
    visits = [Visit(pool, GRID, 1) for pool in pools]
    return lambda: next_free(session, visits, Wanted(first, first + timedelta(days=DAYS)), moment)


_SCHEDULES = load(catalogue.CATALOGUE)


def _city(url: str, halls: int) -> City:
    """Add halls with their slots, filled at random."""
    engine, random, moment = create_engine(url), Random(SEED), now()
    with Session(engine) as session:
        pools = [network.add_pool(session, f"city-{number}").id for number in range(halls)]
        for pool in pools:
            session.execute(insert(Slot), list(_slots(pool, moment, random)))
        session.commit()
    analyze(url)
    return City(engine, pools)


def _slots(pool: int, moment: datetime, random: Random) -> Iterator[dict[str, Any]]:
    today = moment.astimezone(CHINA).date()
    for ahead in range(DAYS):
        day = today + timedelta(days=ahead)
        released = moment - timedelta(days=1) if ahead < RELEASED else at(day, 0) - timedelta(days=RELEASED)
        for number in range(SLOTS):
            start = 9 * 60 + number * GRID
            until = at(day, start) - timedelta(minutes=30)
            yield {
                "pool_id": pool,
                "day": day,
                "start": start,
                "end": start + GRID,
                "session": "normal",
                "rule": "all-day",
                "policy": "normal",
                "cap_total": TOTAL,
                "cap_online": ONLINE,
                "release_at": released,
                "book_until": until,
                "pooled_at": until - timedelta(hours=2),
                **_taken(ahead, random),
            }


def _taken(ahead: int, random: Random) -> dict[str, int]:
    online = ONLINE if ahead < SOLD_OUT else random.randint(0, ONLINE) if ahead < RELEASED else 0
    return {"used_online": online, "used_total": online + (online > 0 and random.random() < 0.5)}
