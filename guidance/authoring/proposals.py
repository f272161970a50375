"""Examples that a theme lacks, proposed as situations for an official to confirm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from guidance.analysis import priors
from guidance.analysis.sites import OUTCOME_SECTIONS
from guidance.analysis.space import NO
from guidance.analysis.telling import say_situation
from guidance.authoring.mutants import Mutant
from guidance.authoring.mutation import Score
from guidance.authoring.simulation import play
from guidance.compiler import CompiledTheme
from guidance.sentences import say_answer
from guidance.situation import Situation
from guidance.tables import Status
from guidance.theme import Example, MultiFact, NumberFact

PLAUSIBLE: Final = 1e-6
"""Situations rarer than this are not put together to save an example: nobody could confirm them."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A situation for an official to confirm, and what it is good for.

    Attributes:
        example: what the theme as it stands makes of it.
        city: where it is told.
        situation: all of it, in Chinese.
        kills: the faults that it would notice.
        shows: the outcome that no other example calls for, if that is what it is for.
    """

    example: Example
    city: CompiledTheme
    situation: str
    kills: tuple[Mutant, ...]
    shows: str | None = None


def propose(found: Score, cities: Mapping[str, CompiledTheme]) -> Iterator[Proposal]:
    """Few situations that together kill all survivors and call for every outcome.

    A greedy cover of situations that are not too odd; then one situation for each item, duty, veto and
    notice that no example has called for yet.

    Args:
        found: the score.
        cities: the theme compiled for each city.
    """
    space = found.space
    left = list(found.survivors)
    theme = next(iter(cities.values())).theme
    shown = {id_ for e in theme.examples for id_ in (*(e.expect or ()), *(e.unset or ()))}
    while left:
        city = next(iter(left[0].kills))
        together = left[0].kills[city]
        for survivor in left[1:]:
            both = space.all_of([together, survivor.kills.get(city, NO)])
            together = both if space.share(both) >= PLAUSIBLE else together
        citizen = _whole(cities[city], space.witness(together))
        dead = [s for s in left if city in s.kills and space.contains(s.kills[city], city, citizen)]
        left = [survivor for survivor in left if survivor not in dead]
        proposal = _proposal(cities[city], citizen, tuple(s.mutant for s in dead))
        shown |= {*(proposal.example.expect or ()), *(proposal.example.unset or ())}
        yield proposal
    for section in OUTCOME_SECTIONS:
        for id_ in getattr(theme, section):
            for city, compiled in cities.items() if id_ not in shown else ():
                called = space.truth(compiled.outcomes[id_].formula, city).may
                if called != NO:
                    yield _proposal(compiled, _whole(compiled, space.witness(called)), (), id_)
                    break


def _proposal(
    city: CompiledTheme, citizen: dict[str, Any], kills: tuple[Mutant, ...], shows: str | None = None
) -> Proposal:
    """The example that a citizen's session makes: what was asked, and what comes of it."""
    asked = set(play(city, citizen))
    given = {fact: citizen[fact] for fact in city.theme.facts if fact in asked}
    situation = Situation(city, given)
    statuses = {id_: situation.status_of(o) for id_, o in city.outcomes.items() if o.kind != "place"}
    unset = [id_ for id_, status in statuses.items() if status is Status.UNSET]
    example = Example(
        say=_say(city, given),
        given={fact: _plain(city, fact, value) for fact, value in given.items()},
        expect=[id_ for id_, status in statuses.items() if status is Status.NEEDED],
        unset=unset or None,
        locality=city.locality.id,
    )
    return Proposal(example, city, say_situation(city, given), kills, shows)


def _say(city: CompiledTheme, given: Mapping[str, Any]) -> str:
    """A sentence that tells what is so, and leaves out what is not."""
    told = [city.locality.name]
    for fact, value in given.items():
        spec = city.theme.facts[fact]
        if isinstance(spec, NumberFact):
            told.append(f"{spec.label}{say_answer(city, fact, value)}")
        elif isinstance(value, bool):
            told += [spec.label] if value else []
        elif value:
            told.append(say_answer(city, fact, value))
    return "，".join(told)


def _plain(city: CompiledTheme, fact: str, value: Any) -> Any:
    """A value as a YAML file holds it."""
    spec = city.theme.facts[fact]
    if isinstance(spec, MultiFact):
        return [option for option in spec.options if option in value]
    if isinstance(spec, NumberFact):
        return int(value) if value == int(value) else value
    return value


def _whole(city: CompiledTheme, witness: Mapping[str, Any]) -> dict[str, Any]:
    """A witness completed by the likeliest answers to everything else."""
    return {
        fact: witness[fact] if fact in witness else priors.likeliest(spec, city.options(fact))
        for fact, spec in city.theme.facts.items()
    }
