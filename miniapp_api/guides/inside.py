"""A turn inside a guide.

The order in which a text is understood (docs/decisions/0140-understanding-a-turn.md): a tapped
choice; a clear steering phrase; an answer, to what was asked or to anything else; a topic beside
the guide; a model's guess at a steering phrase; else it was not understood. What a model guesses
never counts as an answer, and what was read in passing counts only after it was read back.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy.orm import Session

from guidance.explain import what_if as compare
from guidance.reading import Act, ActKind, Reading, speech_act
from guidance.session import Question, Source
from guidance.theme import MultiFact, NumberFact
from guidance.values import UNKNOWN, Range
from miniapp_api.guides import messages as m
from miniapp_api.guides import running as guides
from miniapp_api.guides import topics, view, wording
from miniapp_api.guides.answers import decode, encode
from miniapp_api.guides.hints import Hints
from miniapp_api.guides.meaning import denied, fitting, labels_in, last_fact, middle, noted, reader_of, split
from miniapp_api.guides.messages import Message
from miniapp_api.guides.running import Running

MOST_EXPLAINED = 3
_ASKING_BACK = re.compile(r"吗|呢|多少|怎么|哪|什么|几点|[?？]")
_TO_STEER: dict[str, ActKind] = {
    "dont_know": "dont_know",
    "why_ask": "why_ask",
    "why_item": "why_item",
    "why_not_item": "why_not_item",
    "what_if": "what_if",
    "change_answer": "change",
    "back": "back",
    "show_checklist": "show_checklist",
    "cancel_guide": "cancel",
    "resume_guide": "resume",
    "restart_guide": "restart",
    "deny": "deny",
}
"""By intent of the language model, the steering act it stands for; what was read back only counts
after words that mean yes, never after a guess."""


_TAPPED: dict[str, ActKind] = {
    m.UNKNOWN: "dont_know",
    m.WHY: "why_ask",
    m.BACK: "back",
    m.LIST: "show_checklist",
    m.GO_ON: "resume",
    m.RESTART: "restart",
    m.YES: "affirm",
    m.NO: "deny",
}
"""By choice offered, the steering act it stands for."""


def next_messages(running: Running) -> list[Message]:
    """What comes next: a red light, a question, or the end."""
    if running.standing_vetoes:
        return [m.veto(running, id_) for id_ in running.standing_vetoes]
    question = question_in_hand(running)
    return [m.question(running, question)] if question else m.finished(running)


def question_in_hand(running: Running) -> Question | None:
    """What is being asked: an answer to be changed, if the citizen chose one, else the next question."""
    again = running.row.dialogue.get("again")
    return Question(again, "ask") if again else running.question


class InGuide:
    """One turn inside a guide.

    Attributes:
        restarts: id of the theme to begin anew after this turn, if that is what was wanted.
    """

    def __init__(self, session: Session, running: Running, text: str, hints: Hints) -> None:
        self.session = session
        self.running = running
        self.text = text
        self.hints = hints
        self.theme = running.release.compiled.theme
        self.question = question_in_hand(running)
        self.reader = reader_of(running.release)
        self.restarts: str | None = None

    def take(self) -> list[Message]:
        """Understand the text, do it, and answer."""
        ways: Iterable[Callable[[], list[Message] | None]] = (
            self._tapped, self._beside, self._steered, self._answered, self._other_theme, self._topic, self._guessed,
        )  # fmt: skip
        for understood in ways:
            messages = understood()
            if messages is not None:
                return messages
        return [self._not_understood(), *self._again()]

    def open(self) -> list[Message]:
        """Begin: read back what the opening sentence tells, or ask the first question."""
        facts = self._read(self.text)
        return self._read_back(facts) if facts else next_messages(self.running)

    # ------------------------------------------------------------------ ways to understand

    def _tapped(self) -> list[Message] | None:
        steered = _TAPPED.get(self.text)
        if steered:
            return self._steer(Act(steered))
        if self.text == m.CHANGE:
            return [m.answers_to_change(self.running)]
        if self.text == m.LOOK_PAST and self.running.vetoes:
            return self._remember(passed=self.running.vetoes)
        if self.text.startswith(m.CHANGE_ONE):
            return self._ask_again(self.text.removeprefix(m.CHANGE_ONE))
        return self._tapped_option()

    def _tapped_option(self) -> list[Message] | None:
        if self.question is None or self._pending:
            return None
        spec = self.theme.facts[self.question.fact]
        values = {option["label"]: option["value"] for option in view.options(self.running, self.question)}
        if isinstance(spec, MultiFact):
            chosen = [] if self.text in (m.NONE, m.NOTHING_ELSE) and spec.min == 0 else labels_in(self.text, values)
            value: Any = (
                None
                if chosen is None
                else frozenset(values[label] for label in chosen) | noted(self.running, self.question.fact)
            )
        else:
            value = decode(values[self.text]) if self.text in values else None
        return None if value is None else self._apply({self.question.fact: value}, "tapped")

    def _steered(self) -> list[Message] | None:
        act = speech_act(self.reader, self.text, self._asked)
        return self._steer(act) if act.kind not in ("none", "answer") else None

    def _guessed(self) -> list[Message] | None:
        kind = _TO_STEER.get(self.hints.intent or "")
        return self._steer(Act(kind, rest=self.text)) if kind and self.hints.sure else None

    def _answered(self) -> list[Message] | None:
        reading = self.reader.read(self.text, self._asked)
        if self.question and self.question.mode == "proxy" and not self._named(reading):
            return self._proxy()
        facts = fitting(self.running, self._asked, reading)
        if not facts and (side := self._side()) is not None:
            return self._apply(side, "typed")
        if not facts and (left_out := denied(self.running, self._asked, reading)):
            return [m.say(f"好，不选{left_out}。"), *self._again()]
        if not facts:
            return [m.say(reading.complaints[0].say), *self._again()] if reading.complaints else None
        if set(facts) == {self._asked}:
            return self._apply(facts, "typed")
        return self._read_back(facts)

    def _side(self) -> dict[str, Any] | None:
        """The side of a threshold that was told without a number (「没超过」), where that was asked."""
        if self.question is None or self.question.mode != "narrow":
            return None
        side = self.reader.read_side(self.text)
        sides = [option["value"] for option in view.options(self.running, self.question)]
        return {self.question.fact: decode(sides[0 if side == "low" else -1])} if side else None

    def _beside(self) -> list[Message] | None:
        """A question of the citizen's own about hours, places, fees: no answer, whatever it names."""
        asks = self.hints.sure and self.hints.intent in topics.TOPICS and _ASKING_BACK.search(self.text)
        return self._topic() if asks else None

    def _topic(self) -> list[Message] | None:
        if not (self.hints.sure and self.hints.intent in topics.TOPICS):
            return None
        intent = str(self.hints.intent)
        known = m.told_by_list(self.running, intent)
        return [known or topics.answer(intent, self.running.release.compiled.locality), *self._again()]

    def _other_theme(self) -> list[Message] | None:
        if self.hints.intent != "start_guide" or not self.hints.sure or not self.hints.theme:
            return None
        locality = self.running.release.compiled.locality
        if self.hints.theme == self.theme.id:
            return [m.say(f"正在帮您办“{self.theme.title}”，我们接着来。要从头来，请说“{m.RESTART}”。"), *self._again()]
        return [topics.not_offered(locality) | {"choices": []}, *self._again()]

    # ------------------------------------------------------------------ steering

    def _steer(self, act: Act) -> list[Message] | None:
        steps: dict[str, Callable[[Act], list[Message] | None]] = {
            "dont_know": self._dont_know,
            "why_ask": self._why_ask,
            "why_item": self._why_item,
            "why_not_item": self._why_item,
            "what_if": self._what_if,
            "change": self._change,
            "back": self._back,
            "show_checklist": lambda _: [m.summary(self.running), *self._again()],
            "cancel": self._cancel,
            "resume": lambda _: self._again(),
            "restart": self._restart,
            "affirm": self._confirmed,
            "deny": self._denied,
            "help_wanted": self._help,
        }
        step = steps.get(act.kind)
        return step(act) if step else None

    def _dont_know(self, act: Act) -> list[Message] | None:
        fact = act.facts[0] if act.facts else self._asked
        if fact is None:
            return None
        rule = self.running.guidance.dont_know(fact)
        settled = rule.fallback in ("assume", "handoff", "keep") or (self.question and self.question.mode != "ask")
        said = [m.say(rule.say)] if rule.say and rule.fallback in ("assume", "handoff") else []
        if settled and not said:
            said = [m.say("没关系，先往下走。这一项定不下来的，清单里会标“可能”。")]
        return [*said, *self._apply({fact: UNKNOWN}, "typed", quiet=True)]

    def _why_ask(self, _act: Act) -> list[Message] | None:
        if self.question is None:
            return None
        return [m.say(wording.why_asked(self.running, self.question.fact)), *self._again()]

    def _why_item(self, act: Act) -> list[Message] | None:
        known = [item for item in act.items if item in self.running.release.compiled.outcomes]
        if not known:
            return None
        told = "\n".join(wording.explain(self.running, item) for item in known[:MOST_EXPLAINED])
        return [m.say(told), *self._again()]

    def _what_if(self, act: Act) -> list[Message] | None:
        facts = self._read(act.rest, act.facts[0] if act.facts else None, changed_only=False)
        if not facts:
            return None
        supposed = "；".join(
            f"{self.theme.facts[f].label}：{wording.told(self.running, f, value)}" for f, value in facts.items()
        )
        found = wording.difference(self.running, compare(self.running.guidance.situation, facts))
        return [m.say(f"假如{supposed}。{found['summary']}您的回答没有改动。"), *self._again()]

    def _change(self, act: Act) -> list[Message] | None:
        named = act.facts[0] if act.facts else last_fact(self.running)
        facts = self._read(act.rest, named)
        if facts:
            certain = len(facts) == 1 and not self._pending
            return self._apply(facts, "typed") if certain else self._read_back(facts)
        again = self._ask_again(self.theme.facts[named].label) if act.facts and named else None
        return again or [m.answers_to_change(self.running)]

    def _back(self, _act: Act) -> list[Message]:
        if self._pending or self.running.row.dialogue.get("again"):
            return self._remember()
        stepped = self.running.guidance.back()
        if stepped is self.running.guidance:
            return [m.say("已经是第一题了。"), *self._again()]
        self.running.guidance = stepped
        return [m.say("好，退回上一步。"), *self._remember(passed=[])]

    def _cancel(self, _act: Act) -> list[Message]:
        self.running.row.active = False
        guides.save(self.session, self.running)
        return [m.say("好的，先停在这里，您的回答都留着。想接着办，说“继续”就行。", m.GO_ON, m.LIST)]

    def _restart(self, _act: Act) -> list[Message]:
        self.restarts = self.theme.id
        return []

    def _confirmed(self, act: Act) -> list[Message] | None:
        if not self._pending:
            return None
        more = self._read(act.rest) if act.rest else {}
        if more:
            return self._read_back(more)
        answers, mentioned = split(self.running, {fact: decode(value) for fact, value in self._pending.items()})
        self._note(mentioned)
        if answers:
            return self._apply(answers, "inferred", quiet=True)
        return [m.say("好，记下了。"), *self._remember()]

    def _denied(self, act: Act) -> list[Message] | None:
        if not self._pending:
            return None
        facts = self._read(act.rest) if act.rest else {}
        if facts:
            return self._read_back(facts)
        return [m.say("好的，刚才的不算，我一题一题问。"), *self._remember()]

    def _help(self, _act: Act) -> list[Message]:
        help_ = wording.help_with(self.running, self.question) if self.question else None
        said = m.say(help_) if help_ else topics.answer("help", self.running.release.compiled.locality)
        return [said, *self._again()]

    # ------------------------------------------------------------------ doing

    @property
    def _asked(self) -> str | None:
        """The fact that a short answer is for; none while a read-back waits for 「对」."""
        return self.question.fact if self.question and not self._pending else None

    @property
    def _pending(self) -> dict[str, Any]:
        """What was read back and not confirmed yet, as JSON."""
        return dict(self.running.row.dialogue.get("pending", {}))

    def _apply(self, facts: dict[str, Any], source: Source, *, quiet: bool = False) -> list[Message]:
        """Let answers count, and go on; a changed list is told of."""
        before = self.running.guidance
        quotes = dict.fromkeys(facts, self.text) if source != "tapped" else {}
        self.running.guidance = before.answer_all(facts, source, quotes)
        said = [] if quiet or source == "tapped" else [self._heard(facts)]
        changed = [fact for fact in facts if fact in before.effective]
        if changed and before.question is None:
            found = compare(before.situation, {f: v for f, v in facts.items() if v is not UNKNOWN})
            said.append(m.say(wording.difference(self.running, found)["summary"]))
        return [*said, *self._remember()]

    def _heard(self, facts: dict[str, Any]) -> Message:
        told = "；".join(f"{self.theme.facts[f].label}：{wording.told(self.running, f, v)}" for f, v in facts.items())
        return m.say(f"好，记下了。{told}。")

    def _named(self, reading: Reading) -> bool:
        """Whether the fact itself was told (「两百平」) where an easier question was asked (「几张桌子」)."""
        told = reading.of(self.question.fact) if self.question else None
        return told is not None and told.how in ("named", "exact")

    def _proxy(self) -> list[Message] | None:
        assert self.question is not None  # noqa: S101 - a proxy question is in hand
        fact = self.question.fact
        amount = self.reader.read_amount(self.text, self.running.guidance.dont_know(fact).unit or "")
        number = middle(amount) if isinstance(amount, Range) else amount
        if number is None:
            return None
        self.running.guidance = self.running.guidance.answer_proxy(fact, number, self.text)
        told = wording.say_answer(self.running, fact)
        return [m.say(f"好，先按{told}估算，量准了随时可以改。"), *self._remember()]

    def _read_back(self, facts: dict[str, Any]) -> list[Message]:
        self._save(pending={**self._pending, **{fact: encode(value) for fact, value in facts.items()}})
        return [self._confirm()]

    def _confirm(self) -> Message:
        """What was understood, to be confirmed."""
        answers, mentioned = split(self.running, {fact: decode(value) for fact, value in self._pending.items()})
        return m.read_back(self.running, answers, mentioned)

    def _ask_again(self, label: str) -> list[Message] | None:
        fact = next((f for f, spec in self.theme.facts.items() if spec.label == label), None)
        if fact is None or fact not in self.running.guidance.effective:
            return None
        self._save(again=fact)
        return [m.question(self.running, Question(fact, "ask"))]

    def _again(self) -> list[Message]:
        """The question in hand once more, after something else was answered."""
        if self._pending:
            return [self._confirm()]
        return next_messages(self.running)

    def _remember(self, **dialogue: Any) -> list[Message]:
        self._save(**dialogue)
        return next_messages(self.running)

    def _read(self, text: str, asked: str | None = None, *, changed_only: bool = True) -> dict[str, Any]:
        """The facts that a text tells."""
        return fitting(self.running, self._asked, self.reader.read(text, asked), changed_only=changed_only)

    def _note(self, mentioned: dict[str, Any]) -> None:
        """Keep options named in passing until their question comes."""
        earlier = self.running.row.dialogue.get("noted", {})
        kept = {**earlier, **{fact: encode(value) for fact, value in mentioned.items()}}
        self.running.row.dialogue = {**self.running.row.dialogue, "noted": kept}

    def _save(self, **dialogue: Any) -> None:
        """Save the guide; of what the chat remembered, red lights passed and options noted stay."""
        kept = {key: self.running.row.dialogue.get(key) for key in ("passed", "noted")} | dialogue
        self.running.row.dialogue = {key: value for key, value in kept.items() if value}
        guides.save(self.session, self.running)

    def _not_understood(self) -> Message:
        locality = self.running.release.compiled.locality
        if self.question is None or self._pending:
            return m.say(f"这句我没听明白。要找人工，请打 {locality.hotline}。")
        spec = self.theme.facts[self.question.fact]
        how = "请写一个数字" if isinstance(spec, NumberFact) else "请点下面的一项，或者换个说法"
        return m.say(f"这句我没听明白。{how}；不清楚就说“不知道”；要找人工，请打 {locality.hotline}。")
