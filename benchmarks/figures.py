"""A measured figure, and the table of them."""

from __future__ import annotations

import operator
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

_BARS: dict[str, Callable[[float, float], bool]] = {"≤": operator.le, "≥": operator.ge, "=": operator.eq}


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured figure.

    Attributes:
        id: `part.name`, stable.
        value: as measured, in `unit`.
        bar: `≤ 1.0` and so on; empty if there is none.
        conditions: on what, how many, how.
    """

    id: str
    value: float
    unit: str
    bar: str
    conditions: str

    @property
    def ok(self) -> bool:
        """Whether the bar is kept."""
        if not self.bar:
            return True
        sign, limit = self.bar.split()
        return _BARS[sign](self.value, float(limit))

    def as_json(self) -> dict[str, Any]:
        """The figure as `benchmarks/latest.json` holds it."""
        return {**asdict(self), "ok": self.ok}


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table for people."""
    rows = [(f.id, f"{f.value:.4g} {f.unit}".strip(), f.bar, "ok" if f.ok else "NOT OK", f.conditions) for f in figures]
    head = ("figure", "value", "bar", "", "conditions")
    widths = [max(len(row[n]) for row in (head, *rows)) for n in range(4)]
    lines = [
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[4]])
        for row in (head, *rows)
    ]
    return "\n".join(lines)


def seconds(work: Callable[[], object], times: int = 7) -> float:
    """The median time of a piece of work, in seconds, after one warm-up."""
    work()
    measured = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        measured.append(time.perf_counter() - started)
    return median(measured)
