"""Gathers what the clauses of a text say, and settles it fact by fact."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from guidance.reading import amounts, words
from guidance.reading.normalise import Normalised
from guidance.reading.readings import Complaint, ComplaintCode, FactReading, How
from guidance.reading.vocabulary import Vocabulary
from guidance.theme import MultiFact, NumberFact, YesNoFact
from guidance.units import say_unit
from guidance.values import UNKNOWN, Range, Unknown

Sweep = Literal["all", "none", "rest", "no_rest"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing said about one fact.

    Attributes:
        value: bool, option id, number, `Range` or `UNKNOWN`.
        denied: the option does not hold.
        start: where the words begin in the normalised text.
        end: where they end.
        how: see `FactReading.how`.
        weak: gives way to anything stronger (嗯, 好的).
        sweep: says something of several options: all, none, all the rest, nothing of the rest.
        turn: counts up with every 不对 or 说错了; the latest turn of a fact counts.
    """

    fact: str
    value: bool | str | float | Range | Unknown | None
    start: int
    end: int
    how: How
    denied: bool = False
    weak: bool = False
    sweep: Sweep | None = None
    turn: int = 0


class Ledger:
    """The evidence of one text."""

    def __init__(self, vocabulary: Vocabulary, norm: Normalised, asked: str | None) -> None:
        self._vocabulary = vocabulary
        self._norm = norm
        self._asked = asked
        self._evidence: dict[str, list[Evidence]] = {}
        self._readings: dict[str, FactReading] = {}
        self.complaints: list[Complaint] = []

    def add(self, evidence: Evidence) -> None:
        """Keep one thing said."""
        self._evidence.setdefault(evidence.fact, []).append(evidence)

    def withdraw(self, evidence: Evidence) -> None:
        """Take one thing back."""
        said = self._evidence.get(evidence.fact, [])
        if evidence in said:
            said.remove(evidence)
        if not said:
            self._evidence.pop(evidence.fact, None)

    def has(self, fact: str) -> bool:
        """Whether anything was said of a fact."""
        return fact in self._evidence

    def anything(self) -> bool:
        """Whether anything was said of any fact."""
        return bool(self._evidence)

    def touched(self) -> list[str]:
        """Multi facts of which something was said."""
        return [fact for fact in self._evidence if isinstance(self._vocabulary.facts[fact], MultiFact)]

    def complain(self, code: ComplaintCode, facts: Iterable[str], say: str, start: int, end: int) -> None:
        """Note something to ask back."""
        self.complaints.append(Complaint(code, tuple(facts), say, self._norm.quote(start, end)))

    def settle(self) -> tuple[FactReading, ...]:
        """One reading per fact; contradictions become complaints instead."""
        for fact, spec in self._vocabulary.facts.items():
            said = self._latest(fact)
            if not said:
                continue
            known = [one for one in said if one.value is not UNKNOWN]
            if not known:
                self._put(fact, UNKNOWN, said)
            elif isinstance(spec, YesNoFact):
                self._settle_yesno(fact, spec, known)
            elif isinstance(spec, NumberFact):
                self._settle_number(fact, spec, known)
            elif isinstance(spec, MultiFact):
                self._settle_multi(fact, spec, known)
            else:
                self._settle_choice(fact, spec.label, known)
        return tuple(self._readings[fact] for fact in self._vocabulary.facts if fact in self._readings)

    def _latest(self, fact: str) -> list[Evidence]:
        said = self._evidence.get(fact, [])
        latest = max((one.turn for one in said), default=0)
        said = [one for one in said if one.turn == latest]
        return [one for one in said if not one.weak] or said

    def _put(
        self,
        fact: str,
        value: bool | str | float | frozenset[str] | Range | Unknown | None,
        said: list[Evidence],
        *,
        how: How | None = None,
        denied: tuple[str, ...] = (),
        complete: bool = True,
    ) -> None:
        start, end = min(one.start for one in said), max(one.end for one in said)
        hedged = next((one.how for one in said if one.how == "approximate"), said[0].how)
        self._readings[fact] = FactReading(
            fact,
            value,
            self._norm.quote(start, end),
            self._norm.span(start, end),
            how or hedged,
            denied,
            complete,
        )

    def _object(self, code: ComplaintCode, fact: str, say: str, said: list[Evidence]) -> None:
        self.complain(code, (fact,), say, min(one.start for one in said), max(one.end for one in said))

    def _settle_yesno(self, fact: str, spec: YesNoFact, said: list[Evidence]) -> None:
        values = {one.value for one in said}
        if len(values) == 1:
            self._put(fact, said[0].value, said)
        else:
            self._object(
                "contradiction",
                fact,
                f"“{spec.label}”您说了是，又说了不是。请问到底是还是不是？",
                said,
            )

    def _settle_number(self, fact: str, spec: NumberFact, said: list[Evidence]) -> None:
        value: float | Range | None = None
        for one in said:
            number = one.value
            if not isinstance(number, (int, float, Range)):
                continue
            value = number if value is None else amounts.narrower(value, number)
            if value is None:
                self._object("two_values", fact, f"“{spec.label}”您说了不止一个数，请问以哪个为准？", said)
                return
        if value is None:
            return
        if amounts.fits(spec, value):
            self._put(fact, value, said, how="approximate" if isinstance(value, Range) else None)
            return
        low, high = spec.range
        whole = "整数，" if spec.integer else ""
        say = f"“{spec.label}”应是{whole}在 {low:g} 到 {high:g} {say_unit(spec.unit)}之间，请您再核对一下。"
        self._object("out_of_range", fact, say, said)

    def _settle_choice(self, fact: str, label: str, said: list[Evidence]) -> None:
        options = self._vocabulary.options[fact]
        chosen = {str(one.value) for one in said if not one.denied}
        denied = {str(one.value) for one in said if one.denied}
        if chosen & denied:
            self._object("contradiction", fact, f"“{label}”您前后说得不一样，请问到底是哪一个？", said)
        elif len(chosen) > 1:
            names = "、".join(option.label for id_, option in options.items() if id_ in chosen)
            self._object("two_values", fact, f"“{label}”只能选一个，您提到了：{names}。请问是哪一个？", said)
        elif chosen:
            self._put(fact, chosen.pop(), said, denied=_ordered(options, denied))
        else:
            left = [id_ for id_ in options if id_ not in denied]
            value = left[0] if len(left) == 1 else None
            self._put(
                fact,
                value,
                said,
                how="excluded" if value else None,
                denied=_ordered(options, denied),
                complete=value is not None,
            )

    def _settle_multi(self, fact: str, spec: MultiFact, said: list[Evidence]) -> None:
        chosen = {str(one.value) for one in said if not one.denied and not one.sweep}
        denied = {str(one.value) for one in said if one.denied}
        sweeps = {one.sweep for one in said if one.sweep}
        usual = {id_ for id_, option in spec.options.items() if not option.exclusive}
        if sweeps & {"all", "rest"}:
            chosen |= usual - denied
        nothing = _none_option(spec)
        if "none" in sweeps and not chosen and nothing:
            chosen = {nothing}
        exclusive = {id_ for id_ in chosen if spec.options[id_].exclusive}
        if chosen & denied or ("none" in sweeps and chosen - {nothing}):
            self._object("contradiction", fact, f"“{spec.label}”您前后说得不一样，请您再说一遍有哪些。", said)
        elif exclusive and len(chosen) > 1:
            names = "、".join(spec.options[id_].label for id_ in spec.options if id_ in exclusive)
            self._object(
                "exclusive",
                fact,
                f"选了“{names}”就不能再选别的，请问“{spec.label}”到底是哪些？",
                said,
            )
        elif not chosen and "none" in sweeps and spec.min:
            self._object(
                "need_one",
                fact,
                f"“{spec.label}”至少要有一项，请您选一选，或者说说具体是什么。",
                said,
            )
        else:
            complete = bool(sweeps) or (bool(chosen) and (fact == self._asked or bool(exclusive)))
            if sweeps & {"no_rest", "none"}:
                denied |= usual - chosen
            value = frozenset(chosen) if chosen or complete else None
            self._put(fact, value, said, denied=_ordered(spec.options, denied), complete=complete)


def _ordered(options: Mapping[str, object], chosen: set[str]) -> tuple[str, ...]:
    return tuple(id_ for id_ in options if id_ in chosen)


def _none_option(spec: MultiFact) -> str | None:
    """The option that says that none of the others holds."""
    return next(
        (id_ for id_, option in spec.options.items() if option.exclusive and is_none_label(option.label)),
        None,
    )


def is_none_label(label: str) -> bool:
    """Whether an option's label says that something is absent (都没有, 还没有执照)."""
    return label.startswith(words.NONE_LABEL_STARTS)
