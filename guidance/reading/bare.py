"""Short answers to the question being asked: 有, 没得, 不用, 也算是吧, 都没有, 不知道."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

from guidance.reading import words
from guidance.reading.polarity import Predicate
from guidance.reading.tokens import Clause, Kind, Token

Phrase = Literal["none", "all", "nothing_more"]
_PLAIN_VERBS: Final = frozenset({"有", "是", "会", "要", "需要"})
_REPEATED: Final = re.compile(r"^(.{1,4}?)\1+$")
_LONGEST_REST: Final = 6
_SWEEPING: Final = (Kind.FILLER, Kind.OF, Kind.ALL, Kind.ALSO, Kind.HEDGE, Kind.QUESTION, Kind.NEGATOR, Kind.VERB)
_SKIPPED: Final = (Kind.FILLER, Kind.OF, Kind.ALSO, Kind.ALL, Kind.HEDGE)


@dataclass(frozen=True, slots=True)
class YesNo:
    """A bare yes or no.

    Attributes:
        value: which.
        hedged: 应该, 可能 … stood with it.
        weak: 嗯, 对, 不 …, which may only lead up to the answer.
        loose: other words stand with it, which were not understood.
        foreign: its verb is about something else than the question (不卖, to 有烟道吗).
        verbs: its verbs.
    """

    value: bool
    hedged: bool
    weak: bool = False
    loose: bool = False
    foreign: bool = False
    verbs: frozenset[str] = frozenset()


def phrase_of(clause: Clause) -> Phrase | None:
    """Whether a clause is 都没有, 什么都卖, 就这些 or the like."""
    said = _core(clause.text)
    for phrase, entries in _PHRASES:
        if said in entries or trimmed(said) in entries:
            return phrase
    if not clause.of(Kind.ALL) or any(token.kind not in _SWEEPING for token in clause.tokens):
        return None
    predicate = Predicate()
    for token in clause.of(Kind.NEGATOR, Kind.VERB):
        predicate.take(token)
    return None if predicate.blank else "none" if predicate.negative else "all"


def is_evasive(clause: Clause) -> bool:
    """Whether a clause only says that one does not know or does not mind."""
    if not clause.of(Kind.EVASION) or not clause.bare:
        return False
    rest = "".join(token.text for token in clause.of(Kind.UNKNOWN))
    return len(rest) <= 2 * _LONGEST_REST and not asks_procedure(clause.text)


def asks_procedure(text: str) -> bool:
    """Whether someone asks what to handle, rather than answering: 不知道要办什么."""
    return any(phrase in text for phrase in words.PROCEDURE_QUESTIONS)


def yes_or_no(clause: Clause, verbs: frozenset[str]) -> YesNo | None:
    """The bare yes or no that a clause says.

    Args:
        clause: a clause that names nothing of the theme.
        verbs: the predicates of the question; 「有一根」 is a yes only to a question of 有.
    """
    hedged = bool(clause.of(Kind.HEDGE))
    said = _core(clause.text)
    for form in dict.fromkeys((said, trimmed(said))):
        if form.isascii() and form.isalpha() and form != _core(clause.source):
            return None
        if form in words.NO_WORDS:
            return YesNo(value=False, hedged=hedged, weak=form in words.WEAK_ANSWERS)
        if form in words.YES_WORDS:
            return YesNo(value=True, hedged=hedged, weak=form in words.WEAK_ANSWERS)
    if clause.of(Kind.A_NOT_A, Kind.QUESTION, Kind.EVASION, Kind.REPAIR):
        return None
    return _by_predicate(clause, verbs | _PLAIN_VERBS, hedged=hedged)


def _by_predicate(clause: Clause, verbs: frozenset[str], *, hedged: bool) -> YesNo | None:
    tokens = [token for token in clause.tokens if token.kind not in _SKIPPED]
    first = next((n for n, token in enumerate(tokens) if token.kind in (Kind.NEGATOR, Kind.VERB)), None)
    if first is None:
        return None
    predicate, last = Predicate(), first
    while last < len(tokens) and tokens[last].kind in (Kind.NEGATOR, Kind.VERB):
        predicate.take(tokens[last])
        last += 1
    before, after = _unknown(tokens[:first]), _unknown(tokens[last:])
    if (before and after) or len(before) + len(after) > _LONGEST_REST:
        return None
    if (before and not _concludes(predicate, verbs)) or (after and not _opens(predicate, verbs, after)):
        return None
    return YesNo(
        value=not predicate.negative,
        hedged=hedged or predicate.soft,
        loose=bool(before or after),
        foreign=bool(predicate.verbs & words.TELLING_VERBS) and not predicate.verbs & verbs,
        verbs=frozenset(predicate.verbs),
    )


def _concludes(predicate: Predicate, verbs: frozenset[str]) -> bool:
    """Whether a predicate behind unknown words still answers: 房东说没有, not 跟楼上共用的."""
    return predicate.denies_existence or predicate.verbs <= verbs


def _opens(predicate: Predicate, verbs: frozenset[str], after: str) -> bool:
    """Whether a predicate before unknown words still answers: 没有那玩意儿, not 不贵."""
    if predicate.negative:
        return predicate.denies_existence or predicate.acts
    if predicate.verbs == {"是"}:
        return len(after) <= 2
    return bool(predicate.verbs & verbs)


def _unknown(tokens: list[Token]) -> str:
    return "".join(token.text for token in tokens if token.kind in (Kind.UNKNOWN, Kind.ONLY, Kind.JOINER))


def _core(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char in "√×")


def trimmed(said: str) -> str:
    """A short utterance without particles before and behind it; 对对对 is 对."""
    said = _REPEATED.sub(r"\1", said)
    for _ in range(4):
        start = next((word for word in words.ANSWER_STARTS if said.startswith(word) and len(said) > len(word)), "")
        end = next((word for word in words.ANSWER_ENDS if said.endswith(word) and len(said) > len(word)), "")
        trimmed = said[len(start) : len(said) - len(end)]
        if not trimmed or trimmed == said:
            break
        said = trimmed
    return said


_PHRASES: Final[tuple[tuple[Phrase, frozenset[str]], ...]] = (
    ("none", frozenset(words.NONE_PHRASES)),
    ("all", frozenset(words.ALL_PHRASES)),
    ("nothing_more", frozenset(words.NOTHING_MORE)),
)
