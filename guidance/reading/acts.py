"""What an utterance does in the dialogue: answering, asking why, going back, giving up.

Deterministic cues only; what fits none of them is `none`, and does nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from guidance.reading import bare, cues, words
from guidance.reading.normalise import Normalised, normalise
from guidance.reading.polarity import bare_predicate
from guidance.reading.quantities import read_quantities
from guidance.reading.reader import Reader
from guidance.reading.readings import Reading
from guidance.reading.tokens import Kind, tokenise
from guidance.theme import MultiFact, YesNoFact
from guidance.values import UNKNOWN

ActKind = Literal[
    "answer",
    "dont_know",
    "why_ask",
    "why_item",
    "why_not_item",
    "what_if",
    "change",
    "back",
    "show_checklist",
    "cancel",
    "restart",
    "resume",
    "affirm",
    "deny",
    "help_wanted",
    "none",
]


@dataclass(frozen=True, slots=True)
class Act:
    """What an utterance does.

    Attributes:
        kind: the act.
        rest: what is left to read as an answer: for `change` the new value (是280, where 应该是
            would hedge), for `what_if` the supposition, for `affirm` and `deny` what follows
            them; the whole text for `answer`.
        facts: the facts it concerns, if it names any.
        items: the items, duties or vetoes it names; several if the name is not telling enough.
        strong: the cue is the whole utterance, apart from words that say nothing.
    """

    kind: ActKind
    rest: str = ""
    facts: tuple[str, ...] = ()
    items: tuple[str, ...] = ()
    strong: bool = True

    @property
    def item(self) -> str | None:
        """The item named, if it is only one."""
        return self.items[0] if len(self.items) == 1 else None


@dataclass(frozen=True, slots=True)
class _Heard:
    """An utterance under examination."""

    reader: Reader
    norm: Normalised
    asked: str | None
    reading: Reading

    @property
    def text(self) -> str:
        return self.norm.text

    @property
    def facts(self) -> tuple[str, ...]:
        return tuple(reading.fact for reading in self.reading.facts)

    def named(self, text: str) -> tuple[str, ...]:
        """The facts that a piece of the text names, with a value or without."""
        clauses = tokenise(normalise(text), self.reader.vocabulary, None)
        tokens = [token for clause in clauses for token in clause.of(Kind.MENTION)]
        return tuple(dict.fromkeys(target.fact for token in tokens for target in token.targets))

    def first_clause(self) -> tuple[str, int | None]:
        """The text before the first break, and where the text after it begins, if there is any."""
        match = _BREAKS.search(self.text)
        if match is None or match.end() >= len(self.text):
            return self.text[: match.start()] if match else self.text, None
        return self.text[: match.start()], match.end()


_WHY: Final = re.compile(cues.WHY)
_WHY_ASK: Final = re.compile(cues.WHY_ASK)
_WHY_NOT: Final = re.compile(f"(?:{cues.WHY}).{{0,8}}?(?:{cues.NOT_NEEDED})|(?:怎么|咋|咋个)(?:{cues.NOT_NEEDED})")
_WHY_NOT_PLAIN: Final = re.compile(cues.WHY_NOT_PLAIN)
_REFUSED: Final = re.compile(cues.REFUSED)
_HANDLED: Final = re.compile(cues.HANDLED)
_IF: Final = re.compile("|".join(cues.IF_WORDS))
_IF_TAIL: Final = re.compile(cues.IF_TAILS)
_ERROR: Final = re.compile(cues.ERROR_CUES)
_CORRECTION: Final = re.compile(cues.CORRECTION_CUES)
_REPLACEMENT: Final = re.compile(cues.REPLACEMENT_CUES)
_BACK: Final = re.compile(cues.BACK)
_RESTART: Final = re.compile(cues.RESTART)
_RESUME: Final = re.compile(cues.RESUME)
_CHECKLIST: Final = re.compile(cues.CHECKLIST)
_CHECKLIST_QUESTION: Final = re.compile(cues.CHECKLIST_QUESTION)
_CANCEL: Final = re.compile("|".join(sorted(map(re.escape, cues.CANCEL), key=len, reverse=True)))
_IF_PLAIN_TAIL: Final = re.compile(cues.IF_PLAIN_TAILS)
_POINTERS: Final = re.compile(cues.POINTERS)
_HELP: Final = re.compile(cues.HELP)
_BREAKS: Final = re.compile(r"[，。；：？！、,.;:?!~…\s]+")
_FILLERS: Final = re.compile("|".join(sorted(cues.STEERING_FILLERS, key=len, reverse=True)))
_SHORT: Final = 10
_LONG_REST: Final = 8


def speech_act(reader: Reader, text: str, asked: str | None = None) -> Act:
    """Tell what an utterance does.

    Args:
        reader: the theme's reader.
        text: what the citizen wrote.
        asked: the fact being asked; None while nothing is, as when a reading is to be confirmed.

    Returns:
        The act; `none` for what fits no cue and reads as nothing (abuse, prompts, noise).
    """
    norm = normalise(text)
    if not norm.text:
        return Act("none")
    heard = _Heard(reader, norm, asked, reader.read(text, asked))
    return next((act for examine in _EXAMINERS if (act := examine(heard))), Act("none", rest=text))


def _exact(heard: _Heard) -> Act | None:
    """A tapped choice is what it says, whatever words it holds."""
    if not any(reading.how == "exact" for reading in heard.reading.facts):
        return None
    is_unknown = heard.reading.facts[0].value is UNKNOWN
    return Act("dont_know" if is_unknown else "answer", heard.norm.raw, heard.facts)


def _why(heard: _Heard) -> Act | None:
    text = heard.text
    items = heard.reader.names.find(text) if len(text) <= 60 else ()
    if _WHY_ASK.search(text):
        return Act("why_ask", facts=heard.named(text), items=items, strong=len(text) <= 2 * _SHORT)
    asks_why = _WHY.search(text)
    if not asks_why:
        plain = items and _WHY_NOT_PLAIN.search(text)
        return Act("why_not_item", facts=heard.named(text), items=items) if plain else None
    facts = heard.named(text)
    if items and _WHY_NOT.search(text):
        return Act("why_not_item", facts=facts, items=items)
    if items or _REFUSED.search(text) or _HANDLED.search(text):
        return Act("why_item", facts=facts, items=items)
    if heard.asked is not None or facts or _is_silent(text[: asks_why.start()] + text[asks_why.end() :]):
        return Act("why_ask", facts=facts, strong=len(text) <= _SHORT)
    return None


def _what_if(heard: _Heard) -> Act | None:
    text = heard.text
    supposed = _IF.search(text) or _REPLACEMENT.search(text)
    start = supposed.end() if supposed else 0
    tail = _IF_TAIL.search(text, max(start, len(text) - cues.IF_TAIL_REACH))
    if not supposed and not (tail and ("的话" in text[: tail.end()] or _IF_PLAIN_TAIL.match(tail.group()))):
        return None
    if text.startswith(cues.IF_COURTESIES, start):
        return None
    is_replacement = supposed is not None and _IF.match(text, supposed.start()) is None
    end = tail.start() if tail else len(text)
    core = heard.norm.quote(start, end).removesuffix("的话")
    reading = heard.reader.read(core, heard.asked)
    if not tail and (is_replacement or not reading.facts or start > 6):
        return None
    if tail and not reading.facts and not supposed:
        return None
    before = heard.named(text[: supposed.start()]) if supposed else ()
    facts = tuple(fact.fact for fact in reading.facts) or before
    items = heard.reader.names.find(text[end:]) if tail else ()
    return Act("what_if", core, facts, items)


def _restart(heard: _Heard) -> Act | None:
    return _steered(heard, "restart", _RESTART)


def _resume(heard: _Heard) -> Act | None:
    return Act("resume") if _RESUME.search(heard.text) else None


def _back(heard: _Heard) -> Act | None:
    act = _steered(heard, "back", _BACK)
    if act is None:
        return None
    change = _change(heard)
    return change if change and change.facts else act


def _steered(heard: _Heard, kind: ActKind, cue: re.Pattern[str]) -> Act | None:
    """An act whose cue fills the utterance, but for a few words."""
    match = cue.search(heard.text)
    if not match:
        return None
    rest = _said(_ERROR.sub("", cue.sub("", heard.text)))
    return Act(kind, strong=not rest) if len(rest) <= _LONG_REST else None


def _change(heard: _Heard) -> Act | None:
    """刚才面积说错了，是280; 把二楼改成一楼; 我要改一下面积."""
    text = heard.text
    if _said_core(text) in cues.DENIAL_LEADS:
        return None
    replacement = _last(_REPLACEMENT, text)
    cue = replacement or _last(_ERROR, text) or _last(_CORRECTION, text)
    if cue is None:
        return _denied_with_value(heard)
    before, after = text[: cue.start()], text[cue.end() :]
    facts = tuple(fact.fact for fact in heard.reader.read(after).facts) or heard.named(after) or heard.named(before)
    rest = heard.norm.quote(cue.end(), len(text)).lstrip("，,。:： ") if _said(after) else ""
    rest = _POINTERS.sub("是", rest)
    rest = _with_subject(heard, before, rest, facts) if _says(heard, rest, facts) else ""
    strong = not _said(before)
    if not facts and not (strong and (len(_said(after)) <= _SHORT)) and replacement is not None:
        return None
    if not facts and len(_said(before)) + len(_said(after)) > _SHORT:
        return None
    return Act("change", rest, facts, strong=bool(facts) or strong)


def _says(heard: _Heard, rest: str, facts: tuple[str, ...]) -> bool:
    """Whether what follows a correction says anything new."""
    reading = heard.reader.read(rest, facts[0] if facts else heard.asked)
    return bool(reading.facts or reading.complaints or read_quantities(rest))


def _with_subject(heard: _Heard, before: str, rest: str, facts: tuple[str, ...]) -> str:
    """凉菜说错了，不卖: what is taken back is what the predicate behind is about."""
    fact = heard.reader.vocabulary.facts.get(facts[0]) if facts else None
    clauses = tokenise(normalise(rest), heard.reader.vocabulary, None)
    if not isinstance(fact, MultiFact) or len(clauses) != 1 or bare_predicate(clauses[0]) is None:
        return rest
    mentions = [
        token.text
        for clause in tokenise(normalise(before), heard.reader.vocabulary, None)
        for token in clause.of(Kind.MENTION)
        if any(target.fact == facts[0] and target.value for target in token.targets)
    ]
    return "、".join(mentions) + rest


def _denied_with_value(heard: _Heard) -> Act | None:
    """不是，是280; 不对，我是二楼."""
    first, start = heard.first_clause()
    asked = heard.reader.vocabulary.facts.get(heard.asked or "")
    if start is None or _said_core(first) not in cues.DENIAL_LEADS:
        return _denied_in_one(heard)
    rest = _POINTERS.sub("是", heard.norm.quote(start, len(heard.text)))
    reading = heard.reader.read(rest, heard.asked)
    facts = tuple(fact.fact for fact in reading.facts if fact.value is not UNKNOWN)
    if isinstance(asked, YesNoFact) and set(facts) <= {heard.asked}:
        return None
    return Act("change", rest, facts, strong=False) if facts or read_quantities(rest) else None


def _denied_in_one(heard: _Heard) -> Act | None:
    """不是260是280, while something else is asked."""
    text = heard.text
    if not text.startswith(("不是", "不对")) or "是" not in text[2:]:
        return None
    facts = tuple(fact.fact for fact in heard.reading.facts if fact.value not in (None, UNKNOWN))
    if heard.asked in facts or not (facts or read_quantities(text)):
        return None
    return Act("change", heard.norm.raw, facts, strong=False)


def _cancel(heard: _Heard) -> Act | None:
    clauses = [clause for clause in _BREAKS.split(heard.text) if clause]
    gives_up = [_is_cancel(clause, heard) for clause in clauses]
    if not any(gives_up):
        return None
    others = [clause for clause, up in zip(clauses, gives_up, strict=True) if not up]
    if any(heard.reader.read(clause, heard.asked).facts for clause in others):
        return None
    return Act("cancel", strong=not any(_said(clause) for clause in others))


def _is_cancel(clause: str, heard: _Heard) -> bool:
    if {clause, _said_core(clause)} & cues.CANCEL_UNLESS_ANSWER:
        return not heard.reading.facts
    rest = _CANCEL.sub("", clause)
    return rest != clause and not _said(rest) and "算了一" not in clause


def _checklist(heard: _Heard) -> Act | None:
    match = _CHECKLIST.search(heard.text)
    if match:
        outside = heard.text[: match.start()] + "，" + heard.text[match.end() :]
        rest = outside if heard.reader.read(outside, heard.asked).facts else ""
        return Act("show_checklist", rest, strong=not _said(_CHECKLIST.sub("", outside)))
    question = heard.asked is not None and _CHECKLIST_QUESTION.search(heard.text)
    return Act("show_checklist", strong=False) if question and not heard.reading.facts else None


def _help(heard: _Heard) -> Act | None:
    asks_meaning = heard.text.startswith(("什么", "啥")) and heard.named(heard.text)
    if not (_HELP.search(heard.text) or asks_meaning) or any(fact.value is not UNKNOWN for fact in heard.reading.facts):
        return None
    return Act("help_wanted", facts=heard.named(heard.text), strong=len(heard.text) <= 2 * _SHORT)


def _dont_know(heard: _Heard) -> Act | None:
    facts = heard.reading.facts
    if facts and all(fact.value is UNKNOWN for fact in facts) and not heard.reading.complaints:
        return Act(
            "dont_know",
            heard.norm.raw,
            heard.facts,
            strong=any(fact.how != "named" for fact in facts),
        )
    clauses = tokenise(heard.norm, heard.reader.vocabulary, None)
    if not facts and clauses and all(bare.is_evasive(clause) for clause in clauses):
        return Act("dont_know", heard.norm.raw)
    return None


def _answer(heard: _Heard) -> Act | None:
    if not heard.reading.facts and not heard.reading.complaints:
        return None
    first, start = heard.first_clause()
    if heard.asked is None and start is not None and _said_core(first) in cues.AFFIRMATION_LEADS:
        return Act("affirm", heard.norm.quote(start, len(heard.text)), heard.facts, strong=False)
    return Act("answer", heard.norm.raw, heard.facts)


def _affirm_or_deny(heard: _Heard) -> Act | None:
    first, start = heard.first_clause()
    core = _said_core(first)
    rest = "" if start is None else heard.norm.quote(start, len(heard.text))
    for kind, leads in (("affirm", cues.AFFIRMATION_LEADS), ("deny", cues.DENIAL_LEADS)):
        if core in leads or first in leads:
            return Act("affirm" if kind == "affirm" else "deny", rest, strong=not _said(rest))
    clauses = tokenise(heard.norm, heard.reader.vocabulary, None)
    if len(clauses) != 1 or not clauses[0].bare or len(heard.text) > _SHORT or clauses[0].mark in ("?", "？"):
        return None
    answer = None if heard.text.endswith(("吗", "么")) else bare.yes_or_no(clauses[0], frozenset())
    return Act("affirm" if answer.value else "deny") if answer else None


_EXAMINERS: Final[tuple[Callable[[_Heard], Act | None], ...]] = (
    _exact,
    _why,
    _what_if,
    _back,
    _restart,
    _change,
    _resume,
    _cancel,
    _checklist,
    _help,
    _dont_know,
    _answer,
    _affirm_or_deny,
)


def _last(cue: re.Pattern[str], text: str) -> re.Match[str] | None:
    match = None
    for match in cue.finditer(text):  # noqa: B007
        pass
    return match


def _said(text: str) -> str:
    """A text without punctuation and words that say nothing."""
    return _FILLERS.sub("", _BREAKS.sub("", text))


def _said_core(clause: str) -> str:
    """A clause without particles before and behind it; 对了 only changes the subject."""
    return "" if clause in words.TURNS else bare.trimmed(clause)


def _is_silent(text: str) -> bool:
    return not _said(text)
