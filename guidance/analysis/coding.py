"""How the values of one fact are coded in the binary variables of a decision diagram."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import Any, Protocol

from dd.autoref import BDD, Function

from guidance.analysis import priors
from guidance.compiler import CompiledTheme
from guidance.theme import NumberFact, Option, YesNoFact
from guidance.values import Range, Test, Touches, Under, Vector, points, vector

Branch = tuple[float, dict[str, bool], Any]
"""A way on over a fact: its weight, the variables it sets, and what it picks."""


class Code(Protocol):
    """The coding of one fact."""

    variables: tuple[str, ...]

    def node(self, bdd: BDD, test: Test) -> Function:
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
        values: for each class the values known to be in it.
        weights: the share of each class.
        tests: the tests that make the classes.
    """

    def __init__(self, name: str, values: Mapping[Vector, Any], weights: Sequence[float], tests: Sequence[Test]):
        self._vectors = list(values)
        self._values = list(values.values())
        self._tests = list(tests)
        self._weights = list(weights)
        width = (len(self._vectors) - 1).bit_length()
        self.variables = tuple(f"{name}.{bit}" for bit in reversed(range(width)))

    @classmethod
    def of_fact(cls, name: str, specs: Sequence[Any], districts: Mapping[str, Any], tests: Sequence[Test]) -> ClassCode:
        """The coding of a yes/no, choice, number or place fact.

        Args:
            name: prefix of the variables.
            specs: the fact in each version of the theme.
            districts: the options of a place.
            tests: all tests made on it.
        """
        spec = specs[-1]
        if isinstance(spec, NumberFact):
            return cls._of_number(name, specs, tests)
        options: dict[Any, Any] = {}
        for version in specs:
            options |= getattr(version, "options", districts)
        likely = priors.shares(spec, options)
        values = dict.fromkeys((False, True)) if isinstance(spec, YesNoFact) else options
        classes: dict[Vector, list[Any]] = {}
        for value in values:
            classes.setdefault(vector(value, tests), []).append(value)
        typical = {key: max(found, key=lambda value: likely[value]) for key, found in classes.items()}
        return cls(name, typical, [sum(likely[v] for v in found) for found in classes.values()], tests)

    @classmethod
    def _of_number(cls, name: str, specs: Sequence[NumberFact], tests: Sequence[Test]) -> ClassCode:
        spec = specs[-1]
        marks = sorted({test.cut for test in tests if isinstance(test, Under)})
        classes: dict[Vector, list[float]] = {}
        for value in sorted({value for version in specs for value in points(version, tests, Range(None, None))}):
            classes.setdefault(vector(value, tests), []).append(value)
        values = {key: typical_number(spec, found, key, tests) for key, found in classes.items()}
        weights = [
            priors.number_share(spec, lambda value, key=key: vector(value, tests) == key, marks)  # type: ignore[misc]
            for key in classes
        ]
        return cls(name, values, weights, tests)

    @classmethod
    def of_parameter(cls, name: str, city: CompiledTheme, tests: Sequence[Test]) -> ClassCode:
        """The coding of a parameter that a city has not set: `$param` or `$param/fact`."""
        subject = name.partition("@")[0][1:]
        options = None if "/" in subject else city.theme.params[subject].options
        classes: dict[Vector, Any] = {}
        for value in options or (False, True):
            classes.setdefault(vector(value, tests), value)
        return cls(name, classes, [1 / len(classes)] * len(classes), tests)

    def node(self, bdd: BDD, test: Test) -> Function:
        """The assignments that pass a test."""
        position = self._tests.index(test)
        return self._tree(bdd, [passed[position] for passed in self._vectors], 0)

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
        _, assignment, _ = self._branches[self._vectors.index(vector(value, self._tests))]
        return assignment

    def _tree(self, bdd: BDD, truth: list[bool], depth: int) -> Function:
        if all(truth) or not any(truth):
            return bdd.true if truth[0] else bdd.false
        half = 1 << len(self.variables) - depth - 1
        low = self._tree(bdd, truth[:half], depth + 1)
        high = self._tree(bdd, truth[half:] or truth[-1:], depth + 1)
        return bdd.ite(bdd.var(self.variables[depth]), high, low)


class MultiCode:
    """One variable per exclusive option, looked at in turn, then one per other option.

    Options that no test tells apart share a variable. Where nothing is picked but something must
    be, the fallback option counts: so every assignment is a valid answer.
    """

    def __init__(self, name: str, specs: Sequence[Any], tests: Sequence[Test]) -> None:
        options: dict[str, Option] = {}
        for version in specs:
            options |= version.options
        self._min: int = specs[-1].min
        alone: dict[Vector, dict[str, float]] = {}
        free: dict[Vector, dict[str, float]] = {}
        for id_, option in options.items():
            group = alone if option.exclusive else free
            owner = next(version for version in reversed(specs) if id_ in version.options)
            group.setdefault(vector({id_}, tests), {})[id_] = priors.option_share(owner, id_)
        self._alone = list(alone.values())
        self._free = list(free.values())
        everything = {id_: share for group in (self._free or self._alone) for id_, share in group.items()}
        self._fallback = max(everything, key=lambda id_: everything[id_]) if self._min and everything else None
        self.variables = (
            *(f"{name}!{n}" for n in range(len(self._alone))),
            *(f"{name}+{n}" for n in range(len(self._free))),
        )
        self._weights = dict(zip(self.variables, self._all_weights(), strict=True))

    def node(self, bdd: BDD, test: Test) -> Function:
        """The assignments that pass a test."""
        assert isinstance(test, Touches)  # noqa: S101 - logic makes no other test on a multi fact
        split = len(self._alone)
        exclusive, others = self.variables[:split], self.variables[split:]
        picked = bdd.false
        passed = bdd.false
        for variable, group in zip(others, self._free, strict=True):
            picked = picked | bdd.var(variable)
            if not test.options.isdisjoint(group):
                passed = passed | bdd.var(variable)
        if self._fallback in test.options:
            passed = passed | ~picked
        for variable, group in reversed(list(zip(exclusive, self._alone, strict=True))):
            inside = bdd.false if test.options.isdisjoint(group) else bdd.true
            passed = bdd.ite(bdd.var(variable), inside, passed)
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
        split = len(self._alone)
        for variable, group in zip(self.variables[:split], self._alone, strict=True):
            if pick.get(variable):
                return frozenset({_likeliest(group)})
        chosen = {
            _likeliest(group)
            for variable, group in zip(self.variables[split:], self._free, strict=True)
            if pick.get(variable)
        }
        return frozenset(chosen or ({self._fallback} if self._fallback else ()))

    def encode(self, value: Iterable[str]) -> dict[str, bool]:
        """Which variables stand for picked options."""
        chosen = set(value)
        groups = [*self._alone, *self._free]
        return {variable: not chosen.isdisjoint(group) for variable, group in zip(self.variables, groups, strict=True)}

    def _all_weights(self) -> Iterator[float]:
        left = 1.0
        for group in self._alone:
            share = min(sum(group.values()), left)
            yield share / left if left else 0.0
            left -= share
        for group in self._free:
            none = 1.0
            for share in group.values():
                none *= 1 - share
            yield 1 - none


def _likeliest(group: Mapping[str, float]) -> str:
    return max(group, key=lambda option: group[option])


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
