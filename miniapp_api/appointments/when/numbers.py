"""Small whole numbers in digits or Chinese, by the numerals of the guidance engine."""

from __future__ import annotations

from guidance.reading.numerals import read_numeral

CHINESE = "零〇一二两三四五六七八九十廿卅"
NUM = rf"(?:\d{{1,2}}(?!\d)|[{CHINESE}]{{1,4}})"
"""A pattern for a number below 100."""
YEAR = r"(?:\d{4}|\d{2}|[零〇一二三四五六七八九]{4}|[零〇一二三四五六七八九]{2})"


def numbers(said: str) -> tuple[int, ...]:
    """The number that a whole string is, or the two that it may be (三四 → 3, 4); empty: it is none."""
    numeral = read_numeral(said, 0)
    if numeral is None or numeral.end != len(said) or numeral.low_open or numeral.high_open:
        return ()
    low, high = int(numeral.low), int(numeral.high)
    if (low, high) != (numeral.low, numeral.high):
        return ()
    return (low,) if low == high else (low, high)


def number(said: str) -> int | None:
    """The one number that a whole string is."""
    found = numbers(said)
    return found[0] if len(found) == 1 else None


def year_of(said: str) -> int | None:
    """The year of 2026, 26, 二零二六 or 二六."""
    digits = "".join(char if char.isdigit() and char.isascii() else str(number(char)) for char in said)
    year = int(digits) if digits.isdigit() else None
    return year + 2000 if year is not None and year < 100 else year
