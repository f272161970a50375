"""Months and their pieces: 下个月, 12月, 月底, 12月中旬, 年底."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from miniapp_api.appointments.when.dates import MONTH, month_of
from miniapp_api.appointments.when.days import add_months
from miniapp_api.appointments.when.frame import Frame, between
from miniapp_api.appointments.when.numbers import YEAR, year_of
from miniapp_api.appointments.when.rules import Place, Rule, rule
from miniapp_api.appointments.when.tokens import Days, Kind, Value

_PIECES = {
    "初": (1, 5), "头": (1, 5), "上旬": (1, 10), "中": (13, 17), "中旬": (11, 20), "下旬": (21, 31),
    "底": (-5, 31), "末": (-5, 31), "尾": (-5, 31), "上半月": (1, 15), "下半月": (16, 31),
}  # fmt: skip
"""First and last day of a piece; negative: so many days at the end of the month. Ours, where usage is vague."""
_PIECE = "(?P<piece>上旬|中旬|下旬|上半月|下半月|初|头(?![一二两三个天])|中|底|末|尾)"
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
_YEAR = rf"(?:(?<!\d)(?P<year>{YEAR})年|(?P<yearword>今年|本年|明年|来年|后年|去年|前年))的?"


def _piece(frame: Frame, year: int, month: int, piece: str) -> Days | None:
    """A piece of a month, from today on."""
    length = monthrange(year, month)[1]
    first, last = _PIECES.get(piece, (1, 31))
    first = length + 1 + first if first < 0 else first
    bounds = (date(year, month, first), date(year, month, min(last, length)))
    if frame.today > bounds[1]:
        return None
    return Days(Kind.PERIOD, between(max(bounds[0], frame.today), bounds[1]), bounds=bounds)


def _year(frame: Frame, match: re.Match[str]) -> int | None:
    if match["yearword"]:
        return frame.today.year + _YEARS[match["yearword"]]
    return year_of(match["year"]) if match["year"] else 0


def _month(match: re.Match[str], place: Place) -> Value | None:
    frame = place.frame
    year, month = _year(frame, match), month_of(frame, match)
    if month is None or year is None:
        return None
    if month[2] or (year and year < frame.today.year):
        return Days(Kind.PAST)
    if year and not frame.readable(year):
        return None
    piece = match["piece"] or ""
    number = month[1] or 1
    if year or month[0]:
        return _piece(frame, year or month[0], number, piece) or Days(Kind.PAST)
    return _piece(frame, frame.today.year, number, piece) or _piece(frame, frame.today.year + 1, number, piece)


def _this_month(match: re.Match[str], place: Place) -> Value | None:
    """月底, 月初: the next one that is not over."""
    first = place.frame.today.replace(day=1)
    after = add_months(first, 1)
    return _piece(place.frame, first.year, first.month, match["piece"]) or _piece(
        place.frame, after.year, after.month, match["piece"]
    )


def _end_of_year(match: re.Match[str], place: Place) -> Value | None:
    """年底: the last third of December; 年初: the first of January."""
    end = match["end"] in ("底", "末", "尾", "终")
    now = place.frame.today.year
    shift = _YEARS.get(f"{match['which']}年", 0) if match["which"] else int(not end)
    year = now + shift
    if year < now:
        return Days(Kind.PAST)
    return _piece(place.frame, year, 12 if end else 1, "下旬" if end else "上旬") or Days(Kind.PAST)


def _within_year(_: re.Match[str], place: Place) -> Value:
    bounds = (place.frame.today, place.frame.today.replace(month=12, day=31))
    return Days(Kind.PERIOD, between(*bounds), bounds=bounds)


def _within_month(_: re.Match[str], place: Place) -> Value | None:
    return _piece(place.frame, place.frame.today.year, place.frame.today.month, "")


def _counted_year(match: re.Match[str], place: Place) -> Value:
    """明年第一个工作日: the year as a period."""
    year = place.frame.today.year + _YEARS[match["yearword"]]
    bounds = (date(year, 1, 1), date(year, 12, 31))
    return Days(Kind.PERIOD, between(*bounds), bounds=bounds)


RULES: tuple[Rule, ...] = (
    rule(
        rf"(?:{_YEAR})?{MONTH}{_PIECE}?(?:之内|以内|内|里)?(?![\d子嫂饼球亮薪租]|工资|房租|租金|账|报表|销售|营业额|流水|税|开[业张]|成立|注册|到期|过期)",
        _month,
    ),
    rule(r"(?P<which>[今本明来后去前])?年(?P<end>[底末尾终初])(?![前]?辈)", _end_of_year),
    rule("(?P<yearword>今年|明年|来年|后年)的?(?=第|最后|头一?[个天]|首个|倒数)", _counted_year),
    rule("(?:今|本)?年(?:内|之内|以内)", _within_year),
    rule("(?:这个?|本)?月(?:内|之内|以内)", _within_month),
    rule(rf"(?:这个?|本)?月的?{_PIECE}(?!心)", _this_month),
    rule("(?P<piece>[上中下]旬)", _this_month),
)
