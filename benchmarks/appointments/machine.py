"""What citizens, staff and the clock do in any order, beside a model that is a plain dictionary."""

from __future__ import annotations

import os

from benchmarks.figures import Figure
from tests.appointments.machine import run

EXAMPLES, STEPS = 210, 50
"""Walks, and the most steps of one; hypothesis uses nearly all of them."""


def figures() -> list[Figure]:
    """Measure; the first step after which the database differs from the model ends the measurement."""
    load = os.getloadavg()[0]
    steps = run(EXAMPLES, STEPS)
    told = f"hypothesis, {EXAMPLES} walks of at most {STEPS} steps, SQLite, no difference; load {load:.1f} at start"
    return [Figure("appointments.machine_steps", steps, "steps", "≥ 10000", told)]
