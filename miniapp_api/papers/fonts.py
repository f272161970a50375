"""The fonts of papers, and which characters they have.

One font comes with the project, so that a paper looks the same wherever it is made. For rarer
characters, which some names have, an installation may add a font of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

OWN = Path(__file__).parent / "fonts" / "NotoSansSC-Regular.woff"

_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Mn", "Me"})


class MissingCharacterError(ValueError):
    """No font has a character that is to be printed."""

    def __init__(self, characters: Iterable[str]) -> None:
        """Name the characters."""
        self.characters = tuple(characters)
        named = "、".join(f"{_shown(character)}（U+{ord(character):04X}）" for character in self.characters)
        super().__init__(
            f"字库里没有这些字，印不出来：{named}。"
            "请核对是不是打错了；没有打错的，请管理员按 docs/operating/papers.md 加字体"
        )


@dataclass(frozen=True, slots=True)
class Fonts:
    """The fonts of an installation.

    Attributes:
        rare: a font with more characters, TrueType or OpenType.
    """

    rare: Path | None = None

    def check(self, texts: Iterable[str]) -> None:
        """Make sure that every character can be printed.

        Raises:
            MissingCharacterError: One cannot.
        """
        wanted = {character for text in texts for character in text if not character.isspace()}
        lacking = {character for character in wanted if ord(character) not in _characters(OWN)}
        if self.rare:
            lacking = {character for character in lacking if ord(character) not in _characters(self.rare)}
        if lacking:
            raise MissingCharacterError(sorted(lacking))


def open_fonts(rare: Path | None) -> Fonts:
    """Open the fonts of an installation.

    Args:
        rare: its own font, if it has one.

    Raises:
        ValueError: That is no font, said in Chinese.
    """
    try:
        if rare:
            _characters(rare)
    except (OSError, TTLibError, KeyError):
        raise ValueError("打不开这个字体文件，应当是 .ttf 或 .otf") from None
    return Fonts(rare)


@cache
def _characters(path: Path) -> frozenset[int]:
    with TTFont(path, lazy=True, fontNumber=0) as font:
        return frozenset(font.getBestCmap())


def _shown(character: str) -> str:
    """Show a character, unless it controls others or is a mark on another."""
    return "看不见的字符" if unicodedata.category(character) in _UNSEEN else character
