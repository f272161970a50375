"""The same crowds while a process is killed every 300 ms: who was told that they have a place has it."""

from __future__ import annotations

import os
import threading
from random import Random

from benchmarks.appointments.audit import Audit
from benchmarks.appointments.crowd import CLIENTS
from benchmarks.appointments.databases import KINDS, database
from benchmarks.appointments.serving import THREADS, WORKERS, Serving, serving
from benchmarks.appointments.storm import ATTEMPTS, Storm, storm
from benchmarks.figures import Figure

EVERY = 0.3
"""Seconds between kills."""

SEED = 6


def figures() -> list[Figure]:
    """Measure."""
    load = os.getloadavg()[0]
    found = [_killed(kind) for kind in KINDS]
    audit = sum((each.found for each, _ in found), Audit())
    every = [told for each, _ in found for told in each.told.values()]
    kills = sum(sum(killed.values()) for _, killed in found)
    where = f"{CLIENTS} clients that ask again with the same key, gunicorn {WORKERS}×{THREADS} threads, celery sweeping"
    what = "; ".join(f"{each}; SIGKILL {killed}" for each, killed in found)
    broken = sum(told.broken for told in every)
    return [
        Figure(
            "appointments.killed_attempts",
            sum(sum(told.answers.values()) for told in every),
            "",
            f"≥ {4 * ATTEMPTS}",
            "asked again until there was an answer",
        ),
        Figure(
            "appointments.killed_kills", kills, "", "≥ 100", f"one each {EVERY} s; {where}; load {load:.1f} at start"
        ),
        Figure("appointments.killed_lost", audit.lost, "", "= 0", f"acknowledged and not in the database; {what}"),
        Figure("appointments.killed_oversold", audit.oversold, "places", "= 0", "live bookings beyond a slot's places"),
        Figure("appointments.killed_doubled", audit.doubled, "", "= 0", "second live bookings of a person or a tap"),
        Figure("appointments.killed_drifted", audit.drifted, "slots", "= 0", "counters that differ from live bookings"),
        Figure("appointments.killed_torn", audit.torn, "", "= 0", "live bookings with some of their slots only"),
        Figure(
            "appointments.killed_unsettled",
            sum(told.answers["broken"] for told in every),
            "",
            "= 0",
            f"attempts without an answer in the end; {broken} times the connection broke or was refused before",
        ),
    ]


def _killed(kind: str) -> tuple[Storm, dict[str, int]]:
    over = threading.Event()
    with database(kind) as url, serving(url) as running:
        killer = threading.Thread(target=_kill, args=(running, over))
        killer.start()
        try:
            found = storm(url, kind, running, attempts=ATTEMPTS)
        finally:
            over.set()
            killer.join()
        return found, dict(running.kills)


def _kill(running: Serving, over: threading.Event) -> None:
    random = Random(SEED)
    while not over.wait(EVERY):
        running.kill(random)
