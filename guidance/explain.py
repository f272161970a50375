"""Why: why a question is asked, why an outcome is called for or not, and what would change it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from guidance.compiler import Outcome, OutcomeKind
from guidance.sentences import say_answer
from guidance.situation import Situation, check_answer
from guidance.tables import Status
from guidance.values import Range, representatives


@dataclass(frozen=True, slots=True)
class Difference:
    """What other answers would change, as outcome ids in the theme's order."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    undecided: tuple[str, ...]


def deciding_answers(situation: Situation, outcome: Outcome) -> tuple[str, ...]:
    """A smallest set of answered facts that alone makes the outcome stand as it does.

    Facts later in the author's order are given up first, so that the reason names what was asked
    first. Empty when it stands so in every situation, or is still open.
    """
    status = situation.status_of(outcome)
    kept = [f for f in situation.compiled.theme.facts if f in situation.answers and _depends(outcome, f)]
    if status is Status.PERHAPS:
        return ()
    for fact in reversed(kept.copy()):
        rest = {f: situation.answers[f] for f in kept if f != fact}
        if outcome.table.status(outcome.table.rows(rest)) is status:
            kept.remove(fact)
    return tuple(kept)


def open_facts(situation: Situation, outcome: Outcome) -> tuple[str, ...]:
    """The facts that could still decide an outcome."""
    rows = outcome.table.rows(situation.answers)
    if outcome.table.status(rows) is not Status.PERHAPS:
        return ()
    return tuple(
        fact
        for fact in situation.compiled.theme.facts
        if _depends(outcome, fact)
        and (fact not in situation.answers or isinstance(situation.answers[fact], Range))
        and outcome.table.matters(fact, rows)
    )


def say_reason(situation: Situation, outcome: Outcome) -> str:
    """The reason as a sentence: 「因为您说：面积 260 平方米；位置在商场内」."""
    facts = deciding_answers(situation, outcome)
    if not facts:
        return ""
    told = "；".join(
        f"{situation.compiled.theme.facts[fact].label}：{say_answer(situation.compiled, fact, situation.answers[fact])}"
        for fact in facts
    )
    return f"因为您的情况是“{told}”"


def decided_by(situation: Situation, fact: str) -> dict[OutcomeKind, tuple[str, ...]]:
    """What a question is asked for: undecided outcomes it can settle, by kind."""
    found: dict[OutcomeKind, list[str]] = {}
    for outcome in situation.decides(fact):
        found.setdefault(outcome.kind, []).append(outcome.id)
    return {kind: tuple(ids) for kind, ids in found.items()}


def what_if(situation: Situation, changes: Mapping[str, Any]) -> Difference:
    """What would change if some facts were otherwise.

    Raises:
        AnswerError: a value does not fit its fact.
    """
    changed = situation
    for fact, value in changes.items():
        changed = changed.with_answer(fact, check_answer(situation.compiled, fact, value))
    before, after = situation.statuses(), changed.statuses()
    called = (Status.NEEDED, Status.UNSET)
    return Difference(
        tuple(o for o in before if before[o] not in called and after[o] in called),
        tuple(o for o in before if before[o] in called and after[o] is Status.NOT_NEEDED),
        tuple(o for o in before if before[o] is not Status.PERHAPS and after[o] is Status.PERHAPS),
    )


def nearest_changes(situation: Situation, outcome: Outcome) -> tuple[tuple[str, Any], ...]:
    """Single other answers that would turn a decided outcome over, in the author's order."""
    status = situation.status_of(outcome)
    wanted = Status.NOT_NEEDED if status is Status.NEEDED else Status.NEEDED
    found: list[tuple[str, Any]] = []
    for fact in situation.compiled.theme.facts:
        if fact not in situation.answers or not _depends(outcome, fact):
            continue
        dimension = outcome.table.dimension(fact)
        districts = situation.compiled.locality.districts
        for value in representatives(dimension.spec, dimension.tests, districts):
            rows = outcome.table.rows({**situation.answers, fact: value})
            if outcome.table.status(rows) is wanted:
                found.append((fact, value))
                break
    return tuple(found)


def _depends(outcome: Outcome, fact: str) -> bool:
    return any(dimension.fact == fact for dimension in outcome.table.dimensions)
