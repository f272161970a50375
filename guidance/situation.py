"""What is known of one citizen's situation, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from guidance.compiler import CompiledTheme, Outcome
from guidance.tables import Status, Table
from guidance.theme import MultiFact, NumberFact, YesNoFact
from guidance.units import say_unit
from guidance.values import UNKNOWN, Answer, Range, Unknown, points


class AnswerError(ValueError):
    """An answer that does not fit its question; the message is in Chinese, for the citizen."""

    def __init__(self, fact: str, reason: str) -> None:
        super().__init__(reason)
        self.fact = fact
        self.reason = reason


class Situation:
    """The answers that count, evaluated over a compiled theme. Immutable.

    Attributes:
        answers: by fact, a value or a `Range`; facts not answered are absent.
        settled: facts that stay as unknown as they are (「不知道」), and are not asked again.
    """

    __slots__ = ("_possible", "answers", "compiled", "settled")

    def __init__(
        self, compiled: CompiledTheme, answers: Mapping[str, Any], settled: frozenset[str] = frozenset()
    ) -> None:
        self.compiled = compiled
        self.answers = dict(answers)
        self.settled = settled
        self._possible: dict[int, int] = {}

    def status(self, outcome: str) -> Status:
        """Where an outcome stands."""
        return self.status_of(self.compiled.outcomes[outcome])

    def status_of(self, outcome: Outcome) -> Status:
        """Where an outcome stands."""
        return outcome.table.status(self._rows(outcome.table))

    def statuses(self) -> dict[str, Status]:
        """Where every outcome stands."""
        return {id_: self.status_of(outcome) for id_, outcome in self.compiled.outcomes.items()}

    def applies(self, fact: str) -> Status:
        """Whether a fact's gate is open: NEEDED if certainly, NOT_NEEDED if certainly not."""
        gate = self.compiled.gates.get(fact)
        return Status.NEEDED if gate is None else gate.status(self._rows(gate))

    def decides(self, fact: str) -> Iterator[Outcome]:
        """The outcomes that a fact's answer can still make stand otherwise."""
        for outcome in self.compiled.deciding[fact]:
            rows = self._rows(outcome.table)
            if outcome.table.status(rows) is Status.PERHAPS and outcome.table.matters(fact, rows, tuple(self.settled)):
                yield outcome

    def askable(self, fact: str) -> bool:
        """Whether a fact is still to be asked: open, not given up, applicable, decisive.

        A gate that only an unset parameter of the city holds in doubt counts as open.
        """
        answer = self.answers.get(fact)
        if fact in self.settled or not (answer is None or isinstance(answer, Range)):
            return False
        return self.applies(fact) in (Status.NEEDED, Status.UNSET) and any(self.decides(fact))

    def next_fact(self) -> str | None:
        """The first fact, in the author's order, that is still to be asked."""
        return next((fact for fact in self.compiled.theme.facts if self.askable(fact)), None)

    def with_answer(self, fact: str, answer: Answer) -> Situation:
        """The situation with one fact answered (again)."""
        answers = dict(self.answers)
        settled = self.settled - {fact}
        if answer is UNKNOWN:
            settled |= {fact}
        else:
            answers[fact] = answer
        changed = Situation(self.compiled, answers, settled)
        affected = {id(outcome.table) for outcome in self.compiled.deciding[fact]}
        changed._possible = {key: rows for key, rows in self._possible.items() if key not in affected}
        for gate in self.compiled.gates.values():
            changed._possible.pop(id(gate), None)
        return changed

    def _rows(self, table: Table) -> int:
        key = id(table)
        if key not in self._possible:
            self._possible[key] = table.rows(self.answers)
        return self._possible[key]


def check_answer(compiled: CompiledTheme, fact: str, value: Any) -> Answer:
    """The answer in the engine's own type.

    Args:
        compiled: the theme.
        fact: which fact it answers.
        value: bool, number, `Range`, option id, collection of option ids, or `UNKNOWN`.

    Raises:
        AnswerError: the fact is unknown, or the value is of the wrong type or out of range.
    """
    spec = compiled.theme.facts.get(fact)
    if spec is None:
        raise AnswerError(fact, "没有这个问题，请刷新后再试")
    if value is UNKNOWN:
        return Unknown.UNKNOWN
    if isinstance(spec, YesNoFact):
        if not isinstance(value, bool):
            raise AnswerError(fact, f"“{spec.label}”请回答是或否")
        return bool(value)
    if isinstance(spec, NumberFact):
        return _check_number(spec, fact, value)
    if isinstance(spec, MultiFact):
        return _check_options(spec, fact, value)
    options = compiled.options(fact)
    if not isinstance(value, str) or value not in options:
        labels = "、".join(option.label for option in options.values())
        raise AnswerError(fact, f"“{spec.label}”请从这些里选一个：{labels}")
    return str(value)


def _check_number(spec: NumberFact, fact: str, value: Any) -> Answer:
    low, high = spec.range
    limits = f"“{spec.label}”应在 {low:g} 到 {high:g} {say_unit(spec.unit)}之间"
    if isinstance(value, Range):
        inside = points(spec, (), value)
        if not inside:
            raise AnswerError(fact, limits)
        return inside[0] if len(inside) == 1 else value
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise AnswerError(fact, f"“{spec.label}”请填一个数字，单位{say_unit(spec.unit)}")
    if not low <= value <= high:
        raise AnswerError(fact, limits)
    if spec.integer and value != int(value):
        raise AnswerError(fact, f"“{spec.label}”应是整数")
    return float(value)


def _check_options(spec: MultiFact, fact: str, value: Any) -> Answer:
    if isinstance(value, str) or not isinstance(value, (list, tuple, set, frozenset)):
        raise AnswerError(fact, f"“{spec.label}”可以选几项，请用列表")
    chosen = {option for option in value if isinstance(option, str)}
    if len(chosen) != len(set(map(str, value))) or chosen - spec.options.keys():
        labels = "、".join(option.label for option in spec.options.values())
        raise AnswerError(fact, f"“{spec.label}”请从这些里选：{labels}")
    if len(chosen) < spec.min:
        raise AnswerError(fact, f"“{spec.label}”请至少选一项")
    alone = [
        spec.options[option].label for option in spec.options if option in chosen and spec.options[option].exclusive
    ]
    if alone and len(chosen) > 1:
        raise AnswerError(fact, f"“{alone[0]}”不能和别的选项一起选")
    return frozenset(chosen)
