"""Truth tables of outcomes, each over the few facts that decide it.

A row is one combination of value classes; a set of rows is one Python integer, bit r for row r,
numbered in mixed radix. The state of a session selects rows; an outcome is needed when all rows
still possible are true, impossible when none is. This is exact, and the tables stay small because
each outcome has its own (docs/decisions/0110-local-tables.md).

Parameters that the city has not set are folded away: `must` holds whatever they are, `may` for
some value of theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any, Final

from guidance.logic import Both, Either, Formula, Literal, Neg
from guidance.theme import Param
from guidance.values import Range, Test, Vector, points, representatives, vector

MAX_ROWS: Final = 1 << 16


class Status(Enum):
    """What a session's answers say about an outcome."""

    NEEDED = "needed"
    PERHAPS = "perhaps"
    UNSET = "unset"
    NOT_NEEDED = "not_needed"


class TooLargeError(ValueError):
    """A condition depends on more combinations than `MAX_ROWS`."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """One fact of a table: the tests made on it and the classes they make."""

    fact: str
    spec: Any
    tests: tuple[Test, ...]
    classes: dict[Vector, int]
    stride: int

    def classes_of(self, answer: Any) -> int:
        """The classes that an answer leaves possible, as a bit set."""
        if isinstance(answer, Range):
            found = 0
            for point in points(self.spec, self.tests, answer):
                found |= 1 << self.classes[vector(point, self.tests)]
            return found
        return 1 << self.classes[vector(answer, self.tests)]


@lru_cache(maxsize=4096)
def _first_class(stride: int, count: int, size: int) -> int:
    """The rows in which a dimension is in its class 0."""
    every_period = ((1 << size) - 1) // ((1 << stride * count) - 1)
    return every_period * ((1 << stride) - 1)


class Table:
    """The truth of one outcome over its support.

    Attributes:
        dimensions: the facts that can decide it.
        size: number of rows.
        must: rows true whatever unset parameters are.
        may: rows true for some value of unset parameters.
        unset: ids of the unset parameters that it depends on.
    """

    __slots__ = ("_swings", "dimensions", "full", "may", "must", "size", "unset")

    def __init__(
        self, dimensions: tuple[Dimension, ...], size: int, must: int, may: int, unset: tuple[str, ...]
    ) -> None:
        self.dimensions = dimensions
        self.size = size
        self.full = (1 << size) - 1
        self.must = must
        self.may = may
        self.unset = unset
        self._swings: dict[str, int] = {}

    def rows(self, answers: Mapping[str, Any]) -> int:
        """The rows that answers leave possible; facts not answered stay open."""
        rows = self.full
        for dimension in self.dimensions:
            answer = answers.get(dimension.fact)
            if answer is not None:
                rows &= self._rows_of(dimension, dimension.classes_of(answer))
        return rows

    def status(self, rows: int) -> Status:
        """Where the outcome stands when these rows are possible."""
        if not rows & ~self.must:
            return Status.NEEDED
        if not rows & self.may:
            return Status.NOT_NEEDED
        if rows & self.must or rows & ~self.may:
            return Status.PERHAPS
        return Status.UNSET

    def matters(self, fact: str, rows: int, settled: Sequence[str] = ()) -> bool:
        """Whether another value of a fact, the rest equal, can make the outcome stand otherwise.

        Args:
            fact: one of the table's facts.
            rows: the rows still possible.
            settled: facts that will stay unknown (「不知道」): projected out, so that nothing is
                asked which could not decide anything.
        """
        dimension = self.dimension(fact)
        unknown = [d for d in self.dimensions if d.fact in settled and d.fact != fact]
        open_rows = self._spread(dimension, rows)
        if not unknown and open_rows == rows:
            if fact not in self._swings:
                self._swings[fact] = self._swing(dimension, self.must, self.full) | self._swing(
                    dimension, self.may, self.full
                )
            return bool(rows & self._swings[fact])
        must, may = self.must, self.may
        for other in unknown:
            must = self._fold(other, must | ~rows & self.full, every=True)
            may = self._fold(other, may & rows, every=False)
        return bool(rows & (self._swing(dimension, must, rows) | self._swing(dimension, may, rows)))

    def dimension(self, fact: str) -> Dimension:
        """The dimension of a fact; KeyError if the table does not depend on it."""
        for dimension in self.dimensions:
            if dimension.fact == fact:
                return dimension
        raise KeyError(fact)

    def _rows_of(self, dimension: Dimension, classes: int) -> int:
        first = _first_class(dimension.stride, len(dimension.classes), self.size)
        rows = 0
        for number in range(len(dimension.classes)):
            if classes >> number & 1:
                rows |= first << number * dimension.stride
        return rows

    def _blocks(self, dimension: Dimension, rows: int) -> Iterator[int]:
        """The rows of each class, moved onto class 0 so that they can be compared."""
        first = _first_class(dimension.stride, len(dimension.classes), self.size)
        for number in range(len(dimension.classes)):
            yield rows >> number * dimension.stride & first

    def _replicate(self, dimension: Dimension, block: int) -> int:
        rows = 0
        for number in range(len(dimension.classes)):
            rows |= block << number * dimension.stride
        return rows

    def _spread(self, dimension: Dimension, rows: int) -> int:
        """Rows reachable by letting the fact take any value."""
        union = 0
        for block in self._blocks(dimension, rows):
            union |= block
        return self._replicate(dimension, union)

    def _fold(self, dimension: Dimension, rows: int, *, every: bool) -> int:
        """Rows true for every (or some) class of a dimension."""
        blocks = list(self._blocks(dimension, rows))
        result = blocks[0]
        for block in blocks[1:]:
            result = result & block if every else result | block
        return self._replicate(dimension, result)

    def _swing(self, dimension: Dimension, truth: int, rows: int) -> int:
        """Rows whose truth differs from that of a possible row which differs in this fact only."""
        true = self._fold(dimension, truth & rows, every=False)
        false = self._fold(dimension, ~truth & rows, every=False)
        return true & false


class TableBuilder:
    """Builds tables for formulas of one theme and locality."""

    def __init__(self, facts: Mapping[str, Any], params: Mapping[str, Param], districts: Mapping[str, Any]) -> None:
        self._facts = facts
        self._order = {fact: number for number, fact in enumerate(facts)}
        self._params = params
        self._districts = districts
        self._classes: dict[tuple[str, tuple[Test, ...]], dict[Vector, int]] = {}

    def build(self, formula: Formula) -> Table:
        """The table of a formula.

        Raises:
            TooLargeError: it depends on too many combinations.
            OverflowError: it distinguishes too many options of one multi question.
        """
        tests: dict[str, dict[Test, None]] = {}
        for literal in literals(formula):
            tests.setdefault(literal.fact, {})[literal.test] = None
        visible = sorted((fact for fact in tests if not fact.startswith("$")), key=self._order.__getitem__)
        hidden = [fact for fact in tests if fact.startswith("$")]
        dimensions: dict[str, Dimension] = {}
        size = 1
        for fact in (*visible, *hidden):
            dimensions[fact] = self._dimension(fact, tuple(tests[fact]), size)
            size *= len(dimensions[fact].classes)
            if size > MAX_ROWS:
                raise TooLargeError(f"{len(tests)} 个问题组合出超过 {MAX_ROWS} 种情形：{'、'.join(tests)}")
        seen = 1
        for fact in visible:
            seen *= len(dimensions[fact].classes)
        must, may = _fold_hidden(_Evaluation(dimensions, size).rows(formula), seen, size)
        unset = tuple(dict.fromkeys(fact[1:].split("/")[0] for fact in hidden)) if must != may else ()
        return Table(tuple(dimensions[fact] for fact in visible), seen, must, may, unset)

    def _dimension(self, fact: str, tests: tuple[Test, ...], stride: int) -> Dimension:
        if (fact, tests) not in self._classes:
            self._classes[fact, tests] = self._classes_of(fact, tests)
        return Dimension(fact, self._facts.get(fact), tests, self._classes[fact, tests], stride)

    def _classes_of(self, fact: str, tests: tuple[Test, ...]) -> dict[Vector, int]:
        spec = self._facts.get(fact)
        values = representatives(spec, tests, self._districts) if spec else self._unset_values(fact)
        classes: dict[Vector, int] = {}
        for value in values:
            classes.setdefault(vector(value, tests), len(classes))
        return classes

    def _unset_values(self, fact: str) -> Iterable[Any]:
        if "/" in fact:
            return [False, True]
        options = self._params[fact[1:]].options
        return list(options) if options else [False, True]


def literals(formula: Formula) -> Iterator[Literal]:
    """All tests of a formula."""
    match formula:
        case Both(parts) | Either(parts):
            for part in parts:
                yield from literals(part)
        case Neg(part):
            yield from literals(part)
        case Literal():
            yield formula


class _Evaluation:
    """Bottom-up evaluation of a formula on all rows at once."""

    def __init__(self, dimensions: Mapping[str, Dimension], size: int) -> None:
        self._dimensions = dimensions
        self._size = size
        self._full = (1 << size) - 1
        self._memo: dict[tuple[str, Test], int] = {}

    def rows(self, formula: Formula) -> int:
        match formula:
            case Both(parts):
                rows = self._full
                for part in parts:
                    rows &= self.rows(part)
                return rows
            case Either(parts):
                rows = 0
                for part in parts:
                    rows |= self.rows(part)
                return rows
            case Neg(part):
                return self._full ^ self.rows(part)
            case Literal(fact, test, negated):
                rows = self._test(fact, test)
                return self._full ^ rows if negated else rows

    def _test(self, fact: str, test: Test) -> int:
        if (fact, test) not in self._memo:
            dimension = self._dimensions[fact]
            position = dimension.tests.index(test)
            first = _first_class(dimension.stride, len(dimension.classes), self._size)
            rows = 0
            for passed, number in dimension.classes.items():
                if passed[position]:
                    rows |= first << number * dimension.stride
            self._memo[fact, test] = rows
        return self._memo[fact, test]


def _fold_hidden(rows: int, seen: int, size: int) -> tuple[int, int]:
    """Rows true for every, and for some, value of the unset parameters (the highest dimensions)."""
    block = (1 << seen) - 1
    must, may = block, 0
    for start in range(0, size, seen):
        part = rows >> start & block
        must &= part
        may |= part
    return must, may
