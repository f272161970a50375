"""What the readers of one text share: its words, its ledger, and what was left open."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from guidance.reading.ledger import Evidence, Ledger, Sweep
from guidance.reading.normalise import Normalised
from guidance.reading.polarity import Named
from guidance.reading.readings import ComplaintCode, How
from guidance.reading.tokens import Token
from guidance.reading.vocabulary import Target, Vocabulary
from guidance.theme import Fact, MultiFact
from guidance.values import UNKNOWN, Range, Unknown


@dataclass(slots=True)
class Open:
    """What a clause named without saying anything of it.

    Attributes:
        named: mentions that the next clause may affirm or deny (凉菜，不卖; 有没有烟道，没有), with
            the evidence noted of each meanwhile.
        said: mentions of which something was said, with the evidence noted.
        cue: a number fact named without a number.
        expects: the clause was a question or ended like a topic (凉菜呢), so an answer follows.
    """

    named: list[tuple[Named, Target, Evidence | None]] = field(default_factory=list)
    said: list[tuple[Named, Target, Evidence]] = field(default_factory=list)
    cue: str | None = None
    expects: bool = False


@dataclass(slots=True)
class Scene:
    """One text being read.

    Attributes:
        vocabulary: the words of the theme.
        norm: the text.
        ledger: what it says so far.
        asked: the fact being asked.
        turn: see `Evidence.turn`.
        corrects: something before was taken back, so 应该是 introduces the right number.
        topics: facts named, in order.
        unread: spans that were not understood.
        open: what the present clause leaves to the next.
    """

    vocabulary: Vocabulary
    norm: Normalised
    ledger: Ledger
    asked: str | None
    turn: int = 0
    corrects: bool = False
    topics: list[str] = field(default_factory=list)
    unread: list[tuple[int, int]] = field(default_factory=list)
    open: Open = field(default_factory=Open)

    @property
    def question(self) -> Fact | None:
        """The fact being asked, as the theme has it."""
        return self.vocabulary.facts.get(self.asked or "")

    def note(
        self,
        fact: str,
        value: bool | float | str | Range | Unknown,
        span: tuple[int, int],
        how: How,
        *,
        weak: bool = False,
    ) -> None:
        """Keep a value of a fact."""
        self.ledger.add(Evidence(fact, value, *span, how, weak=weak, turn=self.turn))

    def note_unknown(self, fact: str, span: tuple[int, int], how: How) -> None:
        """Keep that the citizen does not know a fact."""
        self.topics.append(fact)
        self.note(fact, UNKNOWN, span, how)

    def sweep(self, fact: str, sweep: Sweep, span: tuple[int, int]) -> None:
        """Keep what was said of several options at once."""
        how: How = "bare" if fact == self.asked else "named"
        self.ledger.add(Evidence(fact, None, *span, how, sweep=sweep, turn=self.turn))

    def evidence(self, named: Named, target: Target, how: How, *, negative: bool) -> Evidence:
        """What a mention, affirmed or denied, says of its target."""
        value, denied = target.value, negative
        if isinstance(value, bool):
            value, denied = value is not negative, False
        return Evidence(target.fact, value, *_span(named.token), how, denied=denied, turn=self.turn)

    def complain(self, code: ComplaintCode, facts: Iterable[str], say: str, span: tuple[int, int]) -> None:
        """Note something to ask back."""
        self.ledger.complain(code, facts, say, *span)

    def leave_open(self, named: Named, target: Target) -> None:
        """Keep that the citizen does not know of a mention whether it holds."""
        span = _span(named.token)
        if isinstance(self.vocabulary.facts[target.fact], MultiFact):
            say = f"“{self.label(target)}”还没定也没关系，定了再告诉我；整题都不清楚，就回“不知道”。"
            self.complain("undecided", (target.fact,), say, span)
        else:
            self.note_unknown(target.fact, span, "named")

    def leave(self, token: Token) -> None:
        """Give a token up as not understood."""
        self.unread.append(_span(token))

    def label(self, target: Target) -> str:
        """A target as the citizen knows it."""
        if isinstance(target.value, str):
            return self.vocabulary.options[target.fact][target.value].label
        return self.vocabulary.facts[target.fact].label


def _span(token: Token) -> tuple[int, int]:
    return token.start, token.end
