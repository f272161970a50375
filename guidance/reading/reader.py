"""Reads free text into facts of one theme."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal

from guidance.library import District
from guidance.reading import words
from guidance.reading.bare import trimmed
from guidance.reading.clauses import read_clauses
from guidance.reading.ledger import Evidence, Ledger
from guidance.reading.names import Names
from guidance.reading.normalise import Normalised, normalise, squeeze
from guidance.reading.ordinals import read_ordinals
from guidance.reading.quantities import read_quantities
from guidance.reading.readings import Reading
from guidance.reading.scene import Scene
from guidance.reading.tokens import Token, tokenise
from guidance.reading.vocabulary import Target, Vocabulary
from guidance.theme import MultiFact, NumberFact, Theme, YesNoFact
from guidance.values import UNKNOWN, Range

_UNKNOWN_WORDS: Final = frozenset({"unknown", "不知道"})
_HEDGE_LENGTH: Final = 3
_YES_IDS: Final = {"true": True, "yes": True, "false": False, "no": False}


class Reader:
    """Reads text for one theme in one city. Build once, use for every text.

    Attributes:
        vocabulary: the words it knows.
        names: the names of the theme's items, duties and vetoes.
    """

    def __init__(self, theme: Theme, districts: Mapping[str, District]) -> None:
        self.vocabulary = Vocabulary(theme, districts)
        self.names = Names(theme)

    def read(self, text: str, asked: str | None = None) -> Reading:
        """Read what a text says of the theme's facts.

        Args:
            text: what the citizen wrote, of any length and content.
            asked: the fact being asked; only it takes short answers (280, 有, 第二个).

        Returns:
            What was read; nothing of a fact that is contradictory or doubtful.
        """
        norm = normalise(text)
        if not norm.text:
            return Reading()
        ledger = Ledger(self.vocabulary, norm, asked)
        if asked is not None and self._read_exact(norm, asked, ledger):
            return Reading(facts=ledger.settle())
        scene = Scene(self.vocabulary, norm, ledger, asked)
        read_clauses(scene, tokenise(norm, self.vocabulary, asked, self._ordinals(norm, asked)))
        topics = dict.fromkeys(fact for fact in scene.topics if not ledger.has(fact))
        unread = " ".join(norm.quote(*span) for span in sorted(scene.unread)).strip()
        return Reading(ledger.settle(), unread, tuple(ledger.complaints), tuple(topics))

    def read_amount(self, text: str, unit: str = "") -> float | Range | None:
        """Read the answer to a helping question (店里大概能摆几张桌子).

        Args:
            text: what the citizen wrote.
            unit: the question's unit, as a word.

        Returns:
            The first number with that unit or none; None if there is none.
        """
        plain = normalise(unit).text
        known = words.UNIT_GROUPS.get(words.UNIT_NAMES.get(plain, plain), {})
        for quantity in read_quantities(text, (plain,) if plain else ()):
            if quantity.unit in ("", "个", plain) or quantity.unit in known:
                value = quantity.value
                return value if quantity.approximate or value.low is None else value.low
        return None

    def read_side(self, text: str) -> Literal["low", "high"] | None:
        """Read on which side of a threshold a number lies: 没超过, 以内; 超了, 不止.

        A number that is said (「280」) is for `read`.
        """
        said = trimmed(squeeze(text))
        low, high = (any(_about(said, word) for word in side) for side in (words.LOW_SIDE, words.HIGH_SIDE))
        return "low" if low else "high" if high else None

    def _read_exact(self, norm: Normalised, asked: str, ledger: Ledger) -> bool:
        """An utterance that is a label or an id of the fact being asked."""
        said = squeeze(norm.raw)
        spec = self.vocabulary.facts[asked]
        values: list[object] = []
        if said in _UNKNOWN_WORDS:
            values = [UNKNOWN]
        elif isinstance(spec, YesNoFact) and said in _YES_IDS:
            values = [_YES_IDS[said]]
        else:
            whole = self.vocabulary.exact(asked, norm.text)
            parts = [whole] if whole is not None else self._listed(asked, norm.text)
            values = [part for part in parts if part is not None] if None not in parts else []
        for value in values:
            assert isinstance(value, (bool, str)) or value is UNKNOWN  # noqa: S101
            ledger.add(Evidence(asked, value, 0, len(norm.text), "exact"))
        return bool(values)

    def _listed(self, asked: str, text: str) -> list[bool | str | None]:
        """The option ids of a list of ids: fry,cold."""
        if not isinstance(self.vocabulary.facts[asked], MultiFact):
            return []
        pieces = text.replace("，", ",").replace("、", ",").replace(" ", ",").split(",")
        ids = self.vocabulary.options[asked]
        return [piece if piece in ids else None for piece in pieces if piece]

    def _ordinals(self, norm: Normalised, asked: str | None) -> list[Token]:
        """Answers by position to the question being asked."""
        if asked is None:
            return []
        spec = self.vocabulary.facts[asked]
        if isinstance(spec, NumberFact):
            return []
        if isinstance(spec, YesNoFact):
            targets = [Target(asked, value) for value in (True, False)]
        else:
            targets = [Target(asked, option) for option in self.vocabulary.options[asked]]
        takes_numbers = asked in self.vocabulary.storeys or asked in self.vocabulary.sizes
        return read_ordinals(norm, targets, bare=not takes_numbers)


def _about(said: str, word: str) -> bool:
    """Whether a short answer is a word, or ends with a longer one (应该没超过)."""
    return said == word or (len(word) > 1 and said.endswith(word) and len(said) <= len(word) + _HEDGE_LENGTH)
