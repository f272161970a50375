"""Ten thousand attempts at places that are too few, through the real web server; before them a naive claim."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from sqlalchemy.orm import Session

from benchmarks.appointments import crowd, network
from benchmarks.appointments.audit import Audit, audit
from benchmarks.appointments.catalogue import GRID, STARTS
from benchmarks.appointments.crowd import CLIENTS, Told
from benchmarks.appointments.databases import KINDS, database
from benchmarks.appointments.serving import THREADS, WORKERS, Serving, serving
from benchmarks.figures import Figure
from miniapp_api.appointments.schedules import load
from miniapp_api.database import create_engine

ATTEMPTS = 2_500
"""For each database and each length of visit."""

NAIVE_ATTEMPTS = 400
SEED = 5
ATTEMPTS_A_SLOT = 10
"""For four places that citizens may have."""

LOOSE_ENDS = 60
"""Seconds within which places come free that were cooling, or held and not confirmed."""

UNITS = (1, 3)


@dataclass(frozen=True, slots=True)
class Storm:
    """What came of the crowds on one database.

    Attributes:
        kind: of database.
        told: what clients were told, by the slots that a visit took.
        found: what the database says.
    """

    kind: str
    told: dict[int, Told]
    found: Audit

    def __str__(self) -> str:
        return f"{self.kind}: " + "; ".join(f"visits of {units} slots: {told}" for units, told in self.told.items())


def prepare(url: str, catalogue: Path, units: int, attempts: int) -> tuple[str, list[crowd.Attempt]]:
    """Make a pool, people and loose ends, and draw the attempts.

    Returns:
        The reference of the pool, and the attempts.
    """
    random, over = Random(SEED + units), max(1, attempts // (STARTS * ATTEMPTS_A_SLOT))
    engine = create_engine(url)
    with Session(engine) as session:
        pool = network.add_pool(session, f"storm-{units}", units)
        network.generate(session, pool, load(catalogue))
        people = network.add_people(session, attempts, telephones=2)
        wanted = crowd.attempts(people, over, attempts, random)
        holders = [person[1] for person in random.sample(people, over * STARTS // 5)]
        network.add_loose_ends(session, pool, holders, LOOSE_ENDS, random)
        session.commit()
    engine.dispose()
    return f"storm-{units}.hall", wanted


def storm(url: str, kind: str, running: Serving, *, attempts: int, lengths: Sequence[int] = UNITS) -> Storm:
    """Let crowds loose, one after the other, each on a pool of its own."""
    told: dict[int, Told] = {}
    for units in lengths:
        ref, wanted = prepare(url, running.catalogue, units, attempts)
        told[units] = crowd.book(running.port, running.token, ref, wanted)
    bookings = {key: ids for each in told.values() for key, ids in each.bookings.items()}
    found = Storm(kind, told, audit(url, bookings, GRID))
    print(f"  {found}; {found.found}; {dict(running.faults()) or 'no faults in the logs'}", flush=True)
    return found


def figures() -> list[Figure]:
    """Measure."""
    load = os.getloadavg()[0]
    naive = [_naive(kind) for kind in KINDS]
    storms = [_storm(kind) for kind in KINDS]
    found = sum((each.found for each in storms), Audit())
    every = [told for each in storms for told in each.told.values()]
    attempts = sum(sum(told.answers.values()) for told in every)
    errors = sum(told.errors + told.broken for told in every)
    where = f"{CLIENTS} clients, gunicorn {WORKERS}×{THREADS} threads, celery sweeping; load {load:.1f} at start"
    what = f"{where}; {'; '.join(map(str, storms))}"
    return [
        *(
            Figure(
                f"appointments.naive_oversold_{each.kind}",
                each.found.oversold,
                "places",
                "≥ 1",
                f"control: count, then insert, same harness; {where}; {each}",
            )
            for each in naive
        ),
        Figure("appointments.http_attempts", attempts, "", f"≥ {4 * ATTEMPTS}", what),
        Figure("appointments.http_oversold", found.oversold, "places", "= 0", "live bookings beyond a slot's places"),
        Figure("appointments.http_doubled", found.doubled, "", "= 0", "second live bookings of a person, or of a tap"),
        Figure("appointments.http_lost", found.lost, "", "= 0", "acknowledged by 201 and not in the database"),
        Figure("appointments.http_drifted", found.drifted, "slots", "= 0", "counters that differ from live bookings"),
        Figure("appointments.http_torn", found.torn, "", "= 0", "live bookings with some of their slots only"),
        Figure("appointments.http_errors", errors, "", "= 0", "answers of 500 and above, and broken connections"),
    ]


def _naive(kind: str) -> Storm:
    with database(kind) as url, serving(url, app="benchmarks.appointments.naive:app", background=False) as running:
        return storm(url, kind, running, attempts=NAIVE_ATTEMPTS, lengths=(1,))


def _storm(kind: str) -> Storm:
    with database(kind) as url, serving(url) as running:
        return storm(url, kind, running, attempts=ATTEMPTS)
