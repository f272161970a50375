"""What citizens, staff and the clock do in any order, beside a model that is a plain dictionary."""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.figures import Figure
from tests.appointments.machine import run

PROCESSES = 2
EXAMPLES, STEPS = 135, 50
"""Walks of each process, and the steps of one."""


def figures() -> list[Figure]:
    """Measure; the first step after which the database differs from the model ends the measurement."""
    load = os.getloadavg()[0]
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        walked = [pool.submit(run, EXAMPLES, STEPS) for _ in range(PROCESSES)]
        steps = sum(each.result() for each in walked)
    told = f"hypothesis, {PROCESSES}×{EXAMPLES} walks of {STEPS} steps, SQLite, no difference; load {load:.1f} at start"
    return [Figure("appointments.machine_steps", steps, "steps", "≥ 10000", told)]
