"""Direct evaluation of written conditions on one whole situation: the meaning, without tables.

Slow and plain on purpose. The linter's examples and the proofs of the tables stand on it: it shares
no code with `guidance.logic` and `guidance.tables`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Any

from guidance import conditions as written
from guidance.library import Below, Locality, ParamLiteral, UpTo
from guidance.theme import PlaceFact, Theme

Oracle = Mapping[str, Any]
"""Assumed values of unset parameters: `param` for choices, `param/fact` for 「within the cut」."""


class DirectEvaluation:
    """Evaluates conditions of a theme for one situation and one oracle.

    Attributes:
        situation: a value for every fact that applies; facts behind a closed gate may be present
            and are ignored.
    """

    def __init__(self, theme: Theme, locality: Locality, situation: Mapping[str, Any], oracle: Oracle) -> None:
        self.theme = theme
        self.locality = locality
        self.situation = situation
        self.oracle = oracle
        self._terms: dict[str, bool] = {}

    def holds(self, condition: written.Condition) -> bool:
        """Whether a condition holds."""
        match condition:
            case written.Always():
                return True
            case written.AllOf(parts):
                return all(self.holds(part) for part in parts)
            case written.AnyOf(parts):
                return any(self.holds(part) for part in parts)
            case written.Not(part):
                return not self.holds(part)
            case written.Is(term):
                if term not in self._terms:
                    self._terms[term] = self.holds(self.theme.terms[term].when)
                return self._terms[term]
            case written.Atom(subject, op, operand) if subject.startswith("$"):
                values = operand if op == "in" else [operand]
                return self._param(subject[1:]) in values
            case written.Atom(subject, op, operand):
                return self.applies(subject) and self._passes(subject, op, operand)

    def applies(self, fact: str) -> bool:
        """Whether a fact's gate is open."""
        gate = self.theme.facts[fact].only_if
        return gate is None or self.holds(gate)

    def outcomes(self) -> set[str]:
        """The ids of all items, duties, vetoes and notices called for, and `item/material`."""
        theme = self.theme
        groups = (theme.items, theme.duties, theme.vetoes, theme.notices)
        called = {id_ for group in groups for id_, spec in group.items() if self.holds(spec.when)}
        for id_, item in theme.items.items():
            if id_ in called and item.materials != "none":
                called |= {f"{id_}/{use.use}" for use in item.materials if use.when and self.holds(use.when)}
        return called

    def calls_for(self, outcome: str) -> bool:
        """Whether one outcome, named as in `outcomes`, is called for."""
        owner, _, material = outcome.partition("/")
        theme = self.theme
        spec: Any = {**theme.items, **theme.duties, **theme.vetoes, **theme.notices}[owner]
        if not self.holds(spec.when):
            return False
        return not material or any(use.use == material and use.when and self.holds(use.when) for use in spec.materials)

    def _param(self, param: str) -> Any:
        value = self.locality.params.get(param)
        return self.oracle[param] if value is None else value.value

    def _passes(self, fact: str, op: str, operand: Any) -> bool:
        value = self.situation[fact]
        match op:
            case "eq" | "has":
                return bool(operand in value if isinstance(value, frozenset) else operand == value)
            case "in" | "any":
                return any(o in value for o in operand) if isinstance(value, frozenset) else value in operand
            case "all":
                return all(option in value for option in operand)
            case "none":
                return not any(option in value for option in operand)
            case _:
                return self._compares(fact, value, op, operand)

    def _compares(self, fact: str, value: float, op: str, operand: Any) -> bool:
        if isinstance(operand, str):
            own = self.locality.params.get(operand[1:])
            if own is None:
                low: bool = self.oracle[f"{operand[1:]}/{fact}"]
                return low if op in ("within", "lt", "le") else not low
            operand = own.overrides.get(self._district(), own.value)
        number = (
            operand.up_to if isinstance(operand, UpTo) else operand.below if isinstance(operand, Below) else operand
        )
        comparisons = {
            "lt": value < number,
            "le": value <= number,
            "gt": value > number,
            "ge": value >= number,
            "within": _within(value, operand),
            "beyond": not _within(value, operand),
        }
        return comparisons[op]

    def _district(self) -> str:
        places = (id_ for id_, spec in self.theme.facts.items() if isinstance(spec, PlaceFact))
        return str(self.situation.get(next(places, "")))


def _within(value: float, cut: ParamLiteral) -> bool:
    return (
        value < cut.below if isinstance(cut, Below) else value <= (cut.up_to if isinstance(cut, UpTo) else float(cut))
    )


def oracles(theme: Theme, locality: Locality) -> Iterator[dict[str, Any]]:
    """Every way in which the unset parameters of a city could turn out."""
    keys: dict[str, list[Any]] = {}
    for condition in written_conditions(theme):
        for atom in written.atoms(condition):
            if atom.subject.startswith("$") and atom.subject[1:] not in locality.params:
                options = theme.params[atom.subject[1:]].options
                keys[atom.subject[1:]] = list(options) if options else [False, True]
            elif (
                isinstance(atom.operand, str)
                and atom.operand.startswith("$")
                and atom.operand[1:] not in locality.params
            ):
                keys[f"{atom.operand[1:]}/{atom.subject}"] = [False, True]
    for values in product(*keys.values()):
        yield dict(zip(keys, values, strict=True))


def written_conditions(theme: Theme) -> Iterator[written.Condition]:
    """Every condition of a theme as written: gates, terms, outcomes and materials."""
    yield from (spec.only_if for spec in theme.facts.values() if spec.only_if is not None)
    for group in (theme.terms, theme.items, theme.duties, theme.vetoes, theme.notices):
        yield from (spec.when for spec in group.values())
    for item in theme.items.values():
        if item.materials != "none":
            yield from (use.when for use in item.materials if use.when is not None)
