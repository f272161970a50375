"""Cuts a text into tokens, from left to right; at each place the first rule that means something wins."""

from __future__ import annotations

from typing import Final

from miniapp_api.appointments.when import clock, dates, days, holidays, lunar, marks, months, parts, picking, weeks
from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.numbers import CHINESE
from miniapp_api.appointments.when.rules import Place, Rule
from miniapp_api.appointments.when.tokens import Mark, Token, Value

_RULES: Final[tuple[Rule, ...]] = (
    *parts.RULES[:2],
    *lunar.RULES,
    *holidays.RULES,
    *picking.RULES,
    *weeks.RULES,
    *days.RULES,
    *clock.RULES[:4],
    *dates.RULES,
    *months.RULES,
    *clock.RULES[4:],
    *parts.RULES[2:],
    *marks.RULES,
)
_LIGHT: Final = frozenset(" 的在于是就（）()“”\"'「」约去来那呢吧啊哦嗯想要我从自等")
_LIGHT_LENGTH: Final = 3
_ARABIC: Final = frozenset("0123456789")
_HAN: Final = frozenset(CHINESE + "百千万几")


def scan(text: str, frame: Frame) -> list[Token]:
    """The tokens of a normalised text."""
    tokens: list[Token] = []
    here = last = 0
    while here < len(text):
        place = Place(frame, text, here, tokens[-1].value if tokens and last == here else None)
        end = None if place.previous is None and _inside_number(text, here) else _read(place, tokens, last)
        if end is None:
            here += 1
        else:
            here = last = end
    return tokens


def _read(place: Place, tokens: list[Token], last: int) -> int | None:
    """Try the rules at a place; returns where the words end that were read."""
    start = place.start
    for rule in _RULES:
        match = rule.pattern.match(place.text, start)
        if match is None or match.end() == start:
            continue
        value = rule.make(match, place)
        if value is None:
            place.extra.clear()
            continue
        if value is Mark.NOTHING:
            return match.end()
        gap = place.text[last:start]
        near = len(gap) <= _LIGHT_LENGTH and _LIGHT.issuperset(gap)
        tokens.append(Token(value, start, match.end(), near, not gap))
        tokens += [_follower(extra, match.end()) for extra in place.extra]
        return match.end()
    return None


def _follower(value: Value, at: int) -> Token:
    return Token(value, at, at, near=True, touching=True)


def _inside_number(text: str, here: int) -> bool:
    """Whether a number goes on here whose beginning meant nothing: the 28 of 128, the 三 of 五百三."""
    if not here:
        return False
    char, before = text[here], text[here - 1]
    if char in _ARABIC:
        return before in _ARABIC or (before in ".," and here > 1 and text[here - 2] in _ARABIC)
    return char in _HAN and before in _HAN
