"""Better orders of the questions, found by moving one of them: advice, the author decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from guidance.analysis.sites import Dependencies
from guidance.authoring.simulation import SEED, draw, play
from guidance.compiler import CompiledTheme

SCREENED: Final = 40
CONFIRMED: Final = 300
WORTH: Final = 0.05
POSITIONS: Final = 5


@dataclass(frozen=True, slots=True)
class Move:
    """One question moved.

    Attributes:
        fact: which.
        after: the fact that it would follow; None to be first.
        mean: questions asked in a session on average after the move.
        saved: how many fewer than now.
    """

    fact: str
    after: str | None
    mean: float
    saved: float


def better_orders(compiled: CompiledTheme, seed: int = SEED) -> list[Move]:
    """Moves of one question that save questions, the best of each question, best first.

    A question stays behind those that its gate names and before those whose gates name it. Moves
    are tried on a few citizens and confirmed on many, the same for all orders.
    """
    random = Random(seed)  # noqa: S311 - chance, not secrecy
    citizens = [draw(random, compiled) for _ in range(CONFIRMED)]
    order = list(compiled.theme.facts)
    few = citizens[:SCREENED]
    now = _mean(compiled, few, order)
    found: list[Move] = []
    for fact in order:
        tried = [(_mean(compiled, few, moved), moved) for moved in _moves(compiled, order, fact)]
        better = [entry for entry in tried if entry[0] < now]
        if better:
            found += _confirmed(compiled, citizens, fact, min(better)[1])
    return sorted(found, key=lambda move: -move.saved)


def _confirmed(
    compiled: CompiledTheme, citizens: Sequence[dict[str, Any]], fact: str, moved: list[str]
) -> Iterator[Move]:
    mean = _mean(compiled, citizens, moved)
    saved = _mean(compiled, citizens, list(compiled.theme.facts)) - mean
    if saved >= WORTH:
        place = moved.index(fact)
        yield Move(fact, moved[place - 1] if place else None, mean, saved)


def _mean(compiled: CompiledTheme, citizens: Sequence[dict[str, Any]], order: Sequence[str]) -> float:
    return sum(len(play(compiled, citizen, order=order)) for citizen in citizens) / len(citizens)


def _moves(compiled: CompiledTheme, order: list[str], fact: str) -> Iterator[list[str]]:
    """Some orders with one fact elsewhere, spread over where it may stand."""
    rest = [other for other in order if other != fact]
    first, last = _bounds(compiled, rest, fact)
    here = order.index(fact)
    steps = max(1, POSITIONS - 1)
    places = {first + round((last - first) * step / steps) for step in range(POSITIONS)} - {here}
    for place in sorted(places):
        yield [*rest[:place], fact, *rest[place:]]


def _bounds(compiled: CompiledTheme, rest: list[str], fact: str) -> tuple[int, int]:
    """The first and last position among the others at which a fact may stand."""
    facts = compiled.theme.facts
    dependencies = Dependencies(compiled.theme)
    gate = facts[fact].only_if
    needs = set() if gate is None else {name[5:] for name in dependencies.closure(gate) if name.startswith("fact:")}
    first = max((rest.index(other) + 1 for other in needs if other in rest), default=0)
    last = len(rest)
    for place, other in enumerate(rest):
        condition = facts[other].only_if
        if condition is not None and f"fact:{fact}" in dependencies.closure(condition):
            last = min(last, place)
    return first, last
