"""A city's slots: how long the month, the day and the nearest free time of every hall take, and how that grows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
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

TIMES = 100
SEED = 7
QUERIES = ("month", "day", "nearest")
"""A pool's sixty days; the times of a day; the first free time in every hall."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a query takes, in seconds."""

    p95: float
    median: float


def figures() -> list[Figure]:
    """Measure."""
    return [figure for kind in KINDS for figure in _figures(kind)]


def _figures(kind: str) -> list[Figure]:
    before = os.getloadavg()[0]
    with database(kind) as url:
        engine = create_engine(url)
        pools = _add(engine, 0, FEW)
        analyze(url)
        few = _measure(engine, pools, QUERIES)
        pools += _add(engine, FEW, MANY)
        analyze(url)
        many = _measure(engine, pools, QUERIES)
        same = _measure(engine, pools[:FEW], ("nearest",))
        engine.dispose()
    grown = {**many, **same}
    found = []
    for name in QUERIES:
        told = (
            f"{kind}: p95 of {TIMES}, {MANY} halls × {DAYS} days × {SLOTS} slots; median {many[name].median * 1e3:.2f}"
        )
        told += f" ms; load {before:.1f} at start"
        found.append(Figure(f"appointments.{name}_p95_{kind}", many[name].p95 * 1e3, "ms", "≤ 10", told))
    for name in QUERIES:
        told = f"{kind}: median with {MANY} halls' slots ÷ with {FEW}; {few[name].median * 1e3:.2f} ms with {FEW}"
        told += f", the same {FEW} halls asked for" if name == "nearest" else ""
        growth = grown[name].median / few[name].median
        found.append(Figure(f"appointments.{name}_growth_{kind}", growth, "×", "≤ 1.3", told))
    return found


def _measure(engine: Engine, pools: list[int], names: tuple[str, ...]) -> dict[str, Measured]:
    """Time queries, each in a transaction of its own that only reads, as a request does."""
    random = Random(SEED)
    measured = {}
    for name in names:
        times = []
        for number in range(TIMES + 10):
            with Session(engine.execution_options(**READ_ONLY)) as session:
                session.connection()
                query = _query(name, session, pools, random)
                started = time.perf_counter()
                query()
                times.append(time.perf_counter() - started if number >= 10 else 0)
        counted = times[10:]
        measured[name] = Measured(quantiles(counted, n=20)[18], median(counted))
    return measured


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


def _add(engine: Engine, first: int, last: int) -> list[int]:
    """Add halls with their slots, filled at random.

    Returns:
        The ids of their pools.
    """
    random, moment = Random(SEED + first), now()
    with Session(engine) as session:
        pools = [network.add_pool(session, f"city-{number}").id for number in range(first, last)]
        for pool in pools:
            session.execute(insert(Slot), list(_slots(pool, moment, random)))
        session.commit()
    return pools


def _slots(pool: int, moment: datetime, random: Random) -> Iterator[dict[str, Any]]:
    today = moment.astimezone(CHINA).date()
    for day in (today + timedelta(days=number) for number in range(DAYS)):
        for number in range(SLOTS):
            yield _slot(pool, day, 9 * 60 + number * GRID, today, moment, random)


def _slot(pool: int, day: date, start: int, today: date, moment: datetime, random: Random) -> dict[str, Any]:
    ahead = (day - today).days
    online = ONLINE if ahead < SOLD_OUT else random.randint(0, ONLINE) if ahead < RELEASED else 0
    until = at(day, start) - timedelta(minutes=30)
    return {
        "pool_id": pool,
        "day": day,
        "start": start,
        "end": start + GRID,
        "session": "normal",
        "rule": "all-day",
        "policy": "normal",
        "cap_total": TOTAL,
        "cap_online": ONLINE,
        "used_total": online + (random.random() < 0.5 and online > 0),
        "used_online": online,
        "release_at": moment - timedelta(days=1) if ahead < RELEASED else at(day, 0) - timedelta(days=RELEASED),
        "book_until": until,
        "pooled_at": until - timedelta(hours=2),
    }
