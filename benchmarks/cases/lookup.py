"""Looking a case up by its number among 10,000 and among 1,000,000, with the right code and a wrong one."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from statistics import median, quantiles

from sqlalchemy.orm import Session

from benchmarks.appointments.application import application
from benchmarks.appointments.databases import KINDS, analyze, database
from benchmarks.cases import register
from benchmarks.figures import Figure
from miniapp_api.cases.looking_up import _matches
from miniapp_api.extensions import db, reading

FEW, MANY = 10_000, 1_000_000
LOOKS = 3000
CATALOGUE = Path(__file__).parents[2] / "catalogue"


def figures() -> list[Figure]:
    """Measure; both sizes on the same database one after the other."""
    return [figure for kind in KINDS for figure in _on(kind)]


def _on(kind: str) -> list[Figure]:
    load = os.getloadavg()[0]
    with database(kind) as url, application(url, CATALOGUE):
        register.write(db.session, 0, FEW)
        analyze(url)
        few = _times(FEW)
        register.write(db.session, FEW, MANY)
        analyze(url)
        many = _times(MANY)
        wrong, absent = _wrong_and_absent()
    told = f"{LOOKS} look-ups with the right code each, p99 {_p99(few):.2f} and {_p99(many):.2f} ms; load {load:.1f}"
    same = f"median of {LOOKS} with a wrong code ÷ with a number that does not exist, in turn"
    return [
        Figure(f"cases.lookup_growth_{kind}", _p99(many) / _p99(few), "×", "≤ 1.2", told),
        Figure(f"cases.lookup_wrong_to_absent_{kind}", wrong / absent, "×", "", same),
    ]


def _times(count: int) -> list[float]:
    """Milliseconds of each look-up."""
    with reading() as session:
        for _ in range(LOOKS // 10):
            _look(session, secrets.randbelow(count))
        return [_look(session, secrets.randbelow(count)) for _ in range(LOOKS)]


def _look(session: Session, place: int) -> float:
    number, code = register.number_of(place), register.query_of(place)
    started = time.perf_counter()
    found = _matches(session, number, code, "code")
    took = time.perf_counter() - started
    session.rollback()
    if not found:
        raise AssertionError(f"case {place} was not found")
    return took * 1000


def _wrong_and_absent() -> tuple[float, float]:
    times: dict[bool, list[float]] = {True: [], False: []}
    with reading() as session:
        for turn in range(2 * LOOKS):
            there = turn % 2 == 0
            number = register.number_of(secrets.randbelow(MANY) + (0 if there else 2 * MANY))
            started = time.perf_counter()
            _matches(session, number, "00000000", "code")
            times[there].append(time.perf_counter() - started)
            session.rollback()
    return median(times[True]), median(times[False])


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]
