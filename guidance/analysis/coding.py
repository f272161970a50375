"""How the values of one fact are coded in the binary variables of a decision diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from dd.bdd import BDD

from guidance.analysis import priors
from guidance.compiler import CompiledTheme
from guidance.theme import MultiFact, NumberFact, Option
from guidance.values import OneOf, Range, Test, Touches, Under, Vector, points, vector

Node = int
"""A node of a decision diagram; the negative number is its complement."""
Branch = tuple[float, dict[str, bool], Any]
"""A way on over a fact: its weight, the variables it sets, and what it picks."""


class Code(Protocol):
    """The coding of one fact."""

    variables: tuple[str, ...]

    def node(self, bdd: BDD, test: Test) -> Node:
        """The assignments that pass a test."""

    def branches(self, variable: str, /) -> Sequence[Branch]:
        """The ways on from a variable of this fact."""

    def merge(self, pick: Any, rest: Any, /) -> Any:
        """What two picks of one fact, the second further down or None, are together."""

    def decode(self, pick: Any) -> Any:
        """The value of the fact that picks stand for."""

    def encode(self, value: Any) -> dict[str, bool]:
        """The variables' values for a value of the fact."""


class ClassCode:
    """One number per class of values, in binary; numbers left over stand for the last class.

    Args:
        name: prefix of the variables.
        values: for each class a value that is in it.
        weights: the share of each class.
        tests: the tests that may be asked about; any, if every value is a class of its own.
    """

    def __init__(
        self, name: str, values: Sequence[Any], weights: Sequence[float], tests: Sequence[Test] | None = None
    ) -> None:
        self._values = list(values)
        self._weights = list(weights)
        self._tests = None if tests is None else list(tests)
        width = (len(self._values) - 1).bit_length()
        self.variables = tuple(f"{name}.{bit}" for bit in reversed(range(width)))

    @classmethod
    def of_options(cls, name: str, specs: Sequence[Any], districts: Mapping[str, Any]) -> ClassCode:
        """The coding of a yes/no, choice or place fact: every value by itself.

        Args:
            name: prefix of the variables.
            specs: the fact in each version of the theme.
            districts: the options of a place.
        """
        options: dict[Any, Any] = {}
        for version in specs:
            options |= getattr(version, "options", districts)
        likely = priors.shares(specs[-1], options)
        return cls(name, list(likely), list(likely.values()))

    @classmethod
    def of_number(cls, name: str, specs: Sequence[NumberFact], tests: Sequence[Test]) -> ClassCode:
        """The coding of a number: the classes that some tests make."""
        spec = specs[-1]
        marks = sorted({test.cut for test in tests if isinstance(test, Under)})
        classes: dict[Vector, list[float]] = {}
        for value in sorted({value for version in specs for value in points(version, tests, Range(None, None))}):
            classes.setdefault(vector(value, tests), []).append(value)
        values = [typical_number(spec, found, key, tests) for key, found in classes.items()]
        weights = [priors.number_share(spec, _is_in(key, tests), marks) for key in classes]
        return cls(name, values, weights, tests)

    @classmethod
    def of_parameter(cls, name: str, city: CompiledTheme) -> ClassCode:
        """The coding of a parameter that a city has not set: `$param` or `$param/fact`."""
        subject = name.partition("@")[0][1:]
        options = None if "/" in subject else city.theme.params[subject].options
        values = list(options or (False, True))
        return cls(name, values, [1 / len(values)] * len(values))

    def node(self, bdd: BDD, test: Test) -> Node:
        """The assignments that pass a test."""
        assert self._tests is None or test in self._tests  # noqa: S101 - its classes would not tell
        return self._tree(bdd, [test.holds(value) for value in self._values], 0)

    def branches(self, _variable: str, /) -> Sequence[Branch]:
        """One way per class, whichever variable of the fact the diagram looks at first."""
        return self._branches

    @cached_property
    def _branches(self) -> list[Branch]:
        width = len(self.variables)
        return [
            (
                weight,
                {variable: bool(number >> width - 1 - bit & 1) for bit, variable in enumerate(self.variables)},
                value,
            )
            for number, (weight, value) in enumerate(zip(self._weights, self._values, strict=True))
        ]

    def merge(self, pick: Any, _rest: Any, /) -> Any:
        """A class is picked at once: the first pick stands."""
        return pick

    def decode(self, pick: Any) -> Any:
        """The picked value."""
        return pick

    def encode(self, value: Any) -> dict[str, bool]:
        """The number of the value's class in binary."""
        tests = [OneOf(frozenset({value}))] if self._tests is None else self._tests
        wanted = vector(value, tests)
        number = next(n for n, known in enumerate(self._values) if vector(known, tests) == wanted)
        return self._branches[number][1]

    def _tree(self, bdd: BDD, truth: list[bool], depth: int) -> Node:
        if all(truth) or not any(truth):
            return 1 if truth[0] else -1
        half = 1 << len(self.variables) - depth - 1
        low = self._tree(bdd, truth[:half], depth + 1)
        high = self._tree(bdd, truth[half:] or truth[-1:], depth + 1)
        node: Node = bdd.ite(bdd.var(self.variables[depth]), high, low)
        return node


class MultiCode:
    """One variable per exclusive option, looked at in turn, then one per other option.

    Where nothing is picked but something must be, the fallback option counts: so every assignment
    is a valid answer.
    """

    def __init__(self, name: str, specs: Sequence[MultiFact]) -> None:
        options: dict[str, tuple[Option, float]] = {}
        for version in specs:
            options |= {id_: (option, priors.option_share(version, id_)) for id_, option in version.options.items()}
        self._alone = {id_: share for id_, (option, share) in options.items() if option.exclusive}
        self._free = {id_: share for id_, (option, share) in options.items() if not option.exclusive}
        some = self._free or self._alone
        self._fallback = max(some, key=lambda id_: some[id_]) if specs[-1].min and some else None
        self._options = {f"{name}:{id_}": id_ for id_ in (*self._alone, *self._free)}
        self.variables = tuple(self._options)
        self._weights = dict(zip(self.variables, self._all_weights(), strict=True))

    def node(self, bdd: BDD, test: Test) -> Node:
        """The assignments that pass a test."""
        assert isinstance(test, Touches)  # noqa: S101 - logic makes no other test on a multi fact
        picked: Node = -1
        passed: Node = -1
        for variable, option in self._options.items():
            if option in self._free:
                picked = bdd.apply("or", picked, bdd.var(variable))
                if option in test.options:
                    passed = bdd.apply("or", passed, bdd.var(variable))
        if self._fallback in test.options:
            passed = bdd.apply("or", passed, -picked)
        for variable, option in reversed(self._options.items()):
            if option in self._alone:
                passed = bdd.ite(bdd.var(variable), 1 if option in test.options else -1, passed)
        return passed

    def branches(self, variable: str, /) -> Sequence[Branch]:
        """The two values of a variable: options are picked one by one."""
        weight = self._weights[variable]
        return [
            (weight, {variable: True}, {variable: True}),
            (1 - weight, {variable: False}, {variable: False}),
        ]

    def merge(self, pick: dict[str, bool], rest: dict[str, bool] | None, /) -> dict[str, bool]:
        """Both picks."""
        return {**(rest or {}), **pick}

    def decode(self, pick: dict[str, bool]) -> frozenset[str]:
        """The set of options; those that make no difference are left out."""
        chosen = [option for variable, option in self._options.items() if pick.get(variable)]
        if chosen and chosen[0] in self._alone:
            return frozenset(chosen[:1])
        return frozenset(chosen or ({self._fallback} if self._fallback else ()))

    def encode(self, value: Iterable[str]) -> dict[str, bool]:
        """Which variables stand for picked options."""
        chosen = set(value)
        return {variable: option in chosen for variable, option in self._options.items()}

    def _all_weights(self) -> Iterator[float]:
        left = 1.0
        for share in self._alone.values():
            yield min(share / left, 1.0) if left > 0 else 0.0
            left -= share
        yield from self._free.values()


def _is_in(key: Vector, tests: Sequence[Test]) -> Callable[[float], bool]:
    return lambda value: vector(value, tests) == key


def typical_number(fact: NumberFact, known: Sequence[float], key: Vector, tests: Sequence[Test]) -> float:
    """A round, likely number of a class.

    Args:
        fact: the number.
        known: values known to be in the class.
        key: which tests the class passes.
        tests: the tests.
    """
    cuts = sorted({test.cut for test in tests if isinstance(test, Under)} | set(fact.range))
    low = max((cut for cut in cuts if cut <= known[0]), default=fact.range[0])
    high = min((cut for cut in cuts if cut >= known[-1]), default=fact.range[1])
    overlaps = [
        (share * (min(high, top) - max(low, bottom)) / max(top - bottom, 1e-9), max(low, bottom), min(high, top))
        for bottom, top, share in priors.bins(fact)
        if min(high, top) > max(low, bottom)
    ]
    _, bottom, top = max(overlaps, default=(0.0, low, high))
    middle = (bottom + top) / 2
    for size in (1000, 500, 100, 50, 10, 5, 1, 0.5, 0.1):
        rounded = round(round(middle / size) * size, 6)
        fits = not fact.integer or rounded == int(rounded)
        if fits and bottom <= rounded <= top and size <= max(middle / 3, 0.1) and vector(rounded, tests) == key:
            return float(rounded)
    return known[len(known) // 2]
