"""Chinese, Arabic and mixed numerals, exact or vague.

`read_numeral` reads what stands at one place of a normalised text: 二百六, 1千2百, 3万5, 二〇〇,
两三百, 十五六, 几十, 二百多万, 百八十, 上千. A vague numeral is an interval.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Final

from guidance.reading.words import (
    IDIOM_NUMERALS,
    NUMERAL_DIGITS,
    NUMERAL_MYRIADS,
    NUMERAL_SHORT,
    NUMERAL_TENS,
)

_ARABIC: Final = re.compile(r"(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?")
_ZEROS: Final = "零〇"
_SOME: Final = "几数"
_ROUGHLY_MORE: Final = "多余"
_ROUGHLY: Final = "来把"
_IDIOM_STARTS: Final = {idiom[0] for idiom in IDIOM_NUMERALS}
_CLOCK: Final = ("十", "分", "刻")
_TOP: Final = 10_000.0


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral as an interval; exact ones have `low == high`.

    Attributes:
        low: smallest value meant.
        high: largest value meant.
        step: the value of one in the last named place (260: 10; 三万: 10000; 1.5: 0.1).
        end: index after the numeral.
        low_open: `low` itself is not meant.
        high_open: `high` itself is not meant.
        scaled: thousands or ten thousands were spoken (3万, 五千, 30w).
        single: one Chinese digit only (一, 三), easily part of another word.
    """

    low: float
    high: float
    step: float
    end: int
    low_open: bool = False
    high_open: bool = False
    scaled: bool = False
    single: bool = False

    @property
    def vague(self) -> bool:
        """Whether the numeral names more than one number."""
        return self.low != self.high

    def more(self, end: int) -> Numeral:
        """The numeral followed by 多: more than it, less than the next of its last place."""
        return replace(self, high=self.low + self.step, low_open=True, high_open=True, end=end)

    def about(self, end: int) -> Numeral:
        """The numeral followed by 来: a tenth around it, within one of its last place."""
        slack = min(self.step, slack_of(self.low))
        return replace(self, low=self.low - slack, high=self.high + slack, end=end)

    def times(self, factor: float, end: int) -> Numeral:
        """The numeral before a multiplier."""
        return replace(self, low=self.low * factor, high=self.high * factor, step=self.step * factor, end=end)


def slack_of(value: float) -> float:
    """How far a round number spoken roughly may be off: a tenth, below 20 a fifth."""
    return abs(value) * (0.2 if abs(value) < 20 else 0.1)


def read_numeral(text: str, at: int) -> Numeral | None:
    """The numeral that begins at an index of normalised text, or None."""
    if text[at : at + 1] == "上" and text[at + 1 : at + 2] in ("百", "千", "万"):
        least = _sum_of_myriads(text, at + 1)
        return least and replace(least, high=float("inf"))
    return _sum_of_myriads(text, at)


def _sum_of_myriads(text: str, at: int) -> Numeral | None:
    total: Numeral | None = None
    power, here = float("inf"), at
    while True:
        after_zero = total is not None and text[here : here + 1] in _ZEROS and here < len(text)
        part = _section(text, here + after_zero)
        if part is None:
            return total
        raised = _raised(text, part, power)
        if raised is not None:
            part, power_of_part = raised
        elif total is not None and part.step == 1 and part.low < 10 and not after_zero:
            part = part.times(power / 10, part.end)
        total = part if total is None else _joined(total, part)
        if raised is None or part.vague:
            return total
        power, here = power_of_part, part.end


def _raised(text: str, part: Numeral, below: float) -> tuple[Numeral, float] | None:
    """A section followed by 万 or 亿, loosened by a 多 or 来 between them (二百多万)."""
    end = part.end
    if text[end : end + 1] == "个" and text[end + 1 : end + 2] in ("w", "万"):
        part, end = replace(part, end=end + 1), end + 1
    loose = text[end : end + 1] if text[end + 1 : end + 2] in NUMERAL_MYRIADS else ""
    if loose and loose in _ROUGHLY_MORE + _ROUGHLY + _SOME:
        part = part.about(end + 1) if loose in _ROUGHLY else part.more(end + 1)
    power = _power_at(text, part.end, NUMERAL_MYRIADS)
    if power is None or power >= below:
        return None
    return replace(part.times(power, part.end + 1), scaled=True, single=False), power


def _joined(total: Numeral, part: Numeral) -> Numeral:
    return replace(
        part,
        low=total.low + part.low,
        high=total.high + part.high,
        scaled=total.scaled or part.scaled,
        single=False,
    )


def _power_at(text: str, at: int, powers: dict[str, float]) -> float | None:
    """The multiplier at an index; a Latin k or w must not begin a word (5kg)."""
    char = text[at : at + 1]
    if char.isascii() and text[at + 1 : at + 2].isascii() and text[at + 1 : at + 2].isalnum():
        return None
    return powers.get(char)


def _section(text: str, at: int) -> Numeral | None:
    """A numeral below 10,000, or an Arabic number of any size."""
    fixed = _idiom(text, at) or _digit_run(text, at)
    if fixed is not None:
        return fixed
    whole = _places(text, at)
    return whole and (_decimal(text, whole) or whole)


def _decimal(text: str, whole: Numeral) -> Numeral | None:
    """Chinese decimals: 二百五十六点五, 一点二五."""
    end = whole.end + 1
    if text[whole.end : end] != "点" or whole.vague:
        return None
    while text[end : end + 1] in NUMERAL_DIGITS:
        end += 1
    digits = "".join(str(int(NUMERAL_DIGITS[char])) for char in text[whole.end + 1 : end])
    if not digits or text[end : end + 1] in _CLOCK:
        return None
    value = whole.low + float(f"0.{digits}")
    return Numeral(value, value, float(10.0 ** -len(digits)), end)


def _places(text: str, at: int) -> Numeral | None:
    """A sum of digits with their places, largest first."""
    total, last, here = 0.0, _TOP, at
    read: Numeral | None = None
    while here < len(text):
        after_zero = here > at and text[here] in _ZEROS
        here += after_zero
        if here >= len(text):
            break
        if text[here] in NUMERAL_SHORT and last > NUMERAL_SHORT[text[here]]:
            total, last, here = total + NUMERAL_SHORT[text[here]], 10, here + 1
            read = Numeral(total, total, 10, here)
            continue
        piece = _place(text, here, last, total, after_zero=after_zero)
        if piece is None:
            break
        read, place = piece
        if place is None or read.vague:
            break
        total, last, here = read.low, place, read.end
    return read


def _place(text: str, here: int, last: float, total: float, *, after_zero: bool) -> tuple[Numeral, float | None] | None:
    """The next digit with its place, added to what stands before it.

    Returns:
        The sum so far, and the place (10, 100, 1000) after which smaller ones may follow.
    """
    digit = _digit(text, here)
    end = digit.end if digit else here
    place = _power_at(text, end, NUMERAL_TENS)
    if place is not None and (place < last) and (digit or last == _TOP or place == 10):
        return _placed(text, digit, place, total, end + 1), place
    if digit is None:
        return None
    if text[here] in _SOME:
        if last == _TOP:
            some = Numeral(2, 10, 1, end, high_open=True)
            return (some, None) if text[end : end + 1] in NUMERAL_MYRIADS else None
        return (Numeral(total, total + last, 1, end, low_open=True, high_open=True), None)
    if last == _TOP:
        return digit, None
    unit = 1.0 if after_zero or last == 10 or digit.low >= 10 else last / 10
    added = digit.times(unit, end)
    return replace(added, low=total + added.low, high=total + added.high, scaled=last == 1000, single=False), None


def _placed(text: str, digit: Numeral | None, place: float, total: float, end: int) -> Numeral:
    if digit is None:
        return Numeral(total + place, total + place, place, end, scaled=place == 1000, single=not total)
    scaled = place == 1000
    if text[digit.end - 1] in _SOME:
        least = place if total else 2 * place
        return Numeral(total + least, total + 10 * place, place, end, high_open=True, scaled=scaled)
    value = digit.times(place, end)
    return replace(value, low=total + value.low, high=total + value.high, scaled=scaled, single=False)


def _digit(text: str, at: int) -> Numeral | None:
    """One coefficient: an Arabic number, a Chinese digit, two neighbours (两三), or 几."""
    match = _ARABIC.match(text, at)
    if match:
        return _arabic(match.group(), match.end())
    low = NUMERAL_DIGITS.get(text[at : at + 1])
    if low is None:
        return Numeral(1, 9, 1, at + 1) if at < len(text) and text[at] in _SOME else None
    after = at + 1 + (text[at + 1 : at + 2] == "、")
    high = NUMERAL_DIGITS.get(text[after : after + 1])
    if high is not None and _are_neighbours(low, high):
        return Numeral(low, high, 1, after + 1)
    return Numeral(low, low, 1, at + 1, single=True)


def _are_neighbours(low: float, high: float) -> bool:
    return 0 < low < 9 and (high == low + 1 or (low, high) == (3, 5))


def _arabic(digits: str, end: int) -> Numeral:
    plain = digits.replace(",", "")
    value = float(plain)
    if "." in plain:
        return Numeral(value, value, float(10.0 ** -len(plain.partition(".")[2])), end)
    zeros = len(plain) - len(plain.rstrip("0")) if value else 0
    return Numeral(value, value, 10.0**zeros, end)


def _idiom(text: str, at: int) -> Numeral | None:
    if text[at : at + 1] not in _IDIOM_STARTS:
        return None
    for idiom, (low, high) in IDIOM_NUMERALS.items():
        if text.startswith(idiom, at):
            return Numeral(low, high, 10, at + len(idiom))
    return None


def _digit_run(text: str, at: int) -> Numeral | None:
    """Chinese digits read one by one: 二〇〇, 二八零."""
    end = at
    while end < len(text) and text[end] in NUMERAL_DIGITS and text[end] not in "两俩仨":
        end += 1
    run = text[at:end]
    if len(run) < 2 or text[end : end + 1] in NUMERAL_TENS:
        return None
    if len(run) == 2 and not any(zero in run for zero in _ZEROS):
        return None
    value = float("".join(str(int(NUMERAL_DIGITS[char])) for char in run[:12]))
    return _arabic(str(int(value)), end)
