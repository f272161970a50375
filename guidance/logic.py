"""Conditions made concrete for one city: terms entered, parameters filled in, gates folded in.

A test on a fact whose gate (`only_if`) is closed is false, whichever way it is written: so the
gate becomes a part of the test, and an answer behind a closed gate cannot leak into any outcome.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guidance import conditions as written
from guidance.library import Below, Locality, ParamLiteral, ParamValue, UpTo
from guidance.theme import MultiFact, PlaceFact, Theme
from guidance.values import OneOf, Test, Touches, Under


@dataclass(frozen=True, slots=True)
class Both:
    """All parts hold; without parts: true."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """Some part holds; without parts: false."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True, slots=True)
class Neg:
    """The part does not hold."""

    part: Formula


@dataclass(frozen=True, slots=True)
class Literal:
    """A test on a fact, or on an unset parameter when `fact` starts with `$`."""

    fact: str
    test: Test
    negated: bool = False


Formula = Both | Either | Neg | Literal
TRUE = Both(())
FALSE = Either(())


class UnknownNameError(LookupError):
    """A condition names a fact, term or parameter that the theme does not declare."""


class Resolver:
    """Turns the written conditions of one theme into formulas for one locality."""

    def __init__(self, theme: Theme, locality: Locality) -> None:
        self.theme = theme
        self.locality = locality
        self._place = next((f for f, spec in theme.facts.items() if isinstance(spec, PlaceFact)), None)
        self._terms: dict[str, Formula] = {}
        self._gates: dict[str, Formula] = {}
        self._open: list[str] = []

    def formula(self, condition: written.Condition) -> Formula:
        """The formula of a condition.

        Raises:
            UnknownNameError: it names something undeclared.
            RecursionError: terms or gates refer to themselves; the message names the circle.
        """
        match condition:
            case written.Always():
                return TRUE
            case written.AllOf(parts):
                return Both(tuple(self.formula(part) for part in parts))
            case written.AnyOf(parts):
                return Either(tuple(self.formula(part) for part in parts))
            case written.Not(part):
                return Neg(self.formula(part))
            case written.Is(term):
                return self._term(term)
            case written.Atom(subject, op, operand) if subject.startswith("$"):
                return self._param_test(subject[1:], op, operand)
            case written.Atom(subject, op, operand):
                return self._fact_test(subject, op, operand)

    def gate(self, fact: str) -> Formula:
        """The formula under which a fact applies at all."""
        if fact not in self._gates:
            spec = self.theme.facts[fact]
            self._enter(f"fact {fact}")
            self._gates[fact] = TRUE if spec.only_if is None else self.formula(spec.only_if)
            self._open.pop()
        return self._gates[fact]

    def _term(self, name: str) -> Formula:
        if name not in self.theme.terms:
            raise UnknownNameError(name)
        if name not in self._terms:
            self._enter(f"term {name}")
            self._terms[name] = self.formula(self.theme.terms[name].when)
            self._open.pop()
        return self._terms[name]

    def _enter(self, name: str) -> None:
        if name in self._open:
            raise RecursionError(" → ".join([*self._open[self._open.index(name) :], name]))
        self._open.append(name)

    def _behind_gate(self, fact: str, *tests: Formula) -> Formula:
        gate = self.gate(fact)
        return Both(tests) if gate == TRUE else Both((gate, *tests))

    def _fact_test(self, fact: str, op: str, operand: Any) -> Formula:
        if fact not in self.theme.facts:
            raise UnknownNameError(fact)
        if op in written.NUMBER_OPS:
            return self._behind_gate(fact, self._number_test(fact, op, operand))
        if isinstance(self.theme.facts[fact], MultiFact):
            return self._behind_gate(fact, *_multi_tests(fact, op, operand))
        values = operand if op == "in" else (operand,)
        return self._behind_gate(fact, Literal(fact, OneOf(frozenset(values))))

    def _number_test(self, fact: str, op: str, operand: Any) -> Formula:
        if not isinstance(operand, str):
            return _compare(fact, op, operand)
        param = operand[1:]
        if param not in self.theme.params:
            raise UnknownNameError(operand)
        value = self.locality.params.get(param)
        if value is None:
            return _unset_compare(fact, op, param)
        default = _compare(fact, op, value.value)
        if not value.overrides or self._place is None:
            return default
        return self._with_overrides(fact, op, value, default)

    def _with_overrides(self, fact: str, op: str, value: ParamValue, default: Formula) -> Formula:
        """One comparison per district that has a value of its own."""
        assert self._place is not None  # noqa: S101 - the caller made sure
        own = frozenset(value.overrides)
        elsewhere = Literal(self._place, OneOf(own), negated=True)
        return Either(
            (
                Both((elsewhere, default)),
                *(
                    Both((Literal(self._place, OneOf(frozenset({district}))), _compare(fact, op, cut)))
                    for district, cut in value.overrides.items()
                ),
            )
        )

    def _param_test(self, param: str, op: str, operand: Any) -> Formula:
        if param not in self.theme.params:
            raise UnknownNameError(f"${param}")
        values = frozenset(operand if op == "in" else (operand,))
        value = self.locality.params.get(param)
        if value is None:
            return Literal(f"${param}", OneOf(values))
        return TRUE if value.value in values else FALSE


def _multi_tests(fact: str, op: str, operand: Any) -> Iterator[Formula]:
    if op == "all":
        yield from (Literal(fact, Touches(frozenset({option}))) for option in operand)
    else:
        options = frozenset(operand if op in ("any", "none", "in") else (operand,))
        yield Literal(fact, Touches(options), negated=op == "none")


def cut_of(value: ParamLiteral) -> Under:
    """The low side of a threshold parameter."""
    match value:
        case UpTo(up_to):
            return Under(up_to, closed=True)
        case Below(below):
            return Under(below, closed=False)
        case _:
            return Under(float(value), closed=True)


def _compare(fact: str, op: str, operand: Any) -> Formula:
    match op:
        case "within":
            return Literal(fact, cut_of(operand))
        case "beyond":
            return Literal(fact, cut_of(operand), negated=True)
        case "lt" | "ge":
            return Literal(fact, Under(_number(operand), closed=False), negated=op == "ge")
        case _:
            return Literal(fact, Under(_number(operand), closed=True), negated=op == "gt")


def _number(operand: Any) -> float:
    match operand:
        case UpTo(value) | Below(value):
            return value
        case _:
            return float(operand)


def _unset_compare(fact: str, op: str, param: str) -> Formula:
    """Which side of an unset threshold a number is on: unknown, but the same for all who ask."""
    low = op in ("within", "lt", "le")
    return Literal(f"${param}/{fact}", OneOf(frozenset({True})), negated=not low)
