"""Numbers with their units, and how exactly they were meant.

What the words around a number make of it:

- 来, 把 (两百来平): a tenth around it (below 20 a fifth), within one of its last place.
- 左右, 大概, 差不多, 应该 …: a tenth around it (below 20 a fifth).
- 多, 余 (两百多): above it, below the next of its last place: 200–300, both ends excluded.
- 出头: up to a tenth more; 将近, 快: up to a tenth less, itself excluded.
- 以上, 以下, 以内, 至少, 不超过 include the number; 超过, 不到, 不足 do not (民法典第一千二百五十九条).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice
from typing import Final

from guidance.reading import words
from guidance.reading.normalise import Normalised, normalise
from guidance.reading.numerals import Numeral, read_numeral, slack_of
from guidance.values import Range


def _alternatives(entries: Iterable[str]) -> str:
    return "|".join(re.escape(entry) for entry in sorted(set(entries), key=len, reverse=True))


_BEFORE: Final = {
    "below": words.BELOW,
    "at_most": words.AT_MOST,
    "above": words.ABOVE,
    "at_least": words.AT_LEAST,
    "nearly": words.NEARLY,
    "about": words.ABOUT,
}
_AFTER: Final = {
    "more": words.AFTER_MORE,
    "around": words.AFTER_AROUND,
    "little_more": words.AFTER_A_LITTLE_MORE,
    "about": words.AFTER_ABOUT,
    "at_least": words.AFTER_AT_LEAST,
    "at_most": words.AFTER_AT_MOST,
    "nearly": words.AFTER_NEARLY,
    "below": words.AFTER_BELOW,
    "above": words.AFTER_ABOVE,
}
_KIND_BEFORE: Final = {word: kind for kind, entries in _BEFORE.items() for word in entries}
_KIND_AFTER: Final = {word: kind for kind, entries in _AFTER.items() for word in entries}
_PREFIX: Final = re.compile(f"({_alternatives(_KIND_BEFORE)})(?:{_alternatives(words.NUMBER_FILLERS)}){{0,4}}$")
_SUFFIX: Final = re.compile(f" ?({_alternatives(_KIND_AFTER)})")
_PREFIX_WINDOW: Final = 14
MAX_QUANTITIES: Final = 20
_UNITS: Final = {unit for group in words.UNIT_GROUPS.values() for unit in group} | set(words.OTHER_UNITS)
_NOT_A_NUMBER: Final = re.compile(
    r"\d+(?:[-/.:：]\d+){2,}|\d{1,2}[:：]\d{2}(?!\d)|(?<!\d)0\d{2,3}-?\d{7,8}(?!\d)|\d{9,}|(?<=[打拨])\d+|[a-z]+\d+[a-z\d]*|[一二两三四五六七八九十百\d]+分之[一二两三四五六七八九十\d]+"
)
_TIMES: Final = re.compile(r" ?(?:米|m)? ?(?:乘以|乘|x|\*|×) ?(?:宽)? ?")
_METRES: Final = re.compile(r" ?(?:米|m)(?![a-z2])")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as meant.

    Attributes:
        value: the bounds; exact numbers have `value.low == value.high`.
        unit: the unit word as said, normalised; empty if none.
        quote: the citizen's words.
        span: half-open span of the quote in the given text.
        start: index of the first character in the normalised text.
        end: index after the last character in the normalised text.
        core: index of the number itself, after words like 大概.
        plain: the bounds without the word before the number.
        approximate: more than one number is meant.
        scaled: thousands or ten thousands were spoken (30万, 五千).
        single: one Chinese digit only, with no word about it.
    """

    value: Range
    unit: str
    quote: str
    span: tuple[int, int]
    start: int
    end: int
    core: int
    plain: Range
    approximate: bool
    scaled: bool
    single: bool

    def without_prefix(self) -> Quantity:
        """The same number, whatever stood before it."""
        return replace(self, value=self.plain, approximate=self.plain.low != self.plain.high)

    @property
    def low(self) -> float | None:
        """The lower bound, None if open-ended."""
        return self.value.low

    @property
    def high(self) -> float | None:
        """The upper bound, None if open-ended."""
        return self.value.high


def read_quantities(text: str | Normalised, units: Iterable[str] = ()) -> tuple[Quantity, ...]:
    """The numbers of a text, left to right, with the unit each carries.

    Args:
        text: free text, or its normalised form.
        units: unit words besides the built-in ones.

    Returns:
        At most `MAX_QUANTITIES` numbers.
    """
    norm = text if isinstance(text, Normalised) else normalise(text)
    return tuple(islice(_Scanner(norm, _units_by_first(frozenset(units))).scan(), MAX_QUANTITIES))


def _by_first(entries: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Words by their first character, longest first."""
    groups: dict[str, list[str]] = {}
    for entry in sorted(entries, key=len, reverse=True):
        groups.setdefault(entry[0], []).append(entry)
    return {first: tuple(group) for first, group in groups.items()}


@lru_cache(maxsize=64)
def _units_by_first(units: frozenset[str]) -> dict[str, tuple[str, ...]]:
    return _by_first(_UNITS | units)


_COMPOUNDS: Final = _by_first(words.NUMERAL_COMPOUNDS)


class _Scanner:
    """Finds the numbers of one text."""

    def __init__(self, norm: Normalised, units: dict[str, tuple[str, ...]]) -> None:
        self._norm = norm
        self._text = norm.text
        self._units = units
        self._blocked = [match.span() for match in _NOT_A_NUMBER.finditer(norm.text)]

    def scan(self) -> Iterable[Quantity]:
        here = 0
        while here < len(self._text):
            after = self._skip(here)
            if after > here:
                here = after
                continue
            found = self._quantity(here)
            if found is not None:
                yield found
            here = max(here + 1, self._resume(here, found))

    def _skip(self, here: int) -> int:
        """Past what only looks like a number: dates, telephone numbers, 一下, 千万别, 第二."""
        for start, end in self._blocked:
            if start <= here < end:
                return end
        for compound in _COMPOUNDS.get(self._text[here], ()):
            if self._text.startswith(compound, here) and not self._is_decimal(here):
                return here + len(compound)
        if self._text[here] == "第":
            numeral = read_numeral(self._text, here + 1)
            return numeral.end if numeral else here
        return here

    def _is_decimal(self, here: int) -> bool:
        """Whether 一点 is the beginning of 一点五亩."""
        numeral = read_numeral(self._text, here)
        return numeral is not None and "点" in self._text[here : numeral.end]

    def _resume(self, here: int, found: Quantity | None) -> int:
        if found is not None:
            return found.end
        numeral = read_numeral(self._text, here)
        return numeral.end if numeral else here

    def _quantity(self, start: int) -> Quantity | None:
        half = self._half(start)
        if half is not None:
            return half
        numeral = read_numeral(self._text, start)
        if numeral is None or self._text[numeral.end : numeral.end + 2] == "分之":
            return None
        product = self._product(start, numeral)
        if product is not None:
            return product
        negative = self._is_negative(start)
        value, unit, end, kinds = self._measured(numeral)
        span = self._through(value, unit, end)
        if span is not None:
            value, unit, end, second = span
            numeral = replace(numeral, scaled=numeral.scaled or second)
        begin, before = self._before(start)
        if before == "about" and (kinds or span or numeral.vague):
            before = None
        if negative:
            begin, before, value = start - 1, None, Range(_minus(value.high), _minus(value.low))
        plain, value = value, _bounded(value, before)
        exact = value.low == value.high
        single = numeral.single and exact and not unit
        found = self._found(value, unit, (begin, start, end), scaled=numeral.scaled, single=single)
        return replace(found, plain=plain)

    def _found(
        self,
        value: Range,
        unit: str,
        place: tuple[int, int, int],
        *,
        scaled: bool = False,
        single: bool = False,
    ) -> Quantity:
        start, core, end = place
        return Quantity(
            value=value,
            unit=unit,
            quote=self._norm.quote(start, end),
            span=self._norm.span(start, end),
            start=start,
            end=end,
            core=core,
            plain=value,
            approximate=value.low != value.high,
            scaled=scaled,
            single=single,
        )

    def _half(self, start: int) -> Quantity | None:
        """半亩: half of a unit that follows at once."""
        if self._text[start] != "半":
            return None
        unit, end = self._unit(start + 1)
        if not unit or unit in words.OTHER_UNITS:
            return None
        return self._found(Range(0.5, 0.5), unit, (start, start, end))

    def _product(self, start: int, first: Numeral) -> Quantity | None:
        """20米乘15米: an area of 300 平方米."""
        joint = _TIMES.match(self._text, first.end)
        second = read_numeral(self._text, joint.end()) if joint else None
        if second is None or first.vague or second.vague:
            return None
        unit, end = self._unit(second.end)
        metres = _METRES.match(self._text, second.end)
        if metres:
            end = metres.end()
        elif unit and unit not in words.UNIT_GROUPS["m2"]:
            return None
        area = first.low * second.low
        return self._found(Range(area, area), "平方米", (start, start, end))

    def _is_negative(self, start: int) -> bool:
        before = self._text[:start]
        if before.endswith("-"):
            return len(before) == 1 or not before[-2].isalnum()
        return before.endswith("负") and not before.endswith("肩负")

    def _unit(self, at: int) -> tuple[str, int]:
        """The unit word at an index and the index after it; an empty word if there is none."""
        at += self._text[at : at + 1] == " "
        skip = 1 if self._text[at : at + 1] == "个" else 0
        for offset in (skip, 0) if skip else (0,):
            for unit in self._units.get(self._text[at + offset : at + offset + 1], ()):
                if not self._text.startswith(unit, at + offset):
                    continue
                end = at + offset + len(unit)
                if self._text[end : end + 1] in words.UNIT_NOT_BEFORE.get(unit, "") and end < len(self._text):
                    continue
                if unit.isascii() and self._text[end : end + 1].isascii() and self._text[end : end + 1].isalnum():
                    continue
                return unit, end
        return "", at

    def _measured(self, numeral: Numeral) -> tuple[Range, str, int, tuple[str, ...]]:
        """The numeral with the words after it, up to and past its unit."""
        kinds: list[str] = []
        end = numeral.end
        kind, after = self._after(end)
        if kind in ("more", "around", "above", "little_more"):
            kinds.append(kind)
            numeral, end = _loosened(numeral, kind, after), after
        unit, unit_end = self._unit(end)
        if unit:
            end = unit_end
            if self._text[end : end + 1] == "半":
                numeral = replace(numeral, low=numeral.low + 0.5, high=numeral.high + 0.5, step=0.5)
                end += 1
        value = Range(
            numeral.low,
            None if numeral.high == float("inf") else numeral.high,
            numeral.low_open,
            numeral.high_open,
        )
        if kinds and kinds[0] in ("above", "little_more"):
            value = _bounded(value, kinds[0])
        for _ in range(2):
            kind, after = self._after(end)
            if kind is None:
                break
            kinds.append(kind)
            end = after
            if kind in ("more", "around"):
                loose = _loosened(numeral, kind, end)
                value = Range(loose.low, loose.high, loose.low_open, loose.high_open)
            else:
                value = _bounded(value, kind)
        return value, unit, end, tuple(kinds)

    def _after(self, at: int) -> tuple[str | None, int]:
        match = _SUFFIX.match(self._text, at)
        if not match:
            return None, at
        kind = _KIND_AFTER[match.group(1)]
        follows = self._text[match.end() : match.end() + 1]
        if kind in ("below", "above", "nearly") and follows and read_numeral(self._text, match.end()):
            return None, at
        if kind == "about" and match.group(1) == "上下" and follows in ("两", "三", "水"):
            return None, at
        if match.group(1) in ("起", "把", "内", "几") and follows and follows in "来码部个名":
            return (kind, match.end()) if match.group(1) in ("把", "几") else (None, at)
        return kind, match.end()

    def _before(self, start: int) -> tuple[int, str | None]:
        """The word before a number that bounds it; the number's words begin there."""
        window = self._text[max(0, start - _PREFIX_WINDOW) : start]
        window = re.split(f"[{re.escape(words.HARD_BREAKS)}]", window)[-1] if window else window
        match = _PREFIX.search(window)
        if not match:
            return start, None
        begin = start - len(window) + match.start(1)
        kind = _KIND_BEFORE[match.group(1)]
        if match.group(1) in ("没有", "没") and self._text[max(0, begin - 1) : begin] == "有":
            return start, None
        return begin, kind

    def _through(self, first: Range, unit: str, end: int) -> tuple[Range, str, int, bool] | None:
        """200到350之间: from the first number to a second one."""
        joiner = next((j for j in words.RANGE_JOINERS if self._text.startswith(j, end)), None)
        if joiner is None or first.low is None:
            return None
        numeral = read_numeral(self._text, end + len(joiner))
        if numeral is None:
            return None
        second, second_unit, after, _ = self._measured(numeral)
        if unit and second_unit and unit != second_unit:
            return None
        low = first.low
        coefficient = None if self._text[numeral.end - 1].isdigit() else _coefficient(numeral)
        if coefficient is not None and not unit and low < numeral.low and low <= coefficient:
            low *= numeral.low / coefficient
        if second.high is not None and second.high <= low:
            return None
        for tail in ("之间", "中间"):
            if self._text.startswith(tail, after):
                after += len(tail)
        whole = Range(low, second.high, first.low_open and low == first.low, second.high_open)
        return whole, second_unit or unit, after, numeral.scaled


def _coefficient(numeral: Numeral) -> float | None:
    """The digits before 百, 千, 万 (3百: 3), if the numeral is one such product."""
    if numeral.vague or numeral.step < 100:
        return None
    return numeral.low / numeral.step


def _loosened(numeral: Numeral, kind: str, end: int) -> Numeral:
    if numeral.vague:
        return replace(numeral, end=end)
    if kind == "more":
        return numeral.more(end)
    return numeral.about(end) if kind == "around" else replace(numeral, end=end)


def _bounded(value: Range, kind: str | None) -> Range:
    """A number under the bound that a word puts on it."""
    low, high = value.low, value.high
    if kind is None or low is None:
        return value
    top = high if high is not None else low
    match kind:
        case "below":
            return Range(None, top, high_open=True)
        case "at_most":
            return Range(None, top)
        case "above":
            return Range(low, None, low_open=True)
        case "at_least":
            return Range(low, None)
        case "nearly":
            return Range(low - slack_of(low), top, high_open=True)
        case "little_more":
            return Range(low, top + slack_of(top), low_open=True)
        case _:
            return value if low != high else Range(low - slack_of(low), low + slack_of(low))


def _minus(value: float | None) -> float | None:
    return None if value is None else -value
