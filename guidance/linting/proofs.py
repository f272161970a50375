"""Proofs about a theme over all situations, in every city at once.

What is claimed of a theme is claimed of every city of the catalogue and of a city that has set no
parameter: so a rule that only other cities need is not called useless.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from guidance.analysis.coding import Node
from guidance.analysis.sites import Site, condition_at, sites
from guidance.analysis.space import EVERY, NO, Space, Truth
from guidance.analysis.telling import say_situation
from guidance.compiler import CompiledTheme
from guidance.conditions import ALWAYS, AllOf, Condition
from guidance.logic import Resolver


@dataclass(frozen=True, slots=True)
class Witness:
    """A situation that shows a finding, and the city in which it does."""

    city: CompiledTheme
    situation: dict[str, Any]

    def __str__(self) -> str:
        return say_situation(self.city, self.situation)


class Proofs:
    """Everything that is asked about one theme.

    Args:
        cities: the theme compiled for each city, and for a city without parameters, last.
    """

    def __init__(self, cities: Sequence[CompiledTheme]) -> None:
        self.cities = list(cities)
        self.theme = cities[0].theme
        self._resolvers = {c.locality.id: Resolver(self.theme, c.locality) for c in cities}
        self._truths: dict[tuple[str, str], Truth] = {}

    @property
    def real_cities(self) -> list[CompiledTheme]:
        """The cities of the catalogue."""
        return self.cities[:-1]

    @cached_property
    def space(self) -> Space:
        """All situations."""
        conditions = [condition for _, condition in sites(self.theme)]
        further = [(r.formula(condition), city) for city, r in self._resolvers.items() for condition in conditions]
        return Space(self.cities, further)

    def node(self, condition: Condition, city: CompiledTheme) -> Node:
        """The situations in which a condition holds; unset parameters stay free."""
        id_ = city.locality.id
        return self.space.node(self._resolvers[id_].formula(condition), id_)

    def truth(self, outcome: str, city: CompiledTheme) -> Truth:
        """When an outcome is called for in a city."""
        key = (outcome, city.locality.id)
        if key not in self._truths:
            self._truths[key] = self.space.truth(city.outcomes[outcome].formula, city.locality.id)
        return self._truths[key]

    def unreachable(self, outcome: str, cities: Sequence[CompiledTheme] | None = None) -> bool:
        """Whether no situation calls for an outcome; proved by the outcome's own table, which is exact."""
        return all(city.outcomes[outcome].table.may == 0 for city in cities or self.cities)

    def idle(self, fact: str) -> bool:
        """Whether no answer to a fact ever changes an outcome; proved by the outcomes' own tables."""
        return not any(
            outcome.table.matters(fact, outcome.table.full) for city in self.cities for outcome in city.deciding[fact]
        )

    def never(self, condition: Condition) -> bool:
        """Whether a condition holds in no situation of any city."""
        return all(self.node(condition, city) == NO for city in self.cities)

    def always(self, condition: Condition) -> bool:
        """Whether a condition holds in every situation of every city."""
        return all(self.node(condition, city) == EVERY for city in self.cities)

    def equal(self, one: Condition, other: Condition, given: Condition = ALWAYS) -> bool:
        """Whether two conditions hold in the same situations, as far as a third holds."""
        return self.difference(one, other, given) is None

    def difference(self, one: Condition, other: Condition, given: Condition = ALWAYS) -> Witness | None:
        """A situation in which exactly one of two conditions holds."""
        for city in self.cities:
            differ = self.space.differ(self.node(one, city), self.node(other, city))
            differ = self.space.all_of([differ, self.node(given, city)])
            if differ != NO:
                return Witness(city, self.space.witness(differ))
        return None

    def implies(self, one: Condition, other: Condition) -> bool:
        """Whether a condition holds wherever another does."""
        return all(self.space.all_of([self.node(one, city), -self.node(other, city)]) == NO for city in self.cities)

    def conflict(self, condition: Condition) -> tuple[Condition, ...]:
        """The fewest parts of a condition that cannot hold together; itself, if it has no parts."""
        kept = list(_conjuncts(condition))
        for part in list(kept):
            rest = [other for other in kept if other is not part]
            if rest and self.never(AllOf(tuple(rest))):
                kept = rest
        return tuple(kept)

    def unanswered(self, city: CompiledTheme) -> Witness | None:
        """A situation that calls for no item and no veto."""
        outcomes = (*city.theme.items, *city.theme.vetoes)
        silent = -self.space.any_of(self.truth(outcome, city).may for outcome in outcomes)
        return None if silent == NO else Witness(city, self.space.witness(silent))

    def may_be_unanswered(self) -> bool:
        """Whether some city, set parameters as it may, has a situation that calls for no item and no veto."""
        conditions = [spec.when for group in (self.theme.items, self.theme.vetoes) for spec in group.values()]
        return any(
            self.space.any_of(self.node(condition, city) for condition in conditions) != EVERY for city in self.cities
        )

    def twins(self) -> Iterator[tuple[str, ...]]:
        """Items that are called for in the same situations of every city."""
        groups: dict[tuple[tuple[int, int], ...], list[str]] = {}
        for item in self.theme.items:
            truths = [self.truth(item, city) for city in self.cities]
            groups.setdefault(tuple((t.must, t.may) for t in truths), []).append(item)
        yield from (tuple(group) for group in groups.values() if len(group) > 1)

    def meeting(self, outcomes: Sequence[str], cities: Sequence[CompiledTheme] | None = None) -> Witness | None:
        """A situation that calls for all of some outcomes."""
        for city in cities or self.cities:
            together = self.space.all_of(self.truth(outcome, city).may for outcome in outcomes)
            if together != NO:
                return Witness(city, self.space.witness(together))
        return None

    def whole(self, site: Site) -> Condition:
        """The condition under which what stands at a site counts at all: its item's, for a material."""
        return ALWAYS if site.material is None else condition_at(self.theme, Site("items", site.id))


def _conjuncts(condition: Condition) -> Iterator[Condition]:
    """The parts that must all hold, nested ones too."""
    if isinstance(condition, AllOf):
        for part in condition.parts:
            yield from _conjuncts(part)
    else:
        yield condition
