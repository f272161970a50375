"""How long `make test` took when it ran last on this machine."""

from __future__ import annotations

from pathlib import Path

from benchmarks.figures import Figure

RECORD = Path("var/test-seconds")
"""Written by `make test`."""


def figures() -> list[Figure]:
    """Report; nothing if the tests have not run here."""
    if not RECORD.exists():
        print("  make test has not run here yet; run it first to have this figure")
        return []
    minutes = float(RECORD.read_text()) / 60
    return [Figure("guide.test_time", minutes, "min", "≤ 12", "the last make test on this machine")]
