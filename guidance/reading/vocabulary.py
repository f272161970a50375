"""The words of one theme and one city: which words name which fact or option."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from guidance.library import District
from guidance.reading import words
from guidance.reading.floors import Storeys, read_storeys
from guidance.reading.normalise import normalise, squeeze
from guidance.reading.quantities import Quantity, read_quantities
from guidance.theme import (
    ChoiceFact,
    Fact,
    MultiFact,
    NumberFact,
    Option,
    PlaceFact,
    Theme,
    YesNoFact,
)

_PARENTHESES: Final = re.compile(r"[（(][^）)]*[）)]")
_PIECES: Final = re.compile(r"[、，,/；;]|等")
_PREDICATE: Final = re.compile("(已经有|已有|卖点|卖|做|有|装|挂|办|开|用|会|请|雇|搞|带|是)(?:个|些|点)?(?=.)")
_NEGATION: Final = re.compile("(没有|没什么|没|无|不是|不|并无|非)(?=.)")
_STATEMENT: Final = re.compile(".(?:是|有|进|带|住|会|在|属于|位于|做|卖|排|用).")
_GRADES: Final = "大重多高小少轻浓"
_INTENSIFIERS: Final = (
    "很",
    "挺",
    "比较",
    "特别",
    "非常",
    "有点",
    "有些",
    "蛮",
    "太",
    "真",
    "好",
    "老",
    "相当",
)
_UNGRADED: Final = ("不", "不太", "不怎么", "不是很", "没多", "没那么")


@dataclass(frozen=True, slots=True)
class Target:
    """What a word names.

    Attributes:
        fact: the fact's id.
        value: an option id, or True or False of a yes/no fact; None names the fact itself.
        verbs: the word counts only under one of these predicates; empty means always.
    """

    fact: str
    value: bool | str | None
    verbs: frozenset[str] = frozenset()


class Vocabulary:
    """All words of a theme with a city's districts, indexed for scanning.

    Attributes:
        facts: the theme's facts.
        options: by choice, multi or place fact, its options in order.
        storeys: by fact that knows storeys, the storeys of each of its values.
        sizes: by choice fact whose labels name quantities, the quantities of each option.
        verbs: by fact, the predicates of its question.
        counters: by verb, the number fact it counts for, as 请 in 请6个人 counts 请人.
        units: unit words that the theme's facts accept.
    """

    def __init__(self, theme: Theme, districts: Mapping[str, District]) -> None:
        self.facts: dict[str, Fact] = dict(theme.facts)
        self.options = {id_: _options_of(fact, districts) for id_, fact in self.facts.items()}
        self.options = {id_: options for id_, options in self.options.items() if options}
        self.storeys = dict(self._storeys())
        self.sizes = dict(self._sizes())
        self.verbs = {
            id_: frozenset(verb for verb in words.VERBS if verb in fact.ask) for id_, fact in self.facts.items()
        }
        self.units = frozenset(
            word
            for fact in self.facts.values()
            if isinstance(fact, NumberFact)
            for word in (
                normalise(fact.unit).text,
                *(normalise(unit).text for unit in fact.accept_units),
            )
            if not word.isdigit()
        )
        self.counters = dict(self._counters())
        self._by_word: dict[str, tuple[Target, ...]] = {}
        self._exact: dict[str, dict[str, bool | str]] = {id_: {} for id_ in self.facts}
        self._collect()
        self._by_first: dict[str, list[str]] = {}
        for word in sorted(self._by_word, key=len, reverse=True):
            self._by_first.setdefault(word[0], []).append(word)

    def words_at(self, text: str, at: int) -> Iterator[str]:
        """Words of the theme that stand at an index, longest first."""
        for word in self._by_first.get(text[at], ()):
            if text.startswith(word, at):
                yield word

    def targets(self, word: str) -> tuple[Target, ...]:
        """What a word names; several targets if facts share it."""
        return self._by_word[word]

    def exact(self, fact: str, text: str) -> bool | str | None:
        """The value of a fact whose label or id is exactly this utterance."""
        return self._exact[fact].get(squeeze(text))

    def is_count(self, fact: str) -> bool:
        """Whether a fact counts what may be absent (people, money, tables), so that none is 0."""
        spec = self.facts[fact]
        return isinstance(spec, NumberFact) and unit_group(spec.unit) in _COUNTED and spec.range[0] <= 0

    def _storeys(self) -> Iterator[tuple[str, dict[bool | str, tuple[Storeys, ...]]]]:
        for id_, fact in self.facts.items():
            said: dict[bool | str, list[str]] = {}
            if isinstance(fact, YesNoFact):
                said = {True: fact.say, False: fact.say_no}
            elif isinstance(fact, ChoiceFact):
                said = {option: [spec.label, *spec.say] for option, spec in fact.options.items()}
            found = {value: _storeys_in(entries) for value, entries in said.items()}
            if sum(map(bool, found.values())) >= 2:
                yield id_, {value: storeys for value, storeys in found.items() if storeys}

    def _sizes(self) -> Iterator[tuple[str, dict[str, tuple[Quantity, ...]]]]:
        for id_, fact in self.facts.items():
            if not isinstance(fact, ChoiceFact) or id_ in self.storeys:
                continue
            found = {option: read_quantities(spec.label) for option, spec in fact.options.items()}
            if sum(any(quantity.unit for quantity in quantities) for quantities in found.values()) >= 2:
                yield id_, found

    def _counters(self) -> Iterator[tuple[str, str]]:
        for id_, fact in self.facts.items():
            if not isinstance(fact, NumberFact):
                continue
            for word in fact.say:
                if len(word) == 2 and word[0] in words.VERBS and word[1] in fact.accept_units:
                    yield word[0], id_

    def _collect(self) -> None:
        """Words in falling strength: said outright, parts of labels, nouns that need a predicate."""
        ranks: tuple[dict[str, list[Target]], ...] = ({}, {}, {})
        for id_, fact in self.facts.items():
            for rank, word, target in self._words_of(id_, fact):
                plain = normalise(word).text
                if len(plain) >= (1 if target.verbs or rank == 0 else 2):
                    ranks[rank].setdefault(plain, []).append(target)
        for named in ranks:
            for word, targets in named.items():
                self._by_word.setdefault(word, tuple(dict.fromkeys(targets)))

    def _words_of(self, id_: str, fact: Fact) -> Iterator[tuple[int, str, Target]]:
        if isinstance(fact, YesNoFact):
            yield from self._words_of_yesno(id_, fact)
            return
        for word in (fact.label, *fact.say):
            yield 0, word, Target(id_, None)
        for word in self._topics_of(id_, fact):
            yield 1, word, Target(id_, None)
        for option, spec in self.options.get(id_, {}).items():
            yield from self._words_of_option(id_, option, spec, place=isinstance(fact, PlaceFact))

    def _topics_of(self, id_: str, fact: Fact) -> tuple[str, ...]:
        """Words for any fact of its kind, which name it where no other fact claims them."""
        if id_ in self.storeys:
            return words.FLOOR_TOPICS
        is_size = isinstance(fact, NumberFact) and unit_group(fact.unit) in words.STRONG_UNITS
        return words.SIZE_TOPICS if is_size and fact.only_if is None else ()

    def _words_of_yesno(self, id_: str, fact: YesNoFact) -> Iterator[tuple[int, str, Target]]:
        for value, entries in ((True, fact.say), (False, fact.say_no)):
            self._exact[id_].update({squeeze(word): value for word in entries})
            for word in entries:
                yield 0, word, Target(id_, value)
                for variant, same in _graded(word):
                    yield 1, variant, Target(id_, value is same)
                yield from _nouns(id_, word, value)
        if _PREDICATE.match(fact.label):
            yield 0, fact.label, Target(id_, True)
            yield from _nouns(id_, fact.label, True)
        elif _STATEMENT.search(fact.label):
            yield 0, fact.label, Target(id_, True)
        else:
            yield 2, fact.label, Target(id_, True, _HAVING)

    def _words_of_option(
        self, id_: str, option: str, spec: Option | District, *, place: bool
    ) -> Iterator[tuple[int, str, Target]]:
        target = Target(id_, option)
        bare = _PARENTHESES.sub("", spec.label)
        self._exact[id_].update({squeeze(word): option for word in (*spec.say, bare, spec.label, option)})
        for word in (spec.label, bare, *spec.say):
            yield 0, word, target
            yield from _nouns(id_, word, option)
        for piece in _PIECES.split(bare):
            yield 1, piece, target
        if place:
            stem = next((bare.removesuffix(s) for s in words.DISTRICT_SUFFIXES if bare.endswith(s)), "")
            yield 1, stem if len(stem) >= 2 else "", target


_COUNTED: Final = frozenset({"person", "wan", "yuan", "table", "seat"})
_HAVING: Final = frozenset({"有", "是", "带", "装", "做", "卖", "用", "会", "产生"})


def unit_group(unit: str) -> str:
    """The group of `words.UNIT_GROUPS` a fact's unit belongs to; the unit itself if none."""
    plain = normalise(unit).text
    return words.UNIT_NAMES.get(plain, plain)


def _options_of(fact: Fact, districts: Mapping[str, District]) -> dict[str, Option | District]:
    if isinstance(fact, (ChoiceFact, MultiFact)):
        return dict(fact.options)
    return dict(districts) if isinstance(fact, PlaceFact) else {}


def _storeys_in(entries: list[str]) -> tuple[Storeys, ...]:
    named = (storeys for entry in entries for storeys in read_storeys(normalise(entry).text))
    return tuple(storeys for storeys in named if not storeys.count)


def _graded(word: str) -> Iterator[tuple[str, bool]]:
    """油烟大 as 油烟很大 (the same), 油烟不大 (the opposite)."""
    if len(word) < 3 or word[-1] not in _GRADES or word[-2] in "不很没":
        return
    for between in _INTENSIFIERS:
        yield word[:-1] + between + word[-1], True
    for between in _UNGRADED:
        yield word[:-1] + between + word[-1], False


def _nouns(fact: str, word: str, value: bool | str) -> Iterator[tuple[int, str, Target]]:
    """The noun of 卖烟, 有烟道, 没有烟道, which counts under such a predicate only."""
    negation = _NEGATION.match(word)
    if negation:
        if isinstance(value, bool):
            yield 2, word[negation.end() :], Target(fact, not value, _HAVING)
        return
    predicate = _PREDICATE.match(word)
    if predicate:
        verb = "有" if "有" in predicate.group(1) else predicate.group(1)[0]
        yield 2, word[predicate.end() :], Target(fact, value, frozenset({verb}))
