"""What a reading means for a guide: answers that fit, options only noted, labels tapped."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from guidance.reading import FactReading, Reader, Reading
from guidance.situation import AnswerError, check_answer
from guidance.theme import MultiFact
from guidance.values import UNKNOWN, Range
from miniapp_api.content.service import Release
from miniapp_api.guides.running import Running


@lru_cache(maxsize=64)
def reader_of(release: Release) -> Reader:
    """The reader of a release's theme, made once."""
    return Reader(release.compiled.theme, release.compiled.locality.districts)


def fitting(running: Running, asked: str | None, reading: Reading, *, changed_only: bool = True) -> dict[str, Any]:
    """What was read, checked by the engine; what is already known so is left out."""
    facts: dict[str, Any] = {}
    for found in reading.facts:
        if found.value is None and found.fact not in running.guidance.effective:
            continue  # some options were only denied: the others are still to be asked
        try:
            value = check_answer(running.release.compiled, found.fact, _meant(running, asked, found))
        except AnswerError:
            continue
        if not changed_only or running.guidance.situation.answers.get(found.fact) != value:
            facts[found.fact] = value
    return facts


def _meant(running: Running, asked: str | None, found: FactReading) -> Any:
    """The answer meant: options named in passing join those known, denied ones leave them."""
    spec = running.release.compiled.theme.facts[found.fact]
    if found.value is UNKNOWN or not isinstance(spec, MultiFact):
        return found.value
    chosen = found.value if isinstance(found.value, frozenset) else frozenset()
    if found.fact == asked and found.value is not None:
        return chosen | (noted(running, asked) - set(found.denied))
    known = running.guidance.situation.answers.get(found.fact, frozenset())
    alone = any(spec.options[option].exclusive for option in chosen)
    return chosen if alone else (known | chosen) - set(found.denied)


def denied(running: Running, asked: str | None, reading: Reading) -> str:
    """The labels of options of the question asked that were only denied, if that is all that was said."""
    told = reading.of(asked) if asked else None
    if told is None or told.value is not None:
        return ""
    options = running.release.compiled.options(told.fact)
    return "、".join(f"“{options[option].label}”" for option in told.denied)


def split(running: Running, facts: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Answers, and options only noted: of 「还有这些吗」 what was not named is still to be asked."""
    only_noted = {
        fact: value
        for fact, value in facts.items()
        if isinstance(spec := running.release.compiled.theme.facts[fact], MultiFact)
        and spec.min == 0
        and value is not UNKNOWN
        and fact not in running.guidance.effective
    }
    return {fact: value for fact, value in facts.items() if fact not in only_noted}, only_noted


def noted(running: Running, fact: str) -> frozenset[str]:
    """Options of a question that were named before it was asked."""
    earlier: dict[str, list[str]] = running.row.dialogue.get("noted", {})
    return frozenset(earlier.get(fact, ()))


def last_fact(running: Running) -> str | None:
    """The fact answered last: what 「不对，是280」 means when nothing is named."""
    effective = running.guidance.effective.values()
    return max(effective, key=lambda entry: entry.turn).fact if effective else None


def middle(amount: Range) -> float | None:
    """One number for a rough amount: its middle, or the bound that was told."""
    told = [bound for bound in (amount.low, amount.high) if bound is not None]
    return sum(told) / len(told) if told else None


def labels_in(text: str, labels: Iterable[str]) -> list[str] | None:
    """The labels that a text lists, joined by 、 (labels may hold that sign themselves), or None."""
    found: list[str] = []
    while text:
        label = max((label for label in labels if text.startswith(label)), key=len, default=None)
        rest = text[len(label) :] if label else ""
        if label is None or (rest and not rest.startswith("、")):
            return None
        found.append(label)
        text = rest[1:]
    return found or None
