"""Reads clause after clause, with what the clause before left open."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, Literal

from guidance.reading import bare, words
from guidance.reading.bare import YesNo
from guidance.reading.ledger import Evidence, Ledger, Sweep, is_none_label
from guidance.reading.normalise import Normalised, squeeze
from guidance.reading.numbers import NumberReader
from guidance.reading.polarity import Named, Predicate, govern
from guidance.reading.readings import How
from guidance.reading.tokens import Clause, Kind, Token
from guidance.reading.vocabulary import Target, Vocabulary
from guidance.theme import ChoiceFact, MultiFact, NumberFact, PlaceFact, YesNoFact
from guidance.values import UNKNOWN, Unknown

Mood = Literal["says", "asks", "asks_leave"]
_COPULAS: Final = frozenset({"是", "在", "属于", "算", "选", "开在", "位于"})


@dataclass(slots=True)
class _Open:
    """What a clause named without saying anything of it.

    Attributes:
        named: mentions that the next clause may affirm or deny (凉菜，不卖; 有没有烟道，没有), with
            the evidence noted of each meanwhile.
        cue: a number fact named without a number.
        expects: the clause was a question or ended like a topic (凉菜呢), so an answer follows.
    """

    named: list[tuple[Named, Target, Evidence | None]] = field(default_factory=list)
    cue: str | None = None
    expects: bool = False


class ClauseReader:
    """Reads the clauses of one text into a ledger.

    Attributes:
        topics: facts named, in order.
    """

    def __init__(self, vocabulary: Vocabulary, norm: Normalised, ledger: Ledger, asked: str | None) -> None:
        self.topics: list[str] = []
        self._vocabulary = vocabulary
        self._norm = norm
        self._ledger = ledger
        self._asked = asked
        self._numbers = NumberReader(vocabulary, ledger, asked)
        self._open = _Open()
        self._turn = 0
        self._unread: list[tuple[int, int]] = []
        self._affirmed: Clause | None = None

    def read(self, clause: Clause) -> None:
        """Read one clause."""
        if clause.repairs:
            self._turn += 1
            self._numbers.corrects = True
        self._unread += [(token.start, token.end) for token in clause.of(Kind.UNKNOWN)]
        before, self._open = self._open, _Open()
        if self._numbers.read_alone(clause, self._turn):
            return
        if clause.bare:
            self._read_bare(clause, before)
            return
        mood = _mood(clause)
        tokens = self._read_exception(clause)
        for named in govern(tokens):
            self._read_named(named, clause, mood)
        if mood != "asks":
            self._unread += self._numbers.read(clause, before.cue, self._turn)
        self._open.expects = mood == "asks" or clause.text.endswith(words.TOPIC_ENDS)

    def finish(self) -> None:
        """Object to what a whole text leaves unclear."""
        self._numbers.finish()
        spec = self._vocabulary.facts.get(self._asked or "")
        if self._affirmed and self._asked and isinstance(spec, MultiFact) and not self._ledger.has(self._asked):
            start, end = _span(self._affirmed)
            say = f"请说说“{spec.label}”具体有哪些，说一样或几样都行。"
            self._ledger.complain("which", (self._asked,), say, start, end)

    def unread(self) -> str:
        """The words that were not understood."""
        return " ".join(self._norm.quote(start, end) for start, end in sorted(self._unread)).strip()

    # ------------------------------------------------------------ what a clause names

    def _read_named(self, named: Named, clause: Clause, mood: Mood) -> None:
        targets = self._targets(named)
        valued = [target for target in targets if target.value is not None]
        if not targets:
            self._read_unclear(named)
        elif not valued and named.token.storeys is None:
            self._read_topic(named, targets[0].fact, clause)
        elif named.token.every:
            for target in valued:
                self._say(named, target, clause, mood)
        else:
            self._read_one(named, valued, clause, mood)

    def _read_unclear(self, named: Named) -> None:
        """Words that name nothing as they stand: 三四楼 across two options, 烟道 without a predicate."""
        token = named.token
        facts = dict.fromkeys(target.fact for target in token.targets)
        if token.storeys is not None and facts and not named.negative:
            say = f"您说的“{self._quote(token)}”合不上其中任何一个选项，请您再选一选。"
            self._ledger.complain("ambiguous", facts, say, token.start, token.end)
            return
        self._leave(token)
        if not named.governed and len(facts) == 1:
            nouns = dict.fromkeys(Target(target.fact, target.value) for target in token.targets)
            self._open.named += [(named, noun, None) for noun in list(nouns)[:1]]

    def _read_one(self, named: Named, targets: list[Target], clause: Clause, mood: Mood) -> None:
        facts = dict.fromkeys(target.fact for target in targets)
        if len(targets) == 1:
            self._say(named, targets[0], clause, mood)
            return
        options = [self._label(target) for target in targets]
        if len(facts) == 1 and not options[0]:
            self._leave(named.token)
            return
        say = f"您说的“{self._quote(named.token)}”可能指{'、'.join(f'“{o}”' for o in options if o)}，请问是哪一个？"
        self._ledger.complain("ambiguous", facts, say, named.token.start, named.token.end)

    def _say(self, named: Named, target: Target, clause: Clause, mood: Mood) -> None:
        """Note what a clause says of one option or one yes/no fact."""
        spec = self._vocabulary.facts[target.fact]
        self.topics.append(target.fact)
        if clause.of(Kind.EVASION):
            self._leave_open(named, target)
            return
        if mood == "asks":
            self._open.named.append((named, target, None))
            return
        is_yesno = isinstance(spec, YesNoFact)
        asks_leave = mood == "asks_leave" and (named.negative or is_yesno)
        asks_leave |= is_yesno and bool(clause.of(Kind.QUESTION)) and not named.predicate.verbs - _COPULAS
        if named.doubtful or asks_leave or self._is_misplaced(named, target):
            self._leave(named.token)
            return
        evidence = self._evidence(named, target, _how(clause, named.predicate))
        self._ledger.add(evidence)
        if named.predicate.only and isinstance(spec, MultiFact) and not named.negative:
            self._sweep(target.fact, "no_rest", named.token.start, named.token.end)
        if not named.governed and not named.token.text.startswith(words.VERBS + words.NEGATORS):
            self._open.named.append((named, target, evidence))

    def _is_misplaced(self, named: Named, target: Target) -> bool:
        """Whether a predicate behind an option cannot be about it: 公司没有."""
        is_single = isinstance(self._vocabulary.facts[target.fact], (ChoiceFact, PlaceFact))
        if not (is_single and named.trailing and named.negative):
            return False
        is_noun = any(noun.verbs for noun in named.token.targets)
        return not is_noun and not named.predicate.verbs & _COPULAS

    def _evidence(self, named: Named, target: Target, how: How, *, negative: bool | None = None) -> Evidence:
        negative = named.negative if negative is None else negative
        value, denied = target.value, negative
        if isinstance(value, bool):
            value, denied = value is not negative, False
        start, end = named.token.start, named.token.end
        return Evidence(target.fact, value, start, end, how, denied=denied, turn=self._turn)

    def _leave_open(self, named: Named, target: Target) -> None:
        """Note that a citizen does not know."""
        if isinstance(self._vocabulary.facts[target.fact], MultiFact):
            say = f"“{self._label(target)}”还没定也没关系，定了再告诉我；整题都不清楚，就回“不知道”。"
            self._ledger.complain("undecided", (target.fact,), say, named.token.start, named.token.end)
            return
        self._not_known(target.fact, named.token.start, named.token.end, "named")

    def _read_topic(self, named: Named, fact: str, clause: Clause) -> None:
        """A fact is named, not an answer: 面积, 装修, 离学校."""
        self.topics.append(fact)
        start, end = named.token.start, named.token.end
        if self._numbers.counts_in(clause):
            return
        if clause.of(Kind.EVASION):
            self._not_known(fact, start, end, "named")
        elif named.negative and not named.doubtful and self._vocabulary.is_count(fact):
            self._ledger.add(Evidence(fact, 0, start, end, "named", turn=self._turn))
        elif isinstance(self._vocabulary.facts[fact], NumberFact):
            self._open.cue = fact

    def _targets(self, named: Named) -> list[Target]:
        """What a mention may name, given its predicate."""
        token = named.token
        if token.storeys is not None:
            return self._storey_targets(named)
        verbs = named.predicate.verbs
        fitting = [target for target in token.targets if not target.verbs or target.verbs & verbs]
        plain = dict.fromkeys(Target(target.fact, target.value) for target in fitting if target.value is not None)
        return list(plain) or fitting

    def _storey_targets(self, named: Named) -> list[Target]:
        token, found = named.token, []
        if token.storeys is None:
            return []
        for target in token.targets:
            for value, storeys in self._vocabulary.storeys[target.fact].items():
                inside = token.storeys.inside(storeys)
                covered = all(one.inside((token.storeys,)) for one in storeys)
                if covered if named.negative else inside:
                    found.append(Target(target.fact, value))
        return found

    def _read_exception(self, clause: Clause) -> list[Token]:
        """除了凉菜都有, 除了火锅还卖凉菜, 除了烧烤别的不卖.

        Returns:
            The tokens that remain to be read as usual.
        """
        marks = clause.of(Kind.EXCEPT)
        if not marks:
            return clause.tokens
        first = clause.tokens.index(marks[0])
        split = first + 1
        while split < len(clause.tokens) and clause.tokens[split].kind not in _ENDS_EXCEPTION:
            split += 1
        tail = clause.tokens[split:]
        excepted = [
            (Named(token, Predicate()), target)
            for token in clause.tokens[first:split]
            for target in token.targets
            if token.kind is Kind.MENTION and isinstance(self._vocabulary.facts[target.fact], MultiFact)
        ]
        kinds = {token.kind for token in tail}
        goes_on = Kind.MENTION in kinds
        denied = Kind.ALSO not in kinds and (goes_on or Kind.NEGATOR not in kinds)
        for named, target in excepted:
            self._ledger.add(self._evidence(named, target, "named", negative=denied))
        if excepted and not goes_on and Kind.ALSO not in kinds and kinds & {Kind.ALL, Kind.REST, Kind.VERB}:
            start, end = _span(clause)
            self._sweep(excepted[0][1].fact, "rest" if denied else "no_rest", start, end)
        return [*clause.tokens[:first], *tail]

    # ------------------------------------------------------------ clauses that name nothing

    def _read_bare(self, clause: Clause, before: _Open) -> None:
        if bare.asks_procedure(clause.text) or _mood(clause) != "says":
            return
        if clause.of(Kind.REST):
            self._read_rest(clause)
            return
        if bare.is_evasive(clause):
            self._read_evasion(clause, before)
            return
        phrase = bare.phrase_of(clause)
        if phrase is not None:
            self._read_phrase(clause, phrase, before)
            return
        answer = bare.yes_or_no(clause, self._vocabulary.verbs.get(self._asked or "", frozenset()))
        if answer is None:
            return
        if answer.weak and not answer.value:
            self._numbers.corrects = True
        if not self._answer_open(clause, answer, before):
            self._answer_asked(clause, answer)

    def _read_rest(self, clause: Clause) -> None:
        """别的都不卖, 其他都有: about the options not yet named."""
        if clause.of(Kind.EVASION, Kind.QUESTION):
            return
        negative = len(clause.of(Kind.NEGATOR)) % 2 == 1
        if not negative and not clause.of(Kind.ALL, Kind.VERB):
            return
        for fact in self._ledger.touched()[-1:]:
            self._sweep(fact, "no_rest" if negative else "rest", *_span(clause))

    def _read_evasion(self, clause: Clause, before: _Open) -> None:
        start, end = _span(clause)
        for named, target, evidence in before.named:
            if evidence is not None:
                self._ledger.withdraw(evidence)
            self._leave_open(named, target)
        if before.cue is not None:
            self._not_known(before.cue, start, end, "named")
        elif not before.named and self._asked is not None:
            self._not_known(self._asked, start, end, "bare")

    def _read_phrase(self, clause: Clause, phrase: bare.Phrase, before: _Open) -> None:
        """都没有, 全都要, 就这些."""
        start, end = _span(clause)
        spec = self._vocabulary.facts.get(self._asked or "")
        if phrase == "nothing_more":
            facts = self._ledger.touched()[-1:]
            for fact in facts:
                self._sweep(fact, "no_rest", start, end)
            if self._asked and not facts and isinstance(spec, MultiFact) and "没" in clause.text:
                self._sweep(self._asked, "none", start, end)
            return
        answer = YesNo(value=phrase == "all", hedged=bool(clause.of(Kind.HEDGE)))
        if before.named and self._answer_open(clause, answer, before):
            return
        if self._asked and isinstance(spec, MultiFact):
            self._sweep(self._asked, phrase, start, end)
        elif self._asked and isinstance(spec, ChoiceFact) and phrase == "all":
            say = f"“{spec.label}”只能选一个，请问最主要的是哪一个？"
            self._ledger.complain("two_values", (self._asked,), say, start, end)
        else:
            self._answer_asked(clause, answer)

    def _answer_open(self, clause: Clause, answer: YesNo, before: _Open) -> bool:
        """Let a bare answer speak of what the clause before named; whether it did."""
        open_ = [
            (named, target, evidence)
            for named, target, evidence in before.named
            if not isinstance(self._vocabulary.facts[target.fact], (ChoiceFact, PlaceFact))
        ]
        if not open_:
            return False
        asked_yesno = isinstance(self._vocabulary.facts.get(self._asked or ""), YesNoFact)
        rival = asked_yesno and not before.expects and all(target.fact != self._asked for _, target, _ in open_)
        if rival and answer.value:
            return False
        for named, target, evidence in open_:
            if evidence is not None:
                self._ledger.withdraw(evidence)
            if not rival:
                how: How = "approximate" if answer.hedged else "named"
                self._ledger.add(self._evidence(named, target, how, negative=not answer.value))
        if rival:
            names = "、".join(f"“{self._label(target)}”" for _, target, _ in open_)
            facts = (self._asked or "", *(target.fact for _, target, _ in open_))
            say = f"您说的“{self._norm.quote(*_span(clause))}”，是说{names}没有，还是回答刚才的问题？"
            self._ledger.complain("ambiguous", facts, say, *_span(clause))
        return True

    def _answer_asked(self, clause: Clause, answer: YesNo) -> None:
        """Take a bare yes or no as the answer to the question asked."""
        asked = self._asked
        if asked is None:
            return
        spec = self._vocabulary.facts[asked]
        if answer.loose and (self._ledger.has(asked) or not isinstance(spec, YesNoFact)):
            self._affirmed = None if self._ledger.anything() else clause
            return
        start, end = _span(clause)
        how: How = "approximate" if answer.hedged else "bare"
        if isinstance(spec, YesNoFact):
            self._note(asked, answer.value, start, end, how, weak=answer.weak)
        elif isinstance(spec, MultiFact):
            if answer.value:
                self._affirmed = clause
            elif not answer.weak:
                self._sweep(asked, "none", start, end)
        elif isinstance(spec, NumberFact):
            if not answer.value and not answer.weak and self._vocabulary.is_count(asked):
                self._note(asked, 0, start, end, how)
        elif isinstance(spec, ChoiceFact) and not answer.weak:
            option = self._option_for(asked, spec, value=answer.value)
            if option is not None:
                self._note(asked, option, start, end, how)

    def _option_for(self, fact: str, spec: ChoiceFact, *, value: bool) -> str | None:
        """The option of a choice that a bare no means (还没有), or a bare yes where two are offered."""
        absent = [
            id_
            for id_, option in spec.options.items()
            if is_none_label(option.label) and len(squeeze(option.label)) <= words.NONE_LABEL_LENGTH
        ]
        if len(absent) != 1:
            return None
        if not value:
            return absent[0]
        others = [id_ for id_ in self._vocabulary.options[fact] if id_ not in absent]
        return others[0] if len(others) == 1 else None

    # ------------------------------------------------------------ notes

    def _note(
        self,
        fact: str,
        value: bool | float | str | Unknown,
        start: int,
        end: int,
        how: How,
        *,
        weak: bool = False,
    ) -> None:
        self._ledger.add(Evidence(fact, value, start, end, how, weak=weak, turn=self._turn))

    def _not_known(self, fact: str, start: int, end: int, how: How) -> None:
        self.topics.append(fact)
        self._note(fact, UNKNOWN, start, end, how)

    def _sweep(self, fact: str, sweep: Sweep, start: int, end: int) -> None:
        how: How = "bare" if fact == self._asked else "named"
        self._ledger.add(Evidence(fact, None, start, end, how, sweep=sweep, turn=self._turn))

    def _leave(self, token: Token) -> None:
        self._unread.append((token.start, token.end))

    def _quote(self, token: Token) -> str:
        return self._norm.quote(token.start, token.end)

    def _label(self, target: Target) -> str:
        if isinstance(target.value, str):
            return self._vocabulary.options[target.fact][target.value].label
        return self._vocabulary.facts[target.fact].label


_ENDS_EXCEPTION: Final = (Kind.ALL, Kind.REST, Kind.ALSO, Kind.EXCEPT_END, Kind.NEGATOR, Kind.VERB)


def _span(clause: Clause) -> tuple[int, int]:
    return clause.tokens[0].start, clause.tokens[-1].end


def _how(clause: Clause, predicate: Predicate) -> How:
    return "approximate" if predicate.soft or clause.of(Kind.HEDGE) else "named"


def _mood(clause: Clause) -> Mood:
    """Whether a clause says something, asks for it, or asks leave (卖凉菜可以吗)."""
    forms = clause.of(Kind.A_NOT_A)
    if forms:
        return "asks_leave" if all(token.text in words.PERMISSIONS for token in forms) else "asks"
    text = clause.text.rstrip("啊呀呢")
    is_question = text.endswith(("吗", "不?", "没?")) or (
        clause.mark in ("?", "？") and text.endswith(words.QUESTION_TAILS)
    )
    if text.endswith("么") and not clause.of(Kind.QUESTION):
        is_question = True
    if not is_question or (not clause.mark and text.endswith(("不", "没"))):
        return "says"
    return "asks_leave" if any(token.text in words.MODALS for token in clause.tokens) else "asks"
