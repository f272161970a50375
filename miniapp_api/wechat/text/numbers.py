"""Understanding the number that a citizen types to choose: `2`, `２、`, `第二个`, `1和3`."""

from __future__ import annotations

import re
import unicodedata

_DIGITS = {digit: value for value, digit in enumerate("一二三四五六七八九", 1)}
_NUMBER = "[1-9][0-9]?|[一二三四五六七八九]?十[一二三四五六七八九]?|[一二三四五六七八九]"
_CHOSEN = re.compile(rf"(?:我?选)? ?(?:第 ?({_NUMBER}) ?[个项条种]?|\(? ?({_NUMBER}) ?\)? ?号?) ?吧?[.、,。;:!]?")
_BETWEEN = re.compile("[ 、,.。;和跟与及]+")


def number(text: str) -> int | None:
    """The number of one choice, or None: 「2楼」 and 「120平」 are answers, not numbers."""
    found = _CHOSEN.fullmatch(_plain(text))
    return _value(found[1] or found[2]) if found else None


def numbers(text: str) -> list[int]:
    """The numbers of several choices in the order told, each once; empty if anything else was said."""
    parts = [part for part in _BETWEEN.split(_plain(text)) if part]
    found = [number(part) for part in parts]
    return [] if None in found else list(dict.fromkeys(value for value in found if value is not None))


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())  # ２ ② （ ， become 2 2 ( ,


def _value(digits: str) -> int:
    if digits.isascii():
        return int(digits)
    tens, ten, ones = digits.rpartition("十")
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(ones, 0)
