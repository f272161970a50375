"""Text as the reading rules see it: simplified, half-width, lower case, bounded."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import opencc

MAX_LENGTH: Final = 500
_KEPT: Final = frozenset("，。；：？！、（）")
_VARIANTS: Final = {
    "菸": "烟",
    "佈": "布",
    "裏": "里",
    "麽": "么",
    "－": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "～": "~",
}
_SIMPLIFIER: Final = opencc.OpenCC("t2s")


@dataclass(frozen=True, slots=True)
class Normalised:
    """Normalised text and where each of its characters came from.

    Attributes:
        text: at most `MAX_LENGTH` characters.
        raw: what was given.
        origin: for each character of `text`, its index in `raw`.
    """

    text: str
    raw: str
    origin: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The half-open span of `raw` from which `text[start:end]` came."""
        if start >= end:
            return (0, 0)
        return (self.origin[start], self.origin[end - 1] + 1)

    def quote(self, start: int, end: int) -> str:
        """The given words behind `text[start:end]`."""
        low, high = self.span(start, end)
        return self.raw[low:high]


def normalise(raw: str) -> Normalised:
    """Simplify, narrow and bound a text, keeping a map to its original offsets.

    Traditional characters become simplified one by one, full-width forms half-width, letters
    lower case; control characters vanish; emoji and runs of white space become one space.
    """
    text: list[str] = []
    origin: list[int] = []
    for index, char in enumerate(raw[: 4 * MAX_LENGTH]):
        for piece in _plain(char):
            if piece == " " and (not text or text[-1] == " "):
                continue
            text.append(piece)
            origin.append(index)
        if len(text) >= MAX_LENGTH:
            break
    length = min(len(text), MAX_LENGTH)
    while length and text[length - 1] == " ":
        length -= 1
    return Normalised("".join(text[:length]), raw, tuple(origin[:length]))


def squeeze(text: str) -> str:
    """Normalised text without spaces and punctuation, for comparing whole utterances."""
    return "".join(char for char in normalise(text).text if char.isalnum() or char in "+-")


@lru_cache(maxsize=16_384)
def _plain(char: str) -> str:
    if char in _VARIANTS:
        return _VARIANTS[char]
    if char in _KEPT or "一" <= char <= "鿿":
        return str(_SIMPLIFIER.convert(char))
    return "".join(_narrow(piece) for piece in unicodedata.normalize("NFKC", char).lower())


def _narrow(char: str) -> str:
    category = unicodedata.category(char)
    if char.isspace() or category in ("So", "Sk"):
        return " "
    if category.startswith("C") or category in ("Mn", "Me"):
        return ""
    return _VARIANTS.get(char) or str(_SIMPLIFIER.convert(char))
