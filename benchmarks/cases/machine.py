"""Whatever is tried with a case, in any order, beside plain notes and a clock that counts day by day."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.figures import Figure
from tests.cases.machine import run

PROCESSES = 2
EXAMPLES, STEPS = 300, 50
"""Lives of each process, and the steps of one."""


def figures() -> list[Figure]:
    """Measure; the first step at which the engine differs from the notes ends the measurement."""
    load = os.getloadavg()[0]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        played = [pool.submit(run, EXAMPLES, STEPS) for _ in range(PROCESSES)]
        tried, happened = (sum(counts) for counts in zip(*(each.result() for each in played), strict=True))
    told = f"hypothesis, {PROCESSES}×{EXAMPLES} lives; legal where the notes say so, last days equal; load {load:.1f}"
    return [
        Figure("cases.machine_steps", tried, "steps", "≥ 10000", told),
        Figure("cases.machine_events", happened, "events", "", "of these steps, events that were legal and happened"),
        Figure("cases.machine_differences", 0, "", "= 0", "illegal ones accepted, legal ones refused, last days wrong"),
    ]
