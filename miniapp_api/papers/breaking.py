"""Breaks Chinese text into lines: anywhere between characters, but never before a comma or after a bracket.

Pure.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_NOT_FIRST = frozenset("，。；：？！、）》」』】〕〉％…·”’),.;:?!%")
_NOT_LAST = frozenset("（《「『【〔〈“‘(")
_WORD = re.compile(r"[0-9A-Za-z.\-/@:_]+|.", re.DOTALL)
"""A number or a Latin word stays whole; everything else is a character."""


def break_lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Break a text into lines; a blank line is one empty string.

    Args:
        text: line feeds in it begin new lines, other blanks count as one.
        width: of a line, in the unit of `measure`.
        measure: gives the width of a text; the width of a text is the sum of its characters'.
    """
    return [line for paragraph in text.splitlines() or [""] for line in _broken(paragraph, width, measure)]


def _broken(paragraph: str, width: float, measure: Callable[[str], float]) -> list[str]:
    lines, line, used = [], "", 0.0
    for piece in _pieces(" ".join(paragraph.split()), width, measure):
        if line and used + measure(piece) > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
        line += piece if line else piece.lstrip()
        used += measure(piece)
    return [*lines, line.rstrip()]


def _pieces(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Cut a text where a line may end."""
    pieces: list[str] = []
    for unit in (part for word in _WORD.findall(text) for part in _fitting(word, width, measure)):
        glued = pieces and (unit[0] in _NOT_FIRST or pieces[-1][-1] in _NOT_LAST)
        if glued and measure(pieces[-1] + unit) <= width:
            pieces[-1] += unit
        else:
            pieces.append(unit)
    return pieces


def _fitting(word: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """Keep a word whole unless no line could hold it."""
    return [word] if measure(word) <= width else list(word)
