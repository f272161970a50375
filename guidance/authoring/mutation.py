"""Mutation: how well the examples of a theme guard its conditions, and which examples would do better.

A mutant is killed if the result of some example changes. Mutants that call for the same in every
situation of every city are proved equal and do not count.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from guidance.analysis.coding import Node
from guidance.analysis.residual import status_of
from guidance.analysis.space import NO, Space
from guidance.authoring.examples import cities_of, session_of
from guidance.authoring.mutants import Mutant, mutants
from guidance.compiler import CompiledTheme, compile_theme, formulas
from guidance.library import Locality
from guidance.loading import Catalogue
from guidance.logic import Formula, Resolver
from guidance.situation import Situation
from guidance.tables import Status, TableBuilder, TooLargeError
from guidance.theme import Example, Theme

Changed = dict[str, Formula]
"""Outcomes whose formulas a fault changes, with the new formulas."""


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no example kills.

    Attributes:
        mutant: the fault.
        kills: by city, the situations whose result the fault changes; cities without any absent.
    """

    mutant: Mutant
    kills: dict[str, Node]


@dataclass(frozen=True, slots=True)
class Score:
    """How many faults the examples of a theme notice.

    Attributes:
        mutants: faults that change something somewhere.
        killed: those that an example notices.
        equal: faults proved to change nothing; they do not count.
        survivors: those that no example notices.
        space: the situations that survivors' kills are sets of.
    """

    mutants: int
    killed: int
    equal: tuple[Mutant, ...]
    survivors: tuple[Survivor, ...]
    space: Space

    @property
    def percent(self) -> float:
        """Killed ÷ mutants, in percent; 100 if there are none."""
        return 100 * self.killed / self.mutants if self.mutants else 100.0


@dataclass(frozen=True, slots=True)
class _Told:
    """An example told in one city, and what of its result is looked at."""

    situation: Situation
    seen: frozenset[Status]
    asks: tuple[str, ...] | None
    builder: TableBuilder


def score(catalogue: Catalogue, theme: str) -> Score:
    """The mutation score of a theme's examples, over all cities of the catalogue.

    Raises:
        KeyError: there is no such theme.
        AnswerError: an example does not fit its questions.
    """
    return score_theme(
        catalogue.theme(theme), {id_: document.content for id_, document in catalogue.localities.items()}
    )


def score_theme(theme: Theme, localities: Mapping[str, Locality]) -> Score:
    """The mutation score of a theme's examples, over some cities."""
    cities = {id_: compile_theme(theme, locality) for id_, locality in localities.items()}
    told = {id_: list(_told(theme.examples, city)) for id_, city in cities.items()}
    killed = 0
    alive: list[tuple[Mutant, dict[str, Changed]]] = []
    for mutant in mutants(theme, cities):
        changed = {
            id_: _changed(mutant, city)
            for id_, city in cities.items()
            if not mutant.localities or id_ in mutant.localities
        }
        if any(_kills(example, mutant, cities[id_], found) for id_, found in changed.items() for example in told[id_]):
            killed += 1
        else:
            alive.append((mutant, changed))
    space = _space(cities, alive)
    survivors = [Survivor(mutant, _differences(space, cities, changed)) for mutant, changed in alive]
    living = tuple(survivor for survivor in survivors if survivor.kills)
    equal = tuple(survivor.mutant for survivor in survivors if not survivor.kills)
    return Score(killed + len(living), killed, equal, living, space)


def _changed(mutant: Mutant, city: CompiledTheme) -> Changed:
    """The outcomes whose formulas a fault changes in a city."""
    if mutant.localities and city.locality.id not in mutant.localities:
        return {}
    locality = mutant.localities.get(city.locality.id, city.locality)
    return {
        id_: formula
        for id_, kind, _, formula in formulas(Resolver(mutant.theme, locality), mutant.owners)
        if kind != "place" and formula != city.outcomes[id_].formula
    }


def _kills(example: _Told, mutant: Mutant, city: CompiledTheme, changed: Changed) -> bool:
    """Whether what an example looks at comes out differently."""
    answers = example.situation.answers
    for id_, formula in changed.items():
        before = example.situation.status(id_)
        try:
            after = status_of(formula, answers, example.builder)
        except (TooLargeError, OverflowError):
            return True
        if before is not after and (before in example.seen or after in example.seen):
            return True
    if example.asks is None:
        return False
    variant = compile_theme(mutant.theme, mutant.localities.get(city.locality.id, city.locality))
    situation = Situation(variant, answers, example.situation.settled)
    return example.asks != tuple(fact for fact in variant.theme.facts if situation.askable(fact))


def _told(examples: Iterable[Example], city: CompiledTheme) -> Iterator[_Told]:
    """The examples told in a city, those that look at what is still asked last: they take longest."""
    builder = TableBuilder(city.theme.facts, city.theme.params, city.locality.districts)
    for example in sorted(examples, key=lambda example: example.still_asks is not None):
        if not cities_of(example, {city.locality.id: city}):
            continue
        situation = session_of(city, example.given).situation
        seen: set[Status] = set()
        if example.expect is not None:
            seen |= {Status.NEEDED, Status.UNSET}
        if example.perhaps is not None or (example.expect is not None and example.still_asks is None):
            seen.add(Status.PERHAPS)
        asks = tuple(fact for fact in city.theme.facts if situation.askable(fact))
        yield _Told(situation, frozenset(seen), None if example.still_asks is None else asks, builder)


def _space(cities: Mapping[str, CompiledTheme], alive: Iterable[tuple[Mutant, dict[str, Changed]]]) -> Space:
    further = [(formula, id_) for _, changed in alive for id_, found in changed.items() for formula in found.values()]
    return Space(list(cities.values()), further)


def _differences(space: Space, cities: Mapping[str, CompiledTheme], changed: Mapping[str, Changed]) -> dict[str, Node]:
    """By city, the situations whose result a fault changes."""
    found: dict[str, Node] = {}
    for city, formulas_ in changed.items():
        parts: list[Node] = []
        for id_, formula in formulas_.items():
            old, new = space.truth(cities[city].outcomes[id_].formula, city), space.truth(formula, city)
            parts += [space.differ(old.must, new.must), space.differ(old.may, new.may)]
        differ = space.any_of(parts)
        if differ != NO:
            found[city] = differ
    return found
