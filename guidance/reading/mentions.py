"""Reads what a clause names: options, yes/no facts, storeys, and the facts themselves."""

from __future__ import annotations

from typing import Final

from guidance.reading import words
from guidance.reading.numbers import NumberReader
from guidance.reading.polarity import Named, Predicate, govern
from guidance.reading.readings import How
from guidance.reading.scene import Scene
from guidance.reading.tokens import Clause, Kind, Mood, Token
from guidance.reading.vocabulary import Target
from guidance.theme import ChoiceFact, MultiFact, NumberFact, PlaceFact, YesNoFact

_COPULAS: Final = frozenset({"是", "在", "属于", "算", "选", "开在", "位于"})
_ENDS_EXCEPTION: Final = (Kind.ALL, Kind.REST, Kind.ALSO, Kind.EXCEPT_END, Kind.NEGATOR, Kind.VERB)


class MentionReader:
    """Reads the clauses of one text that name something of the theme."""

    def __init__(self, scene: Scene, numbers: NumberReader) -> None:
        self._scene = scene
        self._numbers = numbers

    def read(self, clause: Clause) -> None:
        """Read the mentions of one clause."""
        for named in govern(self._read_exception(clause)):
            self._read_named(named, clause)

    def _read_named(self, named: Named, clause: Clause) -> None:
        targets = self._targets(named, clause)
        valued = [target for target in targets if target.value is not None]
        if not targets:
            self._read_unclear(named)
        elif not valued:
            self._read_topic(named, targets[0].fact, clause)
        elif named.token.every or len(valued) == 1:
            for target in valued:
                self._say(named, target, clause)
        else:
            self._ask_which(named.token, valued)

    def _ask_which(self, token: Token, targets: list[Target]) -> None:
        """Object to a word that several facts or options share."""
        names = "、".join(f"“{self._scene.label(target)}”" for target in targets)
        say = f"您说的“{self._quote(token)}”可能指{names}，请问是哪一个？"
        facts = dict.fromkeys(target.fact for target in targets)
        self._scene.complain("ambiguous", facts, say, (token.start, token.end))

    def _read_unclear(self, named: Named) -> None:
        """Words that name nothing as they stand: 三四楼 across two options, 烟道 without a predicate."""
        token = named.token
        facts = dict.fromkeys(target.fact for target in token.targets)
        if token.storeys is not None and facts and not named.negative:
            say = f"您说的“{self._quote(token)}”合不上其中任何一个选项，请您再选一选。"
            self._scene.complain("ambiguous", facts, say, (token.start, token.end))
            return
        self._scene.leave(token)
        if not named.governed and len(facts) == 1:
            noun = token.targets[0]
            self._scene.open.named.append((named, Target(noun.fact, noun.value), None))

    def _say(self, named: Named, target: Target, clause: Clause) -> None:
        """Note what a clause says of one option or one yes/no fact."""
        scene = self._scene
        scene.topics.append(target.fact)
        if clause.of(Kind.EVASION):
            scene.leave_open(named, target)
            return
        if clause.mood is Mood.ASKS:
            scene.open.named.append((named, target, None))
            return
        if named.doubtful or self._is_asked_about(named, target, clause) or self._is_misplaced(named, target):
            scene.leave(named.token)
            return
        how: How = "approximate" if named.predicate.soft or clause.of(Kind.HEDGE) else "named"
        evidence = scene.evidence(named, target, how, negative=named.negative)
        scene.ledger.add(evidence)
        if named.predicate.only and not named.negative and self._is_multi(target):
            scene.sweep(target.fact, "no_rest", (named.token.start, named.token.end))
        if not named.governed and not named.token.text.startswith(words.VERBS + words.NEGATORS):
            scene.open.named.append((named, target, evidence))
        elif named.governed:
            scene.open.said.append((named, target, evidence))

    def _is_asked_about(self, named: Named, target: Target, clause: Clause) -> bool:
        """Whether a clause asks leave (能卖凉菜吗) or for a meaning (什么是烟道), and so says nothing."""
        is_yesno = isinstance(self._scene.vocabulary.facts[target.fact], YesNoFact)
        if clause.mood is Mood.ASKS_LEAVE and (named.negative or is_yesno):
            return True
        return is_yesno and bool(clause.of(Kind.QUESTION)) and not named.predicate.verbs - _COPULAS

    def _is_misplaced(self, named: Named, target: Target) -> bool:
        """Whether a predicate behind an option cannot be about it: 公司没有."""
        is_single = isinstance(self._scene.vocabulary.facts[target.fact], (ChoiceFact, PlaceFact))
        if not (is_single and named.trailing and named.negative):
            return False
        is_noun = any(noun.verbs for noun in named.token.targets)
        return not is_noun and not named.predicate.verbs & _COPULAS

    def _is_multi(self, target: Target) -> bool:
        return isinstance(self._scene.vocabulary.facts[target.fact], MultiFact)

    def _read_topic(self, named: Named, fact: str, clause: Clause) -> None:
        """A fact is named, not an answer: 面积, 装修, 离学校."""
        scene, span = self._scene, (named.token.start, named.token.end)
        scene.topics.append(fact)
        if self._numbers.counts_in(clause):
            return
        if clause.of(Kind.EVASION):
            scene.note_unknown(fact, span, "named")
        elif named.negative and not named.doubtful and scene.vocabulary.is_count(fact):
            scene.note(fact, 0, span, "named")
        elif isinstance(scene.vocabulary.facts[fact], NumberFact):
            scene.open.cue = fact

    def _targets(self, named: Named, clause: Clause) -> list[Target]:
        """What a mention may name, given its predicate; 有没有 is one for every noun."""
        if named.token.storeys is not None:
            return self._storey_targets(named)
        verbs = named.predicate.verbs
        doubled = bool(clause.of(Kind.A_NOT_A))
        fitting = [target for target in named.token.targets if doubled or not target.verbs or target.verbs & verbs]
        plain = dict.fromkeys(Target(target.fact, target.value) for target in fitting if target.value is not None)
        return list(plain) or fitting

    def _storey_targets(self, named: Named) -> list[Target]:
        """The values whose storeys hold all those named or, denied, are all among those named."""
        token, found = named.token, []
        if token.storeys is None:
            return []
        for target in token.targets:
            for value, storeys in self._scene.vocabulary.storeys[target.fact].items():
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
        first = next((n for n, token in enumerate(clause.tokens) if token.kind is Kind.EXCEPT), None)
        if first is None:
            return clause.tokens
        split = first + 1
        while split < len(clause.tokens) and clause.tokens[split].kind not in _ENDS_EXCEPTION:
            split += 1
        tail = clause.tokens[split:]
        excepted = [
            (Named(token, Predicate()), target)
            for token in clause.tokens[first:split]
            for target in token.targets
            if token.kind is Kind.MENTION and self._is_multi(target)
        ]
        kinds = {token.kind for token in tail}
        goes_on = Kind.MENTION in kinds
        denied = Kind.ALSO not in kinds and (goes_on or Kind.NEGATOR not in kinds)
        for named, target in excepted:
            self._scene.ledger.add(self._scene.evidence(named, target, "named", negative=denied))
        if excepted and not goes_on and Kind.ALSO not in kinds and kinds & {Kind.ALL, Kind.REST, Kind.VERB}:
            self._scene.sweep(excepted[0][1].fact, "rest" if denied else "no_rest", clause.span)
        return [*clause.tokens[:first], *tail]

    def _quote(self, token: Token) -> str:
        return self._scene.norm.quote(token.start, token.end)
