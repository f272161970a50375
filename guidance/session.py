"""A guide session: an append-only log of answers, and the question that comes next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from guidance.compiler import CompiledTheme
from guidance.situation import AnswerError, Situation, check_answer
from guidance.theme import DontKnow, NumberFact
from guidance.values import UNKNOWN, Answer, Range, Under

Source = Literal["tapped", "typed", "inferred", "proxy"]
Mode = Literal["ask", "help", "proxy", "narrow"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer as given.

    Attributes:
        turn: answers of one turn are taken back together; turns count from 1.
        quote: the citizen's words, if typed.
    """

    turn: int
    fact: str
    answer: Answer
    source: Source
    quote: str | None = None


@dataclass(frozen=True, slots=True)
class Retraction:
    """A step back: the entries of an earlier turn no longer count."""

    turn: int
    retracts: int


@dataclass(frozen=True, slots=True)
class Question:
    """What to ask now.

    Attributes:
        mode: ask as written; `help` after a first 「不知道」; `proxy` asks an easier number;
            `narrow` asks on which side of `cuts` a roughly known number lies.
        cuts: for `narrow`, the thresholds inside the known range, ascending.
    """

    fact: str
    mode: Mode
    cuts: tuple[Under, ...] = ()


@dataclass(frozen=True)
class Session:
    """The answers of one citizen to one compiled theme. Immutable; every step gives a new one."""

    compiled: CompiledTheme
    log: tuple[Entry | Retraction, ...] = ()

    @cached_property
    def effective(self) -> dict[str, Entry]:
        """The entry that counts for each fact, the latest not taken back."""
        return {entry.fact: entry for entry in self._standing}

    @cached_property
    def situation(self) -> Situation:
        """What is known."""
        answers: dict[str, Any] = {}
        settled: set[str] = set()
        for fact, entry in self.effective.items():
            if entry.answer is not UNKNOWN:
                answers[fact] = entry.answer
                continue
            rule = self.dont_know(fact)
            if rule.fallback == "assume":
                answers[fact] = check_answer(self.compiled, fact, rule.value)
            elif self._times_unknown(fact) >= (2 if rule.fallback in ("help", "proxy") else 1):
                settled.add(fact)
            earlier = self._last_known(fact)
            if isinstance(earlier, Range):
                answers.setdefault(fact, earlier)
                settled.add(fact)
        return Situation(self.compiled, answers, frozenset(settled))

    @cached_property
    def question(self) -> Question | None:
        """The next question; None when nothing more can change the list."""
        fact = self.situation.next_fact()
        if fact is None:
            return None
        if isinstance(self.situation.answers.get(fact), Range):
            return Question(fact, "narrow", self._cuts_inside(fact))
        if self._times_unknown(fact):
            return Question(fact, "proxy" if self.dont_know(fact).fallback == "proxy" else "help")
        return Question(fact, "ask")

    @property
    def last_turn(self) -> int:
        """The number of the latest turn, 0 at the start."""
        return self.log[-1].turn if self.log else 0

    @property
    def assumed(self) -> dict[str, str]:
        """What is assumed after 「不知道」: by fact, the sentence that says so."""
        return {
            fact: self.dont_know(fact).say or ""
            for fact, entry in self.effective.items()
            if entry.answer is UNKNOWN and self.dont_know(fact).fallback == "assume"
        }

    def answer(self, fact: str, value: Any, source: Source = "tapped", quote: str | None = None) -> Session:
        """Answer one fact, or change its answer.

        Raises:
            AnswerError: the value does not fit.
        """
        return self.answer_all({fact: value}, source, {fact: quote} if quote else {})

    def answer_all(self, values: Mapping[str, Any], source: Source, quotes: Mapping[str, str] | None = None) -> Session:
        """Answer several facts in one turn; all or none.

        Raises:
            AnswerError: one of the values does not fit.
        """
        turn = self.last_turn + 1
        entries = [
            Entry(turn, fact, check_answer(self.compiled, fact, value), source, (quotes or {}).get(fact))
            for fact, value in values.items()
        ]
        return Session(self.compiled, (*self.log, *entries))

    def answer_proxy(self, fact: str, number: float, quote: str | None = None) -> Session:
        """Answer the easier question asked instead of a fact.

        Raises:
            AnswerError: the fact has no proxy question, or the number is negative.
        """
        steps = self.dont_know(fact).map
        if steps is None or number < 0:
            raise AnswerError(fact, "请填一个不小于 0 的数字")
        value = next(step.value for step in steps if step.lt is None or number < step.lt)
        return self.answer(fact, value, "proxy", quote)

    def back(self) -> Session:
        """Take the latest turn back; unchanged when there is none."""
        standing = self._standing
        if not standing:
            return self
        step = Retraction(self.last_turn + 1, standing[-1].turn)
        return Session(self.compiled, (*self.log, step))

    def dont_know(self, fact: str) -> DontKnow:
        """What the theme says of not knowing a fact."""
        return self.compiled.theme.facts[fact].dont_know

    @cached_property
    def _standing(self) -> list[Entry]:
        retracted = {step.retracts for step in self.log if isinstance(step, Retraction)}
        return [step for step in self.log if isinstance(step, Entry) and step.turn not in retracted]

    def _times_unknown(self, fact: str) -> int:
        """How often in a row the fact was answered 「不知道」."""
        times = 0
        for entry in self._standing:
            if entry.fact == fact:
                times = times + 1 if entry.answer is UNKNOWN else 0
        return times

    def _last_known(self, fact: str) -> Answer | None:
        known = [e.answer for e in self._standing if e.fact == fact and e.answer is not UNKNOWN]
        return known[-1] if known else None

    def _cuts_inside(self, fact: str) -> tuple[Under, ...]:
        spec = self.compiled.theme.facts[fact]
        answer = self.situation.answers[fact]
        assert isinstance(spec, NumberFact) and isinstance(answer, Range)  # noqa: S101
        low, high = answer.within(*spec.range)
        return tuple(
            sorted(
                {
                    test
                    for test in self._tests(fact)
                    if isinstance(test, Under) and test.holds(low) and not test.holds(high)
                },
                key=lambda cut: (cut.cut, cut.closed),
            )
        )

    def _tests(self, fact: str) -> Iterable[Any]:
        for outcome in self.situation.decides(fact):
            yield from outcome.table.dimension(fact).tests
