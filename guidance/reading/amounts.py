"""Which number of a text belongs to which fact, and what it is in the fact's own unit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Final

from guidance.reading import words
from guidance.reading.normalise import normalise
from guidance.reading.quantities import Quantity
from guidance.reading.vocabulary import unit_group
from guidance.theme import NumberFact
from guidance.values import Range

_MYRIAD_UNITS: Final = ("wan",)


def factor(fact: NumberFact, quantity: Quantity) -> float | None:
    """How many of the fact's unit one of the quantity's is; None if the unit does not fit."""
    group = unit_group(fact.unit)
    if not quantity.unit:
        return 1e-4 if group in _MYRIAD_UNITS and quantity.scaled else 1.0
    for unit, size in fact.accept_units.items():
        if normalise(unit).text == quantity.unit:
            return size
    known = words.UNIT_GROUPS.get(group, {})
    if quantity.unit in known:
        return known[quantity.unit]
    return 1.0 if quantity.unit == normalise(fact.unit).text else None


def measure(fact: NumberFact, quantity: Quantity) -> float | int | Range | None:
    """The quantity in the fact's unit; None if the unit does not fit."""
    size = factor(fact, quantity)
    return None if size is None else scaled(fact, quantity.value, size)


def scaled(fact: NumberFact, value: Range, size: float) -> float | int | Range:
    """A quantity's bounds times the size of its unit, rounded to whole numbers where they are."""
    low, high = (_rounded(bound, size) for bound in (value.low, value.high))
    if low is not None and low == high:
        return int(low) if float(low).is_integer() else low
    if fact.integer:
        return _whole(Range(low, high, value.low_open, value.high_open))
    return Range(low, high, value.low_open, value.high_open)


def fits(fact: NumberFact, value: float | Range) -> bool:
    """Whether a value, or a part of a range, lies inside the fact's range."""
    if not isinstance(value, Range):
        return fact.range[0] <= value <= fact.range[1] and not (fact.integer and value % 1)
    low, high = value.within(*fact.range)
    return low <= high


def narrower(first: float | Range, second: float | Range) -> float | Range | None:
    """The more exact of two readings of one number; None if they contradict each other."""
    if _holds(first, second):
        return second
    return first if _holds(second, first) else None


def _holds(outer: float | Range, inner: float | Range) -> bool:
    outer, inner = _as_range(outer), _as_range(inner)
    above = outer.low is None or (inner.low is not None and outer.low <= inner.low)
    below = outer.high is None or (inner.high is not None and inner.high <= outer.high)
    return above and below


def _as_range(value: float | Range) -> Range:
    return value if isinstance(value, Range) else Range(value, value)


def _rounded(bound: float | None, size: float) -> float | None:
    if bound is None:
        return None
    return round(bound * size, 6 if size <= 1 else 0 if bound * size >= 100 else 2)


def _whole(value: Range) -> Range:
    """A range of whole numbers: 8.4–11.6 people are 8–12."""
    low = value.low if value.low is None else float(math.floor(value.low))
    high = value.high if value.high is None else float(math.ceil(value.high))
    return Range(low, high, value.low_open, value.high_open)


def size_options(sizes: Mapping[str, Sequence[Quantity]], quantity: Quantity) -> list[str]:
    """The options of a choice (不超过1万平方米, 1万到4万平方米) that a quantity falls into."""
    return [
        option
        for option, quantities in sizes.items()
        if any(_same_unit(limit, quantity) and _holds(limit.value, quantity.value) for limit in quantities)
    ]


def _same_unit(limit: Quantity, quantity: Quantity) -> bool:
    if not quantity.unit:
        return quantity.scaled == limit.scaled
    return any(limit.unit in group and quantity.unit in group for group in words.UNIT_GROUPS.values())


def fact_of(quantity: Quantity, facts: Mapping[str, NumberFact], cue: str | None, asked: str | None) -> list[str]:
    """The facts a number with a unit may belong to; one if that is clear.

    Args:
        quantity: a number with a unit.
        facts: the theme's number facts.
        cue: the number fact named nearest to it, if any.
        asked: the number fact being asked, if any.
    """
    accepting = [id_ for id_, fact in facts.items() if factor(fact, quantity) is not None]
    for preferred in (cue, asked):
        if preferred in accepting:
            return [preferred]
    strong = [id_ for id_ in accepting if unit_group(facts[id_].unit) in words.STRONG_UNITS]
    if not any(quantity.unit in words.UNIT_GROUPS[group] for group in words.STRONG_UNITS):
        return []
    ungated = [id_ for id_ in strong if facts[id_].only_if is None]
    return ungated or strong
