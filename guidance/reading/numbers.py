"""Gives the numbers of a clause to the facts they belong to."""

from __future__ import annotations

from typing import Final

from guidance.reading import amounts, words
from guidance.reading.quantities import Quantity
from guidance.reading.readings import How
from guidance.reading.scene import Scene
from guidance.reading.tokens import Clause, Kind, Token
from guidance.reading.vocabulary import unit_group
from guidance.theme import NumberFact
from guidance.units import say_unit
from guidance.values import Range

_LONGEST_REST: Final = 6
_ALIEN_REACH: Final = 5


class NumberReader:
    """Reads the numbers of one text."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        facts = scene.vocabulary.facts
        self._facts = {id_: fact for id_, fact in facts.items() if isinstance(fact, NumberFact)}
        self._alien: Token | None = None

    def read(self, clause: Clause, carried: str | None) -> None:
        """Read the numbers of one clause.

        Args:
            clause: a clause.
            carried: a number fact that the clause before named without a number.
        """
        for token in clause.of(Kind.QUANTITY):
            if _is_denied(clause, token):
                continue
            if _is_none_at_all(clause, token):
                self._read_none(clause, token, carried)
            elif not self._read_one(token, clause, carried):
                self._scene.leave(token)

    def _read_none(self, clause: Clause, token: Token, carried: str | None) -> None:
        """一个都不请: nobody."""
        cue, _, _ = self._nearest_cue(clause, token)
        fact = cue or carried or self._scene.asked
        if fact is not None and self._scene.vocabulary.is_count(fact):
            self._scene.note(fact, 0, clause.span, "bare")

    def counts_in(self, clause: Clause) -> bool:
        """Whether a clause says a number, rather than denies one (面积不是260)."""
        return any(not _is_denied(clause, token) for token in clause.of(Kind.QUANTITY))

    def finish(self) -> None:
        """Object to a number whose unit does not fit the question."""
        asked = self._facts.get(self._scene.asked or "")
        if self._alien is None or asked is None or self._scene.ledger.has(self._scene.asked or ""):
            return
        say = f"“{asked.label}”请按{say_unit(asked.unit)}说个大概的数就行。"
        self._scene.complain("wrong_unit", (self._scene.asked or "",), say, (self._alien.start, self._alien.end))

    def _read_one(self, token: Token, clause: Clause, carried: str | None) -> bool:
        quantity = token.quantity
        if quantity is None:
            return False
        cue, is_alien, is_part = self._nearest_cue(clause, token)
        if is_alien:
            return False
        cue = cue or self._counter_of(clause, token)
        if cue is None and self._read_size(quantity, token, clause):
            return True
        facts = self._candidates(quantity, clause, cue, carried)
        if is_part:
            facts = [id_ for id_ in facts if not self._is_size(id_)]
        if len(facts) > 1:
            names = "、".join(f"“{self._facts[id_].label}”" for id_ in facts)
            say = f"您说的“{quantity.quote}”是指{names}中的哪一个？"
            self._scene.complain("ambiguous", facts, say, (token.start, token.end))
            return True
        if not facts:
            if quantity.unit and len(_rest(clause)) <= 2:
                self._alien = token
            return False
        value = amounts.measure(self._facts[facts[0]], self._meant(quantity))
        if value is None:
            return False
        how: How = "approximate" if isinstance(value, Range) else "named" if quantity.unit or cue or carried else "bare"
        self._scene.note(facts[0], value, (token.start, token.end), how)
        return True

    def read_alone(self, clause: Clause) -> bool:
        """Read 就我一个人, 就我们两口子 as nobody, to the question how many one hires."""
        fact = self._facts.get(self._scene.asked or "")
        hires = fact is not None and any(verb in fact.ask for verb in words.HIRING)
        if not hires or not any(phrase in clause.text for phrase in words.ALONE):
            return False
        self._scene.note(self._scene.asked or "", 0, clause.span, "bare")
        return True

    def _meant(self, quantity: Quantity) -> Quantity:
        """不对，应该是260 corrects, it does not hedge."""
        if self._scene.corrects and quantity.quote.startswith(words.CORRECTIVE):
            return quantity.without_prefix()
        return quantity

    def _candidates(self, quantity: Quantity, clause: Clause, cue: str | None, carried: str | None) -> list[str]:
        asked = self._scene.asked if self._scene.asked in self._facts else None
        if quantity.unit:
            return amounts.fact_of(quantity, self._facts, cue or carried, asked)
        rest = len(_rest(clause))
        limit = 0 if quantity.single else _LONGEST_REST
        for fact in (cue, carried, asked):
            if fact is not None and ((fact == cue and not quantity.single) or rest <= limit):
                return [fact]
        return []

    def _nearest_cue(self, clause: Clause, token: Token) -> tuple[str | None, bool, bool]:
        """The number fact named nearest, whether a foreign word claims the number, whether a part does."""
        cues = [
            (other, target.fact)
            for other in clause.of(Kind.MENTION)
            for target in other.targets
            if target.value is None and target.fact in self._facts and other.storeys is None
        ]
        before = [(other.end, fact) for other, fact in cues if other.end <= token.start]
        after = [fact for other, fact in cues if other.start >= token.end]
        cue_end, cue = max(before, default=(-1, after[0] if after else None))
        start = clause.tokens[0].start
        text = clause.source[start : token.start]
        alien = max(
            (text.rfind(word) + start for word in words.ALIEN_NUMBER_CUES if word in text),
            default=-1,
        )
        part = max((text.rfind(word) + start for word in words.PART_CUES if word in text), default=-1)
        behind = clause.source[token.end : token.end + _ALIEN_REACH].lstrip("的")
        is_alien = alien > cue_end or (behind.startswith(words.ALIEN_NUMBER_CUES) and not cue)
        return cue, is_alien, part > cue_end

    def _counter_of(self, clause: Clause, token: Token) -> str | None:
        """The fact that the verb before a number counts for: 请6个人."""
        before = [other for other in clause.tokens if other.end <= token.start and other.kind is not Kind.FILLER]
        return self._scene.vocabulary.counters.get(before[-1].text) if before else None

    def _is_size(self, fact: str) -> bool:
        return unit_group(self._facts[fact].unit) in words.STRONG_UNITS

    def _read_size(self, quantity: Quantity, token: Token, clause: Clause) -> bool:
        """A quantity as the answer to a choice among sizes."""
        sizes = self._scene.vocabulary.sizes.get(self._scene.asked or "")
        if not sizes or self._scene.asked is None or len(_rest(clause)) > _LONGEST_REST:
            return False
        options = amounts.size_options(sizes, quantity)
        for option in options:
            self._scene.note(self._scene.asked, option, (token.start, token.end), "approximate")
        return bool(options)


def _rest(clause: Clause) -> str:
    """The words of a clause that were not understood."""
    return "".join(token.text for token in clause.of(Kind.UNKNOWN))


def _is_none_at_all(clause: Clause, token: Token) -> bool:
    """Whether a number is one that is denied altogether: 一个都不, 一分钱也没."""
    after = [other.kind for other in clause.tokens if other.start >= token.end][:2]
    is_one = token.quantity is not None and token.quantity.high == 1
    return is_one and after[:1] in ([Kind.ALL], [Kind.ALSO]) and after[1:] == [Kind.NEGATOR]


def _is_denied(clause: Clause, token: Token) -> bool:
    """Whether a number stands under a negator: 不是260."""
    at = next(place for place, other in enumerate(clause.tokens) if other is token)
    while at and clause.tokens[at - 1].kind in (Kind.FILLER, Kind.VERB, Kind.HEDGE):
        at -= 1
    return bool(at) and clause.tokens[at - 1].kind is Kind.NEGATOR
