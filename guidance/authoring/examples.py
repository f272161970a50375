"""The examples of a theme: what an official said must come of a situation, and what does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guidance.compiler import CompiledTheme
from guidance.session import Session
from guidance.situation import AnswerError
from guidance.tables import Status
from guidance.theme import Example
from guidance.values import UNKNOWN


@dataclass(frozen=True, slots=True)
class Result:
    """What comes of a situation, as examples tell it.

    Attributes:
        needed, perhaps, unset: ids of items, duties, vetoes, notices and conditional materials.
        asks: the facts that a session would still ask, in the author's order.
    """

    needed: frozenset[str]
    perhaps: frozenset[str]
    unset: frozenset[str]
    asks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One way in which an example does not come out.

    Attributes:
        key: `given`, or the part of the example that does not agree.
        missing: told by the example, not so.
        extra: so, not told by the example.
        reason: for `given`, why it is not an answer.
    """

    key: str
    missing: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    reason: str = ""


def cities_of(example: Example, cities: Mapping[str, CompiledTheme]) -> list[CompiledTheme]:
    """The cities in which an example must hold: its own, or all if it names none."""
    return [city for id_, city in cities.items() if example.locality in (None, id_)]


def session_of(compiled: CompiledTheme, given: Mapping[str, Any]) -> Session:
    """The session in which a situation was told at once; `unknown` counts as 「不知道」.

    Raises:
        AnswerError: a value does not fit its fact.
    """
    told = {fact: UNKNOWN if value == "unknown" else value for fact, value in given.items()}
    return Session(compiled).answer_all(told, "typed")


def result(compiled: CompiledTheme, given: Mapping[str, Any], *, asks: bool = False) -> Result:
    """What comes of a situation.

    Args:
        compiled: the theme for one city.
        given: values by fact, as in an example.
        asks: whether to find out what a session would still ask.

    Raises:
        AnswerError: a value does not fit its fact.
    """
    situation = session_of(compiled, given).situation
    by_status: dict[Status, set[str]] = {status: set() for status in Status}
    for id_, outcome in compiled.outcomes.items():
        if outcome.kind != "place":
            by_status[situation.status_of(outcome)].add(id_)
    return Result(
        frozenset(by_status[Status.NEEDED]),
        frozenset(by_status[Status.PERHAPS]),
        frozenset(by_status[Status.UNSET]),
        tuple(fact for fact in compiled.theme.facts if situation.askable(fact)) if asks else (),
    )


def check(example: Example, compiled: CompiledTheme) -> list[Mismatch]:
    """How an example does not come out in a city; empty if it does.

    What an example with `expect` leaves out must be empty: `unset`, and `perhaps` unless it says
    what is still asked. An example without `expect` speaks of what it lists only.
    """
    try:
        found = result(compiled, example.given, asks=example.still_asks is not None)
    except AnswerError as error:
        return [Mismatch("given", reason=f"{error.fact}：{error.reason}")]
    pairs: list[tuple[str, Iterable[str], Iterable[str]]] = []
    if example.expect is not None:
        pairs.append(("expect", example.expect, found.needed))
    if example.unset is not None or example.expect is not None:
        pairs.append(("unset", example.unset or (), found.unset))
    if example.perhaps is not None or (example.expect is not None and example.still_asks is None):
        pairs.append(("perhaps", example.perhaps or (), found.perhaps))
    if example.still_asks is not None:
        pairs.append(("still_asks", example.still_asks, found.asks))
    return list(_mismatches(pairs))


def _mismatches(pairs: list[tuple[str, Iterable[str], Iterable[str]]]) -> Iterator[Mismatch]:
    for key, told, so in pairs:
        one, other = set(told), set(so)
        if one != other or (key == "still_asks" and tuple(told) != tuple(so)):
            yield Mismatch(key, tuple(t for t in told if t not in other), tuple(sorted(other - one)))
