"""Citizens played to the end of a theme, and compared with direct evaluation."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from itertools import combinations, islice, product
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any

from guidance.authoring.simulation import draw
from guidance.compiler import CompiledTheme, compile_theme
from guidance.direct import DirectEvaluation, oracles
from guidance.loading import load_catalogue
from guidance.situation import Situation
from guidance.tables import Status, Table
from guidance.theme import NumberFact
from guidance.values import Under, representatives

ROOT = Path(__file__).parent.parent
THEME = "open-restaurant"
SEED = 20261122
Citizen = dict[str, Any]


@cache
def compiled(locality: str) -> CompiledTheme:
    """The theme for a city, compiled once in a process."""
    catalogue = load_catalogue(ROOT / "catalogue")
    return compile_theme(catalogue.theme(THEME), catalogue.locality(locality))


@cache
def localities() -> tuple[str, ...]:
    """The cities of the catalogue."""
    return tuple(load_catalogue(ROOT / "catalogue").localities)


@cache
def ways(locality: str) -> tuple[dict[str, Any], ...]:
    """Every way in which the city's unset parameters could turn out."""
    theme = compiled(locality)
    return tuple(oracles(theme.theme, theme.locality))


def classes(theme: CompiledTheme, fact: str) -> list[Any]:
    """Values of a fact that show all classes any outcome makes, thresholds' neighbours included."""
    tests = list(dict.fromkeys(t for o in theme.deciding[fact] for t in o.table.dimension(fact).tests))
    spec = theme.theme.facts[fact]
    if not isinstance(spec, NumberFact):
        singles = [frozenset({option}) for option in theme.options(fact)] if spec.type == "multi" else []
        few = singles or list(representatives(spec, tests, theme.locality.districts))
        return [*few, frozenset()] if singles and getattr(spec, "min", 1) == 0 else few
    step = 1.0 if spec.integer else 0.01
    cuts = {test.cut for test in tests if isinstance(test, Under)}
    near = {round(cut + offset, 6) for cut in cuts for offset in (-step, 0.0, step)}
    return sorted(value for value in near | set(spec.range) if spec.range[0] <= value <= spec.range[1])


def citizens(theme: CompiledTheme, random: Random, random_ones: int, part: int, parts: int) -> Iterator[Citizen]:
    """One part of: random citizens, every pair of answers, every value next to a threshold."""
    for _ in range(random_ones // parts):
        yield draw(random, theme)
    pairs = (
        {one: a, other: b}
        for one, other in combinations(theme.theme.facts, 2)
        for a, b in product(classes(theme, one), classes(theme, other))
    )
    for pair in islice(pairs, part, None, parts):
        yield {**draw(random, theme), **pair}


def faults(locality: str, citizen: Citizen, random: Random) -> tuple[int, int]:
    """Play one citizen: outcomes left undecided, and outcomes that direct evaluation sees otherwise.

    What is called needed or not must be so under two ways, drawn by chance, in which the city's
    unset parameters could turn out; what is called unset must differ among all ways.
    """
    theme = compiled(locality)
    situation = Situation(theme, {})
    while (fact := situation.next_fact()) is not None:
        situation = situation.with_answer(fact, citizen[fact])
    drawn = random.sample(ways(locality), min(2, len(ways(locality))))
    verdicts = [DirectEvaluation(theme.theme, theme.locality, citizen, way).outcomes() for way in drawn]
    undecided = wrong = 0
    for id_, outcome in theme.outcomes.items():
        status = situation.status(id_)
        if status is Status.PERHAPS:
            undecided += 1
        elif status is Status.UNSET and outcome.kind != "place":
            wrong += not _differs(theme, citizen, id_)
        elif outcome.kind != "place":
            wrong += any((id_ in verdict) is not (status is Status.NEEDED) for verdict in verdicts)
    return undecided, wrong


def _differs(theme: CompiledTheme, citizen: Citizen, outcome: str) -> bool:
    """Whether an outcome depends on how the city's unset parameters turn out."""
    told = (DirectEvaluation(theme.theme, theme.locality, citizen, way) for way in ways(theme.locality.id))
    return len({way.calls_for(outcome) for way in told}) == 2


def batch(job: tuple[str, int, int, int]) -> tuple[int, int, int]:
    """Play one part of a city's citizens: how many, undecided, wrong."""
    locality, part, parts, random_ones = job
    random = Random(SEED + part)
    count = undecided = wrong = 0
    for citizen in citizens(compiled(locality), random, random_ones, part, parts):
        count += 1
        found = faults(locality, citizen, random)
        undecided, wrong = undecided + found[0], wrong + found[1]
    return count, undecided, wrong


def play_all(random_ones: dict[str, int], processes: int = 2, parts: int = 20) -> tuple[int, int, int]:
    """Play the citizens of several cities, with progress.

    Args:
        random_ones: by city, how many random citizens beside the systematic ones.
        processes: how many at once.
        parts: into how many shares each city is cut, for progress.

    Returns:
        Situations played, outcomes left undecided, outcomes that direct evaluation sees otherwise.
    """
    jobs = [(locality, part, parts, many) for locality, many in random_ones.items() for part in range(parts)]
    total = [0, 0, 0]
    with Pool(processes) as pool:
        for number, found in enumerate(pool.imap_unordered(batch, jobs), 1):
            total = [a + b for a, b in zip(total, found, strict=True)]
            print(f"\r  played {total[0]} situations ({number}/{len(jobs)})", end="", flush=True)
    print()
    return total[0], total[1], total[2]


def broken_relevance_is_noticed(locality: str, many: int) -> int:
    """Negative control: with a relevance test that passes over every third fact, faults found."""
    honest = Table.matters
    theme = compiled(locality)
    skipped = set(list(theme.theme.facts)[::3])
    Table.matters = lambda self, fact, rows, settled=(): fact not in skipped and honest(self, fact, rows, settled)  # type: ignore[method-assign]
    try:
        random = Random(1)
        return sum(sum(faults(locality, draw(random, theme), random)) for _ in range(many))
    finally:
        Table.matters = honest  # type: ignore[method-assign]
