"""The fewest rows that say when an outcome is called for: prime implicants over classes of values.

A row gives some facts a set of values each; facts that it leaves out may have any. Sets are such as
people read: an interval of a number, some options of a choice, what a several-answer question has
and has not.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from guidance.compiler import CompiledTheme
from guidance.sentences import say_side
from guidance.tables import Dimension, Table
from guidance.theme import MultiFact, NumberFact, YesNoFact
from guidance.values import Touches, Under, vector

Row = dict[str, int]
"""By fact, the classes it may have, as a bit set; facts left out may have any."""


def cover(table: Table, truth: int) -> list[Row]:
    """Rows that together cover exactly a set of a table's rows; none can be widened or left out.

    Args:
        table: an outcome's table.
        truth: the set of rows, `table.must` for instance.
    """
    masks = {d.fact: _class_rows(d, table.size) for d in table.dimensions}
    found: list[tuple[Row, int]] = []
    left = truth
    while left:
        number = (left & -left).bit_length() - 1
        row = _widen(table, masks, truth, {d.fact: 1 << _class_at(d, number) for d in table.dimensions})
        covered = _covered(table, masks, row)
        found.append((row, covered))
        left &= ~covered
    kept = list(found)
    for entry in found:
        others = 0
        for other in kept:
            others |= 0 if other is entry else other[1]
        if not truth & ~others:
            kept.remove(entry)
    return [{d.fact: row[d.fact] for d in table.dimensions if row[d.fact] != _everything(d)} for row, _ in kept]


def say_cell(compiled: CompiledTheme, dimension: Dimension, classes: int) -> str:
    """The values of a set of classes, as people read them."""
    spec = dimension.spec
    chosen = [key for key, number in dimension.classes.items() if classes >> number & 1]
    if isinstance(spec, YesNoFact):
        return "是" if vector(True, dimension.tests) in chosen else "否"
    if isinstance(spec, NumberFact):
        return _say_interval(dimension, spec, chosen)
    options = compiled.options(dimension.fact)
    if isinstance(spec, MultiFact):
        return "，".join(_say_touch(options, test, holds=holds) for test, holds in _fixed(dimension, chosen))
    inside = [f"“{o.label}”" for id_, o in options.items() if vector(id_, dimension.tests) in chosen]
    outside = [f"“{o.label}”" for id_, o in options.items() if vector(id_, dimension.tests) not in chosen]
    return "或".join(inside) if len(inside) <= len(outside) else f"不是{'、'.join(outside)}"


def _class_rows(dimension: Dimension, size: int) -> list[int]:
    """For each class of a dimension, the rows that have it."""
    count, stride = len(dimension.classes), dimension.stride
    periods = ((1 << size) - 1) // ((1 << stride * count) - 1)
    return [periods * ((1 << stride) - 1) << number * stride for number in range(count)]


def _class_at(dimension: Dimension, row: int) -> int:
    return row // dimension.stride % len(dimension.classes)


def _everything(dimension: Dimension) -> int:
    return (1 << len(dimension.classes)) - 1


def _covered(table: Table, masks: dict[str, list[int]], row: Row) -> int:
    covered = table.full
    for fact, classes in row.items():
        union = 0
        for number, mask in enumerate(masks[fact]):
            if classes >> number & 1:
                union |= mask
        covered &= union
    return covered


def _widen(table: Table, masks: dict[str, list[int]], truth: int, row: Row) -> Row:
    """The row with facts dropped, the last asked first, and then sets widened, as far as it stays true."""
    for dimension in reversed(table.dimensions):
        wider = {**row, dimension.fact: _everything(dimension)}
        if not _covered(table, masks, wider) & ~truth:
            row = wider
    for dimension in table.dimensions:
        grown = True
        while grown:
            grown = False
            for classes in _wider(dimension, row[dimension.fact]):
                wider = {**row, dimension.fact: classes}
                if classes != row[dimension.fact] and not _covered(table, masks, wider) & ~truth:
                    row, grown = wider, True
                    break
    return row


def _wider(dimension: Dimension, classes: int) -> Iterator[int]:
    """The next wider readable sets of classes."""
    everything = _everything(dimension)
    if isinstance(dimension.spec, NumberFact):
        yield from (
            wider for wider in (classes | classes << 1, classes | classes >> 1) if classes != wider <= everything
        )
    elif isinstance(dimension.spec, MultiFact):
        chosen = [key for key, number in dimension.classes.items() if classes >> number & 1]
        for dropped, _ in _fixed(dimension, chosen):
            position = dimension.tests.index(dropped)
            kept = [(p, chosen[0][p]) for p, _ in _fixed_positions(chosen) if p != position]
            yield sum(
                1 << number
                for key, number in dimension.classes.items()
                if all(key[place] is value for place, value in kept)
            )
    else:
        yield from (classes | 1 << n for n in range(len(dimension.classes)) if not classes >> n & 1)


def _fixed_positions(chosen: Sequence[Any]) -> Iterator[tuple[int, bool]]:
    """The tests that all of some classes pass, or all fail."""
    for position, value in enumerate(chosen[0]):
        if all(key[position] is value for key in chosen):
            yield position, value


def _fixed(dimension: Dimension, chosen: Sequence[Any]) -> Iterator[tuple[Any, bool]]:
    return ((dimension.tests[position], value) for position, value in _fixed_positions(chosen))


def _say_interval(dimension: Dimension, spec: NumberFact, chosen: Sequence[Any]) -> str:
    cuts = sorted((t for t in dimension.tests if isinstance(t, Under)), key=lambda t: (t.cut, t.closed))
    fixed = dict(_fixed(dimension, chosen))
    over = [cut for cut in cuts if fixed.get(cut) is False]
    under = [cut for cut in cuts if fixed.get(cut) is True]
    told = [say_side(over[-1], spec.unit, low=False)] if over else []
    told += [say_side(under[0], spec.unit, low=True)] if under else []
    return "，".join(told)


def _say_touch(options: dict[str, Any], test: Any, *, holds: bool) -> str:
    assert isinstance(test, Touches)  # noqa: S101 - logic makes no other test on a multi fact
    names = [f"“{option.label}”" for id_, option in options.items() if id_ in test.options]
    return f"有{'或'.join(names)}" if holds else f"没有{'、'.join(names)}"
