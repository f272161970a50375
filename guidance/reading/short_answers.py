"""Reads clauses that name nothing of the theme: 有, 不卖, 都没有, 别的不要, 不知道."""

from __future__ import annotations

from guidance.reading import bare, words
from guidance.reading.bare import YesNo
from guidance.reading.ledger import is_none_label
from guidance.reading.normalise import squeeze
from guidance.reading.readings import How
from guidance.reading.scene import Open, Scene
from guidance.reading.tokens import Clause, Kind, Mood
from guidance.theme import ChoiceFact, MultiFact, NumberFact, PlaceFact, YesNoFact


class ShortAnswerReader:
    """Reads the clauses of one text that only affirm, deny or evade."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._vague: Clause | None = None

    def read(self, clause: Clause, before: Open) -> None:
        """Read one clause.

        Args:
            clause: a clause that names nothing.
            before: what the clause before left open.
        """
        if bare.asks_procedure(clause.text) or clause.mood is not Mood.SAYS:
            return
        if clause.of(Kind.REST):
            self._read_rest(clause)
        elif bare.is_evasive(clause):
            self._read_evasion(clause, before)
        elif phrase := bare.phrase_of(clause):
            self._read_phrase(clause, phrase, before)
        else:
            verbs = self._scene.vocabulary.verbs.get(self._scene.asked or "", frozenset())
            answer = bare.yes_or_no(clause, verbs)
            if answer is not None:
                self._read_answer(clause, answer, before)

    def finish(self) -> None:
        """Ask back if a multi question got no more than a yes."""
        scene, spec = self._scene, self._scene.question
        if self._vague and scene.asked and isinstance(spec, MultiFact) and not scene.ledger.has(scene.asked):
            say = f"请说说“{spec.label}”具体有哪些，说一样或几样都行。"
            scene.complain("which", (scene.asked,), say, self._vague.span)

    def _read_rest(self, clause: Clause) -> None:
        """别的都不卖, 其他都有: about the options not yet named."""
        if clause.of(Kind.EVASION, Kind.QUESTION):
            return
        negative = len(clause.of(Kind.NEGATOR)) % 2 == 1
        if not negative and not clause.of(Kind.ALL, Kind.VERB):
            return
        for fact in self._scene.ledger.touched()[-1:]:
            self._scene.sweep(fact, "no_rest" if negative else "rest", clause.span)

    def _read_evasion(self, clause: Clause, before: Open) -> None:
        for named, target, evidence in before.named:
            if evidence is not None:
                self._scene.ledger.withdraw(evidence)
            self._scene.leave_open(named, target)
        if before.cue is not None:
            self._scene.note_unknown(before.cue, clause.span, "named")
        elif not before.named and self._scene.asked is not None:
            self._scene.note_unknown(self._scene.asked, clause.span, "bare")

    def _read_phrase(self, clause: Clause, phrase: bare.Phrase, before: Open) -> None:
        """都没有, 全都要, 就这些."""
        scene, spec = self._scene, self._scene.question
        if phrase == "nothing_more":
            self._read_nothing_more(clause)
            return
        answer = YesNo(value=phrase == "all", hedged=bool(clause.of(Kind.HEDGE)))
        if self._answer_open(clause, answer, before) or scene.asked is None:
            return
        if isinstance(spec, MultiFact):
            scene.sweep(scene.asked, phrase, clause.span)
        elif isinstance(spec, ChoiceFact) and phrase == "all":
            say = f"“{spec.label}”只能选一个，请问最主要的是哪一个？"
            scene.complain("two_values", (scene.asked,), say, clause.span)
        else:
            self._answer_asked(clause, answer)

    def _read_nothing_more(self, clause: Clause) -> None:
        """就这些, 没别的了; 没了 as the whole answer means none at all."""
        scene = self._scene
        facts = scene.ledger.touched()[-1:]
        for fact in facts:
            scene.sweep(fact, "no_rest", clause.span)
        if scene.asked and not facts and isinstance(scene.question, MultiFact) and "没" in clause.text:
            scene.sweep(scene.asked, "none", clause.span)

    def _read_answer(self, clause: Clause, answer: YesNo, before: Open) -> None:
        if answer.weak and not answer.value:
            self._scene.corrects = True
        if not self._answer_open(clause, answer, before):
            self._answer_asked(clause, answer)

    def _answer_open(self, clause: Clause, answer: YesNo, before: Open) -> bool:
        """Let a bare answer speak of what the clause before named; whether it did."""
        scene = self._scene
        self._take_back(answer, before)
        open_ = [
            (named, target, evidence)
            for named, target, evidence in before.named
            if not isinstance(scene.vocabulary.facts[target.fact], (ChoiceFact, PlaceFact))
        ]
        if not open_:
            return answer.foreign
        asks_another = isinstance(scene.question, YesNoFact) and all(t.fact != scene.asked for _, t, _ in open_)
        rival = asks_another and not before.expects
        if rival and answer.value:
            return False
        how: How = "approximate" if answer.hedged else "named"
        for named, target, evidence in open_:
            if evidence is not None:
                scene.ledger.withdraw(evidence)
            if not rival:
                scene.ledger.add(scene.evidence(named, target, how, negative=not answer.value))
        if rival:
            names = "、".join(f"“{scene.label(target)}”" for _, target, _ in open_)
            facts = (scene.asked or "", *(target.fact for _, target, _ in open_))
            say = f"您说的“{scene.norm.quote(*clause.span)}”，是说{names}没有，还是回答刚才的问题？"
            scene.complain("ambiguous", facts, say, clause.span)
        return True

    def _take_back(self, answer: YesNo, before: Open) -> None:
        """卖凉菜，其实不卖: the same verb denied (or affirmed) at once."""
        for named, target, evidence in before.said:
            same = named.predicate.verbs & answer.verbs & words.TELLING_VERBS
            if same and named.negative is answer.value:
                self._scene.ledger.withdraw(evidence)
                self._scene.ledger.add(self._scene.evidence(named, target, "named", negative=not answer.value))

    def _answer_asked(self, clause: Clause, answer: YesNo) -> None:
        """Take a bare yes or no as the answer to the question asked."""
        scene, spec = self._scene, self._scene.question
        if scene.asked is None or spec is None:
            return
        how: How = "approximate" if answer.hedged else "bare"
        if answer.loose and (scene.ledger.has(scene.asked) or not isinstance(spec, YesNoFact)):
            self._vague = None if scene.ledger.anything() else clause
        elif isinstance(spec, YesNoFact):
            scene.note(scene.asked, answer.value, clause.span, how, weak=answer.weak)
        elif isinstance(spec, MultiFact) and answer.value:
            self._vague = clause
        elif not answer.weak:
            self._answer_with_none(scene.asked, clause, answer, how)

    def _answer_with_none(self, asked: str, clause: Clause, answer: YesNo, how: How) -> None:
        """What a bare no (or yes) means to a question that is no yes/no question."""
        scene, spec = self._scene, self._scene.question
        if isinstance(spec, MultiFact):
            scene.sweep(asked, "none", clause.span)
        elif isinstance(spec, NumberFact):
            if not answer.value and scene.vocabulary.is_count(asked):
                scene.note(asked, 0, clause.span, how)
        elif isinstance(spec, ChoiceFact):
            option = _option_for(spec, value=answer.value)
            if option is not None:
                scene.note(asked, option, clause.span, how)


def _option_for(spec: ChoiceFact, *, value: bool) -> str | None:
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
    others = [id_ for id_ in spec.options if id_ not in absent]
    return others[0] if len(others) == 1 else None
