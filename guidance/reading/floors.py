"""Storeys: 二楼, 2F, 负一层, B1, 地下室, 三楼以上, 一到三层.

A storey is an interval of whole numbers, the ground floor 1, the first basement -1. How many
storeys there are (两层, 共三层, 三层楼) is no storey.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from guidance.reading import words
from guidance.reading.numerals import read_numeral

HIGHEST: Final = 200
LOWEST: Final = -20
_STOREY: Final = re.compile(r" ?(?:楼|层|f(?![a-z]))")
_ABOVE: Final = re.compile(r"(?:及|或)?(?:以上|往上|之上|起)")
_BELOW: Final = re.compile(r"(?:及|或)?(?:以下|往下)")
_THROUGH: Final = re.compile(r"(?:楼|层|f)?(?:到|至|-|~|和|、|带|跟)(?:第)?")
_UNDER: Final = re.compile(r"(?:负|地下(?!室)|-|b)")


@dataclass(frozen=True, slots=True)
class Storeys:
    """Named storeys.

    Attributes:
        low: the lowest.
        high: the highest.
        start: where the words begin in the normalised text.
        end: where they end.
        count: the words say how many storeys there are, not which.
    """

    low: int
    high: int
    start: int
    end: int
    count: bool = False

    def inside(self, others: tuple[Storeys, ...]) -> bool:
        """Whether some one of the others holds all of these."""
        return any(other.low <= self.low and self.high <= other.high for other in others)


def read_storeys(text: str) -> list[Storeys]:
    """All storeys named in normalised text, left to right."""
    found: list[Storeys] = []
    here = 0
    while here < len(text):
        storeys = _named(text, here) or _underground(text, here) or _numbered(text, here)
        if storeys is None:
            here += 1
            continue
        found.append(replace(storeys, count=_is_count(text, storeys)))
        here = storeys.end
    return found


def _named(text: str, here: int) -> Storeys | None:
    for word in words.GROUND_WORDS:
        if text.startswith(word, here):
            return Storeys(1, 1, here, here + len(word))
    return None


def _underground(text: str, here: int) -> Storeys | None:
    match = _UNDER.match(text, here)
    if match and (here == 0 or not text[here - 1].isascii() or not text[here - 1].isalnum()):
        numeral = read_numeral(text, match.end())
        if numeral and not numeral.vague and 1 <= numeral.low <= -LOWEST:
            storey = _STOREY.match(text, numeral.end)
            if storey or (match.group() == "b" and not text[numeral.end : numeral.end + 1].isalnum()):
                depth = -int(numeral.low)
                return Storeys(depth, depth, here, storey.end() if storey else numeral.end)
    for word in words.BASEMENT_WORDS:
        if text.startswith(word, here):
            return Storeys(LOWEST, -1, here, here + len(word))
    return None


def _numbered(text: str, here: int) -> Storeys | None:
    first = here + (text[here] == "第")
    numeral = read_numeral(text, first)
    if numeral is None or not 1 <= numeral.low <= HIGHEST or text[first] in "两俩几上":
        return None
    low, high, end = int(numeral.low), int(min(numeral.high, HIGHEST)), numeral.end
    through = _THROUGH.match(text, end)
    upper = read_numeral(text, through.end()) if through else None
    if upper and not upper.vague and low < upper.low <= HIGHEST and _STOREY.match(text, upper.end):
        high, end = int(upper.low), upper.end
    storey = _STOREY.match(text, end)
    if storey is None:
        return None
    end = storey.end()
    above, below = _ABOVE.match(text, end), _BELOW.match(text, end)
    if above:
        return Storeys(low, HIGHEST, here, above.end())
    if below:
        return Storeys(1, high, here, below.end())
    return Storeys(low, high, here, end)


def _is_count(text: str, storeys: Storeys) -> bool:
    """Whether the words say how many storeys there are: 共三层, 有三层, 三层楼."""
    said = text[storeys.start : storeys.end]
    if not said.endswith("层") or said.startswith(("第", "负", "地下", "底", "首")):
        return False
    before = text[max(0, storeys.start - 2) : storeys.start]
    after = text[storeys.end : storeys.end + 2]
    return before.endswith(words.FLOOR_COUNT_CUES) or after.startswith(("楼", "的楼", "小楼", "高", "楼房"))
