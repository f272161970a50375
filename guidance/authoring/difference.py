"""The difference between two versions of a theme: whose checklist changes, and how."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any, Final, Literal

from guidance.analysis import priors
from guidance.analysis.coding import Node
from guidance.analysis.sites import OUTCOME_SECTIONS
from guidance.analysis.space import NO, Space, Truth
from guidance.analysis.telling import say_situation
from guidance.authoring.simulation import play
from guidance.compiler import CompiledTheme
from guidance.situation import AnswerError, Situation, check_answer
from guidance.tables import Status
from guidance.theme import Theme
from guidance.values import UNKNOWN

SAMPLES: Final = 5
Change = Literal["added", "removed", "changed", "wording", "same"]
_CALLED: Final = (Status.NEEDED, Status.UNSET)


@dataclass(frozen=True, slots=True)
class OutcomeChange:
    """How one outcome differs between two versions.

    Attributes:
        id, name: the outcome.
        change: `wording` if only text, materials, limits or bases differ; `same` is proved.
        share: the share of citizens for whom it comes out differently.
        example: a situation in which it does, in Chinese.
    """

    id: str
    name: str
    change: Change
    share: float
    example: str | None


@dataclass(frozen=True, slots=True)
class Sample:
    """A citizen whose list changes, told in Chinese, with the names that come and go.

    Attributes:
        before, after: ids of the outcomes called for, or unset.
    """

    situation: str
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Two versions of a theme in one city.

    Attributes:
        city: its name.
        share: the share of citizens whose list changes.
        outcomes: every outcome of either version.
        samples: citizens whose lists change in different ways.
        questions: facts added, removed, or of another type, in Chinese.
    """

    city: str
    share: float
    outcomes: tuple[OutcomeChange, ...]
    samples: tuple[Sample, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SessionChange:
    """A session under way that the new version treats otherwise.

    Attributes:
        id: the session.
        added, removed: names of outcomes that come or go with the answers so far.
        invalid: labels of facts whose answers the new version does not take.
    """

    id: str
    added: tuple[str, ...]
    removed: tuple[str, ...]
    invalid: tuple[str, ...]


class IncomparableError(ValueError):
    """A question changed its type: there are no common situations; `questions` names it in Chinese."""

    def __init__(self, questions: tuple[str, ...]) -> None:
        super().__init__("；".join(questions))
        self.questions = questions


def compare(old: CompiledTheme, new: CompiledTheme) -> Difference:
    """Compare two versions of a theme in one city; proved, not sampled.

    Raises:
        IncomparableError: a question has another type or unit in the new version.
    """
    questions = tuple(_question_changes(old.theme, new.theme))
    incomparable = tuple(_incomparable(old.theme, new.theme))
    if incomparable:
        raise IncomparableError(incomparable)
    space = Space([old, new])
    ids = dict.fromkeys(id_ for v in (old, new) for id_, o in v.outcomes.items() if o.kind != "place")
    changed = {id_: _changed(space, old, new, id_) for id_ in ids}
    outcomes = tuple(_outcome_change(space, old, new, id_, node) for id_, node in changed.items())
    anywhere = space.any_of(changed.values())
    return Difference(
        new.locality.name,
        space.share(anywhere),
        outcomes,
        tuple(_samples(space, old, new, changed)),
        questions,
    )


def sessions_affected(
    old: CompiledTheme, new: CompiledTheme, sessions: Iterable[tuple[str, Mapping[str, Any]]]
) -> Iterator[SessionChange]:
    """The sessions whose list so far changes, or some of whose answers no longer hold.

    Args:
        old: the version that the sessions pin, for their city.
        new: the other version, for the same city.
        sessions: id and answers by fact; `unknown` counts as not answered.
    """
    for id_, answers in sessions:
        before, _ = _situation(old, answers)
        after, invalid = _situation(new, answers)
        was, now = _standing(before), _standing(after)
        added = tuple(_name(new, o) for o, status in now.items() if was.get(o) is not status and status in _CALLED)
        removed = tuple(_name(old, o) for o, status in was.items() if now.get(o) is not status and status in _CALLED)
        if added or removed or invalid or was != now:
            labels = tuple(old.theme.facts[f].label if f in old.theme.facts else f for f in invalid)
            yield SessionChange(id_, added, removed, labels)


def _standing(situation: Situation) -> dict[str, Status]:
    """Where outcomes stand that are not out of the question."""
    outcomes = situation.compiled.outcomes.values()
    standing = {o.id: situation.status_of(o) for o in outcomes if o.kind != "place"}
    return {id_: status for id_, status in standing.items() if status is not Status.NOT_NEEDED}


def _situation(compiled: CompiledTheme, answers: Mapping[str, Any]) -> tuple[Situation, tuple[str, ...]]:
    known: dict[str, Any] = {}
    invalid: list[str] = []
    for fact, value in answers.items():
        if value == "unknown":
            continue
        try:
            answer = check_answer(compiled, fact, value)
        except AnswerError:
            invalid.append(fact)
            continue
        if answer is not UNKNOWN:
            known[fact] = answer
    return Situation(compiled, known), tuple(invalid)


def _changed(space: Space, old: CompiledTheme, new: CompiledTheme, id_: str) -> Node:
    """The situations in which an outcome comes out differently."""
    one, other = _truth(space, old, id_), _truth(space, new, id_)
    return space.any_of([space.differ(one.must, other.must), space.differ(one.may, other.may)])


def _truth(space: Space, compiled: CompiledTheme, id_: str) -> Truth:
    outcome = compiled.outcomes.get(id_)
    return Truth(NO, NO) if outcome is None else space.truth(outcome.formula, compiled.locality.id)


def _outcome_change(space: Space, old: CompiledTheme, new: CompiledTheme, id_: str, changed: Node) -> OutcomeChange:
    change: Change = "same" if _same_words(old.theme, new.theme, id_) else "wording"
    if id_ not in old.outcomes:
        change = "added"
    elif id_ not in new.outcomes:
        change = "removed"
    elif changed != NO:
        change = "changed"
    example = None if changed == NO else say_situation(new, space.witness(changed))
    return OutcomeChange(id_, _name(new if id_ in new.outcomes else old, id_), change, space.share(changed), example)


def _same_words(old: Theme, new: Theme, id_: str) -> bool:
    """Whether everything that citizens read of an outcome is the same, its condition aside."""
    for section in OUTCOME_SECTIONS:
        one, other = getattr(old, section).get(id_), getattr(new, section).get(id_)
        if one is not None and other is not None:
            return all(getattr(one, f.name) == getattr(other, f.name) for f in fields(one) if f.name != "when")
    return True


def _name(compiled: CompiledTheme, id_: str) -> str:
    owner = id_.split("/", maxsplit=1)[0]
    for section in OUTCOME_SECTIONS:
        spec: Any = getattr(compiled.theme, section).get(owner)
        if spec is not None:
            name = getattr(spec, "name", owner)
            return str(name) if owner == id_ else f"{name}的材料 {id_.split('/')[1]}"
    return id_


def _samples(space: Space, old: CompiledTheme, new: CompiledTheme, changed: Mapping[str, Node]) -> Iterator[Sample]:
    """The likeliest citizens whose lists change, each in another way."""
    left = space.any_of(changed.values())
    city = new.locality.id
    for _ in range(SAMPLES):
        if left == NO:
            return
        witness = space.witness(left)
        citizen = _whole(old, new, witness)
        same_way = space.all_of(node if space.contains(node, city, citizen) else -node for node in changed.values())
        left = space.all_of([left, -same_way])
        told = {fact: citizen[fact] for fact in {*play(new, citizen), *witness}}
        yield Sample(say_situation(new, told), _called(old, citizen), _called(new, citizen))


def _whole(old: CompiledTheme, new: CompiledTheme, witness: Mapping[str, Any]) -> dict[str, Any]:
    """A witness completed by the likeliest answers to everything else."""
    citizen: dict[str, Any] = {}
    for version in (old, new):
        for fact, spec in version.theme.facts.items():
            citizen[fact] = witness.get(fact, priors.likeliest(spec, version.options(fact)))
    return citizen


def _called(compiled: CompiledTheme, citizen: Mapping[str, Any]) -> tuple[str, ...]:
    situation = Situation(compiled, {fact: citizen[fact] for fact in compiled.theme.facts})
    return tuple(id_ for id_, status in _standing(situation).items() if status in _CALLED)


def _question_changes(old: Theme, new: Theme) -> Iterator[str]:
    for fact, spec in new.facts.items():
        if fact not in old.facts:
            yield f"新增问题“{spec.label}”（{fact}）"
            continue
        before = getattr(old.facts[fact], "options", {})
        after = getattr(spec, "options", {})
        for option in after:
            if option not in before and before:
                yield f"问题“{spec.label}”新增选项“{after[option].label}”"
        for option in before:
            if option not in after and after:
                yield f"问题“{spec.label}”去掉选项“{before[option].label}”"
    for fact, spec in old.facts.items():
        if fact not in new.facts:
            yield f"去掉问题“{spec.label}”（{fact}）"
    if [f for f in old.facts if f in new.facts] != [f for f in new.facts if f in old.facts]:
        yield "问题的顺序有变"


def _incomparable(old: Theme, new: Theme) -> Iterator[str]:
    for fact, spec in new.facts.items():
        before = old.facts.get(fact)
        if before is None:
            continue
        one, other = (before.type, getattr(before, "unit", None)), (spec.type, getattr(spec, "unit", None))
        if one != other:
            yield (
                f"问题“{spec.label}”（{fact}）的类型或单位从 {'、'.join(filter(None, one))} 改成了 "
                f"{'、'.join(filter(None, other))}；换了意思请用新编号"
            )
