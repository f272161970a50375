"""Values of facts, tests on them, and the few values that stand for all others."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import pairwise, product
from typing import Any, Final

from guidance.theme import MultiFact, NumberFact, YesNoFact

MAX_MULTI_GROUPS: Final = 12


class Unknown(Enum):
    """The answer 「不知道」: a value of its own, never a no."""

    UNKNOWN = "unknown"


UNKNOWN: Final = Unknown.UNKNOWN


@dataclass(frozen=True, slots=True)
class Range:
    """A number known only to lie between two bounds; None means unbounded.

    A bound belongs to the range unless it is marked open (「超过 300」 is open at 300).
    """

    low: float | None
    high: float | None
    low_open: bool = False
    high_open: bool = False

    def within(self, low: float, high: float) -> tuple[float, float]:
        """The smallest and largest float of the range inside [low, high]."""
        if self.low is not None and self.low >= low:
            low = math.nextafter(self.low, math.inf) if self.low_open else self.low
        if self.high is not None and self.high <= high:
            high = math.nextafter(self.high, -math.inf) if self.high_open else self.high
        return low, high


Value = bool | int | float | str | frozenset[str]
Answer = Value | Range | Unknown


@dataclass(frozen=True, slots=True)
class OneOf:
    """Holds for the listed values of a yes/no, choice or place fact."""

    values: frozenset[Any]

    def holds(self, value: Any) -> bool:
        """Whether the value passes."""
        return value in self.values


@dataclass(frozen=True, slots=True)
class Under:
    """Holds on the low side of a cut; `closed` puts the cut's own value on the low side."""

    cut: float
    closed: bool

    def holds(self, value: Any) -> bool:
        """Whether the number passes."""
        return bool(value < self.cut or (self.closed and value == self.cut))


@dataclass(frozen=True, slots=True)
class Touches:
    """Holds for a set of options that shares one with the listed."""

    options: frozenset[str]

    def holds(self, value: Any) -> bool:
        """Whether the set passes."""
        return not self.options.isdisjoint(value)


Test = OneOf | Under | Touches
Vector = tuple[bool, ...]


def vector(value: Any, tests: Sequence[Test]) -> Vector:
    """Which tests a value passes; values with equal vectors are one class to an outcome."""
    return tuple(test.holds(value) for test in tests)


def representatives(fact: Any, tests: Sequence[Test], districts: Mapping[str, Any]) -> Iterator[Any]:
    """Values of a fact that together show every vector the tests can have.

    Args:
        fact: a fact of the theme.
        tests: the tests that an outcome makes on it.
        districts: the options of a place fact.
    """
    if isinstance(fact, YesNoFact):
        yield from (False, True)
    elif isinstance(fact, NumberFact):
        yield from points(fact, tests, Range(None, None))
    elif isinstance(fact, MultiFact):
        yield from _option_sets(fact, tests)
    else:
        yield from getattr(fact, "options", districts)


def points(fact: NumberFact, tests: Sequence[Test], inside: Range) -> list[float]:
    """Numbers inside a range that show every class the tests make there."""
    low, high = inside.within(*fact.range)
    if low > high:
        return []
    cuts = {test.cut for test in tests if isinstance(test, Under) and low <= test.cut <= high}
    if fact.integer:
        low, high = math.ceil(low), math.floor(high)
        near = {float(round(cut + step)) for cut in cuts for step in (-1, 0, 1)}
        return sorted({float(low), float(high), *(n for n in near if low <= n <= high)})
    marks = sorted({low, high, *cuts})
    return sorted({*marks, *((a + b) / 2 for a, b in pairwise(marks))})


def _option_sets(fact: MultiFact, tests: Sequence[Test]) -> Iterator[frozenset[str]]:
    by_signature: dict[Vector, str] = {}
    for option, spec in fact.options.items():
        if spec.exclusive:
            yield frozenset({option})
        else:
            by_signature.setdefault(vector({option}, tests), option)
    if len(by_signature) > MAX_MULTI_GROUPS:
        raise OverflowError(f"一个条件分别用到了 {len(by_signature)} 组选项，最多 {MAX_MULTI_GROUPS} 组")
    for picks in product((False, True), repeat=len(by_signature)):
        chosen = frozenset(o for o, pick in zip(by_signature.values(), picks, strict=True) if pick)
        if chosen or fact.min == 0:
            yield chosen
