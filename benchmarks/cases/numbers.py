"""Case numbers taken by 32 clients at once, some of whose transactions fail: no gap, no repeat."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from random import Random

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from benchmarks.appointments.databases import KINDS, database
from benchmarks.figures import Figure
from miniapp_api.database import engine_options, prepare
from miniapp_api.numbering.service import take

CLIENTS, EACH = 32, 40
FAILING = 0.2
SERIES = "case:420300:20261126"

Taking = Callable[[Session], int]


def figures() -> list[Figure]:
    """Measure, and a way that must go wrong under the same crowd."""
    load = os.getloadavg()[0]
    wrong, naive, given = [0, 0], 0, 0
    for kind in KINDS:
        with database(kind) as url:
            numbers = _crowd(url, lambda session: take(session, SERIES))
            given += len(numbers)
            wrong[0] += len(set(range(1, len(numbers) + 1)) - set(numbers))
            wrong[1] += len(numbers) - len(set(numbers))
        if kind == "postgresql":  # SQLite has one writer, so that there is nothing to see
            with database(kind) as url:
                numbers = _crowd(url, _naive)
                naive = len(numbers) - len(set(numbers))
    told = f"{CLIENTS} clients × {EACH} on each of {', '.join(KINDS)}, {FAILING:.0%} rolled back; load {load:.1f}"
    return [
        Figure("cases.numbers_missing", wrong[0], "", "= 0", f"{given} given; {told}"),
        Figure("cases.numbers_repeated", wrong[1], "", "= 0", told),
        Figure("cases.numbers_naive_repeated", naive, "", "≥ 1", "control: read the last, add one, write; PostgreSQL"),
    ]


def _crowd(url: str, taking: Taking) -> list[int]:
    engine = prepare(create_engine(**engine_options(url, pool_size=CLIENTS)))
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO number_series (series, last) VALUES ('naive', 1)"))
    try:
        with ThreadPoolExecutor(CLIENTS) as clients:
            return [
                number
                for numbers in clients.map(lambda n: _client(engine, n, taking), range(CLIENTS))
                for number in numbers
            ]
    finally:
        engine.dispose()


def _client(engine: Engine, seed: int, taking: Taking) -> list[int]:
    random, kept = Random(seed), []
    while len(kept) < EACH:
        with Session(engine) as session:
            number = taking(session)
            if random.random() < FAILING:
                session.rollback()
                continue
            session.commit()
            kept.append(number)
    return kept


def _naive(session: Session) -> int:
    last = session.execute(text("SELECT last FROM number_series WHERE series = 'naive'")).scalar_one()
    session.execute(text("UPDATE number_series SET last = :n WHERE series = 'naive'"), {"n": last + 1})
    return int(last) + 1
