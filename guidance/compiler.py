"""Compiles a theme for one locality: every outcome becomes a truth table."""

from __future__ import annotations

from collections.abc import Container, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from guidance.conditions import Condition
from guidance.library import ByDistrict, LocalItem, Locality
from guidance.logic import TRUE, Both, Formula, Resolver
from guidance.logic import Literal as TestOnFact
from guidance.tables import Table, TableBuilder
from guidance.theme import Item, PlaceFact, Theme
from guidance.values import OneOf

OutcomeKind = Literal["item", "duty", "veto", "notice", "material", "place"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Something that a citizen's situation may call for.

    Attributes:
        id: the author's id; `item/material` for a conditional material, `item@place` for where an item is handled.
        kind: which of the kinds.
        owner: the item a material or place belongs to, else the outcome itself.
        formula: when it is called for.
        table: the same as a truth table.
    """

    id: str
    kind: OutcomeKind
    owner: str
    formula: Formula
    table: Table


@dataclass(frozen=True, slots=True)
class CompiledTheme:
    """A theme with a locality's parameters, ready to guide.

    Attributes:
        outcomes: all outcomes by id.
        gates: by fact, the table of the condition under which it applies; ungated facts absent.
        deciding: by fact, the outcomes whose tables depend on it.
    """

    theme: Theme
    locality: Locality
    outcomes: dict[str, Outcome]
    gates: dict[str, Table]
    deciding: dict[str, tuple[Outcome, ...]]

    def options(self, fact: str) -> dict[str, Any]:
        """The options of a choice, multi or place fact, by id; empty for others."""
        spec = self.theme.facts[fact]
        if isinstance(spec, PlaceFact):
            return dict(self.locality.districts)
        return dict(getattr(spec, "options", {}))


def compile_theme(theme: Theme, locality: Locality) -> CompiledTheme:
    """Compile a theme for a locality.

    Raises:
        UnknownNameError: a condition names something undeclared.
        RecursionError: terms or gates refer to themselves.
        TooLargeError, OverflowError: a condition depends on too much.
    """
    resolver = Resolver(theme, locality)
    builder = TableBuilder(theme.facts, theme.params, locality.districts)
    outcomes = {
        id_: Outcome(id_, kind, owner, formula, builder.build(formula))
        for id_, kind, owner, formula in formulas(resolver)
    }
    gates = {fact: builder.build(resolver.gate(fact)) for fact, spec in theme.facts.items() if spec.only_if is not None}
    deciding: dict[str, list[Outcome]] = {fact: [] for fact in theme.facts}
    for outcome in outcomes.values():
        for dimension in outcome.table.dimensions:
            deciding[dimension.fact].append(outcome)
    return CompiledTheme(theme, locality, outcomes, gates, {f: tuple(o) for f, o in deciding.items()})


def formulas(
    resolver: Resolver, owners: Container[str] | None = None
) -> Iterator[tuple[str, OutcomeKind, str, Formula]]:
    """The id, kind, owner and formula of every outcome, or of the owners asked for."""
    theme, locality = resolver.theme, resolver.locality

    def wanted(group: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        return ((id_, spec) for id_, spec in group.items() if owners is None or id_ in owners)

    for id_, veto in wanted(theme.vetoes):
        yield id_, "veto", id_, resolver.formula(veto.when)
    for id_, item in wanted(theme.items):
        needed = resolver.formula(item.when)
        yield id_, "item", id_, needed
        yield from _conditional_materials(id_, item, needed, resolver)
        yield from _place(id_, needed, theme, locality)
    for id_, duty in wanted(theme.duties):
        yield id_, "duty", id_, resolver.formula(duty.when)
    for id_, notice in wanted(theme.notices):
        yield id_, "notice", id_, resolver.formula(notice.when)


def _conditional_materials(
    id_: str, item: Item, needed: Formula, resolver: Resolver
) -> Iterator[tuple[str, OutcomeKind, str, Formula]]:
    for use in item.materials if item.materials != "none" else ():
        if use.when is not None:
            condition: Condition = use.when
            yield f"{id_}/{use.use}", "material", id_, _all(needed, resolver.formula(condition))


def _place(
    id_: str, needed: Formula, theme: Theme, locality: Locality
) -> Iterator[tuple[str, OutcomeKind, str, Formula]]:
    """A place that depends on the district is an outcome too: it justifies asking the district.

    One place against all others is enough, since a district is either known or quite open.
    """
    district = next((fact for fact, spec in theme.facts.items() if isinstance(spec, PlaceFact)), None)
    where = where_of(locality, id_)
    if district is None or not isinstance(where, ByDistrict):
        return
    place_of = {name: where.by_district.get(name, where.otherwise) for name in locality.districts}
    one = frozenset(name for name, place in place_of.items() if place == next(iter(place_of.values())))
    if len(one) < len(place_of):
        yield f"{id_}@place", "place", id_, _all(needed, TestOnFact(district, OneOf(one)))


def where_of(locality: Locality, item: str) -> str | ByDistrict:
    """Where an item is handled in a city: its own entry, else the city's default."""
    own: LocalItem | None = locality.items.get(item)
    return own.where if own is not None and own.where is not None else locality.where


def _all(first: Formula, second: Formula) -> Formula:
    return second if first == TRUE else Both((first, second))
