"""Whether each word of a clause is affirmed or denied: the scope of 不, 没有, 并非.

A predicate (negators and verbs together) governs what follows it, up to the next predicate or an
attributive 的. A predicate that nothing follows governs what stands before it (凉菜不卖), and a
clause made of such pairs is read pair by pair (凉菜不卖火锅卖). Two negators cancel out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from guidance.reading import words
from guidance.reading.tokens import Clause, Kind, Token

_NOT_HAVING: Final = ("没", "无", "未", "冇", "么得", "木", "莫得", "缺")
_SHORT_GAP: Final = 4


@dataclass(slots=True)
class Predicate:
    """Negators and verbs that stand together.

    Attributes:
        negative: an odd number of negators.
        verbs: the verbs, 有 also for 没有 and 无.
        soft: one of the negators is weak (不太).
        spent: the negation belongs to a word we do not know (不大).
        only: 只, 光 … stands before it.
        blank: nothing was said yet.
        acts: a verb was spoken.
        denies_existence: one of the negators is 没有, 没得, 无 or the like.
    """

    negative: bool = False
    verbs: set[str] = field(default_factory=set)
    soft: bool = False
    spent: bool = False
    only: bool = False
    blank: bool = True
    denies_existence: bool = False
    acts: bool = False
    _last: str = ""

    @property
    def prefix(self) -> bool:
        """Whether the negator belongs to the very next word (无烟)."""
        return self._last in words.PREFIX_NEGATORS

    def take(self, token: Token) -> None:
        """Add a negator or a verb; 没有没有 is said twice for emphasis."""
        self.blank = False
        if token.kind is Kind.VERB:
            self.verbs.add(token.text)
            self.acts = True
            self._last = ""
            return
        if token.text == self._last:
            return
        self._last = token.text
        self.denies_existence |= token.text in words.EXISTENTIAL_NEGATORS
        self.negative = not self.negative
        self.soft = self.soft or token.text in words.SOFT_NEGATORS
        if token.text.startswith(_NOT_HAVING) or token.text.endswith(_NOT_HAVING) or "没有" in token.text:
            self.verbs.add("有")


@dataclass(slots=True)
class Named:
    """A mention and how it is governed.

    Attributes:
        token: the mention.
        predicate: what governs it; blank if nothing does.
        trailing: the predicate stands behind it.
        doubtful: an unknown word follows the negator (烟道不通).
        linked: only 、 or 和, or nothing, stands between it and the mention before.
    """

    token: Token
    predicate: Predicate
    linked: bool = False
    trailing: bool = False
    doubtful: bool = False

    @property
    def negative(self) -> bool:
        """Whether the mention is denied."""
        return self.predicate.negative and not self.predicate.spent

    @property
    def governed(self) -> bool:
        """Whether a predicate says something of the mention."""
        return not self.predicate.blank


def govern(tokens: Sequence[Token]) -> list[Named]:
    """Find for every mention of a clause the predicate that governs it."""
    runs = _runs(tokens)
    named = [one for run in runs for one in run.named]
    _apply_trailing(runs)
    return named


@dataclass(slots=True)
class _Run:
    """A predicate and the mentions behind it, in order of the clause."""

    predicate: Predicate
    named: list[Named] = field(default_factory=list)
    tail: str = ""
    together: bool = False

    def chain(self) -> list[Named]:
        """The mentions that a trailing predicate governs: all before 都, else the last chain."""
        start = len(self.named) - 1
        while start > 0 and (self.together or self.named[start].linked):
            start -= 1
        return self.named[max(start, 0) :]


class _Runs:
    """Builds the runs of a clause, token by token."""

    def __init__(self) -> None:
        self.runs = [_Run(Predicate())]
        self._gap = ""
        self._only = False
        self._linked = False
        self._joined = False

    def take(self, token: Token) -> None:
        """Add the next token."""
        run = self.runs[-1]
        if token.kind is Kind.MENTION:
            if run.named and run.predicate.negative and not self._joined and not _same_fact(run, token):
                run = _Run(Predicate())
                self.runs.append(run)
            run.named.append(Named(token, run.predicate, linked=self._linked and bool(run.named)))
            self._gap = run.tail = ""
            self._linked, self._joined = True, False
            return
        self._joined = self._joined or token.kind is Kind.JOINER
        self._linked = self._linked and token.kind is Kind.JOINER
        if token.kind in (Kind.NEGATOR, Kind.VERB):
            self._take_predicate(token)
        elif token.kind in (Kind.UNKNOWN, Kind.QUESTION):
            self._take_unknown(token)
        elif token.kind is Kind.ALL:
            run.together = True
        elif token.kind is Kind.ONLY:
            self._only = True
        elif token.kind is Kind.OF and run.named:
            self.runs.append(_Run(Predicate()))

    def done(self) -> list[_Run]:
        """The runs, in order."""
        self.runs[-1].predicate.only |= self._only
        return self.runs

    def _take_predicate(self, token: Token) -> None:
        run = self.runs[-1]
        used_up = bool(self._gap) and run.predicate.negative and token.kind is Kind.VERB
        if run.named or used_up:
            run = _Run(Predicate())
            self.runs.append(run)
        run.predicate.take(token)
        run.predicate.only |= self._only
        self._only, self._gap = False, ""

    def _take_unknown(self, token: Token) -> None:
        run = self.runs[-1]
        self._gap += token.text
        run.tail += token.text
        gap = 0 if run.predicate.prefix else _SHORT_GAP
        if run.predicate.negative and not run.named and len(self._gap) > gap:
            run.predicate.spent = True


def _same_fact(run: _Run, token: Token) -> bool:
    """Whether a mention may be of the same fact as the one before it."""
    before = {target.fact for target in run.named[-1].token.targets}
    return any(target.fact in before for target in token.targets)


def _runs(tokens: Sequence[Token]) -> list[_Run]:
    builder = _Runs()
    for token in tokens:
        builder.take(token)
    return builder.done()


def _apply_trailing(runs: list[_Run]) -> None:
    """Let predicates without an object govern what stands before them."""
    groups = [run for run in runs if run.named or not run.predicate.blank]
    if len(groups) < 2:
        return
    last, before = groups[-1], groups[:-1]
    if last.named or not before[-1].named:
        return
    if last.tail:
        if last.predicate.negative and not last.predicate.acts:
            before[-1].named[-1].doubtful = True
        return
    if groups[0].predicate.blank:
        _pair_up(groups)
    elif last.predicate.negative:
        _govern_behind(before[-1].chain()[-1:], last.predicate)


def _pair_up(groups: list[_Run]) -> None:
    """凉菜不卖火锅卖: every mention takes the predicate behind it."""
    for run, following in pairwise(groups):
        _govern_behind(run.chain(), following.predicate)


def _govern_behind(named: list[Named], predicate: Predicate) -> None:
    for one in named:
        one.predicate = predicate
        one.trailing = True


def bare_predicate(clause: Clause) -> Predicate | None:
    """The predicate of a clause that says nothing else (不卖, 都没有, 也有的); None if it does."""
    predicate = Predicate()
    for token in clause.tokens:
        if token.kind in (Kind.NEGATOR, Kind.VERB):
            predicate.take(token)
        elif token.kind not in _SILENT:
            return None
    return None if predicate.blank else predicate


_SILENT: Final = frozenset({Kind.FILLER, Kind.OF, Kind.ALL, Kind.ALSO, Kind.HEDGE, Kind.JOINER})
