"""Dates by month and day: 12月3号, 28日, 本月28, 11.28, 2026-11-28, 28、29号."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta

from miniapp_api.appointments.when.days import add_months
from miniapp_api.appointments.when.frame import Frame, between
from miniapp_api.appointments.when.numbers import NUM, YEAR, number, numbers, year_of
from miniapp_api.appointments.when.rules import Place, Rule, rule
from miniapp_api.appointments.when.saying import day_of
from miniapp_api.appointments.when.tokens import Ask, Clock, Days, Kind, Mark, Part, Value

_OPEN, _CLOSED = 8, 12
"""9.30 is half past nine where 30 September is past."""
_NEARER_THAN = 183
"""A date past this year is next year's without asking if that is nearer than this many days."""

_YEAR = rf"(?:(?<!\d)(?P<year>{YEAR})年|(?P<yearword>今年|本年|明年|来年|后年|去年|前年|大前年))的?"
MONTH = (
    rf"(?:(?<!\d)(?P<month>{NUM}|(?<![\d十百千万块几])元)月(?:份)?"
    "|(?P<monthword>这个?月|本月|当月|下下个?月|下个?月|次月|上个?月))的?"
)
_LIST = r"(?:[、和跟与或,，/]|或者|到|至|-|~)"
_DAYS = rf"(?P<days>{NUM}(?:[号日]?{_LIST}{NUM}(?=[号日、和跟与或,，/到至~-]))*)"
_NO_UNIT = r"(?![\d点时:：.个天年月小人元块万千百%分秒条家层楼岁米平])"
_NO_PLACE = "(?![窗楼线门厅院馆柜桌机路房室店铺文令公库仓出栋座街巷单桥码牌站台棚场口地柱字球电])"
_PLACE_BEFORE = tuple("路街道巷弄村镇组第号编区栋座层里园院县市队月#取叫拿抽排挂")
_RELATIVE = {"这月": 0, "本月": 0, "当月": 0, "下月": 1, "次月": 1, "下下月": 2}
_YEARS = {"今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2, "大前年": -3}
_FROM_DATE = re.compile(r"(?:^|[^\d早午晚天日号])\d{1,2}([./])\d{1,2}[-~到至]+$")
"""What stands before the second date of 11.28-11.30; behind a day or its part those are times."""
_PLAIN = (
    r"(?<![\da-z./¥￥$版])(?P<m>1[0-2]|0?[1-9])(?P<sep>[./-])(?P<d>3[01]|[12]\d|0?[1-9])"
    r"(?![\da-z%./:：]|(?<=-\d)-|(?<=-\d\d)-)"
)
_NO_AMOUNT = (
    "(?![点时个元块万千百亿平米m倍折斤度成岁人层楼天年月分家条次名]|小时|公里|km|周[^一二三四五六日天末]|号[窗楼线])"
)


def month_of(frame: Frame, match: re.Match[str]) -> tuple[int, int | None, bool] | None:
    """Year and month that `MONTH` names, with 0 as the year where it is not said, and whether it is past."""
    word = match["monthword"]
    if word:
        if word.startswith("上"):
            return 0, None, True
        first = add_months(frame.today.replace(day=1), _RELATIVE[word.replace("个", "")])
        return first.year, first.month, False
    month = 1 if match["month"] == "元" else number(match["month"])
    return None if month is None or not 1 <= month <= 12 else (0, month, False)


def said_year(frame: Frame, match: re.Match[str]) -> int | None:
    """The year that `_YEAR` names, 0 where it is not said, None where it is too far away."""
    if match["yearword"]:
        return frame.today.year + _YEARS[match["yearword"]]
    return year_of(match["year"]) if match["year"] else 0


def dated(frame: Frame, year: int, month: int, day: int) -> Days | None:
    """A day of a month; year 0: not said."""
    if year and not frame.readable(year):
        return Days(Kind.PAST) if year < frame.today.year else None
    if day > monthrange(year or frame.today.year, month)[1] and not (month == 2 and day == 29 and not year):
        return _missing(frame, year, month, day)
    if year:
        found = date(year, month, day)
        return Days(Kind.DATE, (found,), ask=_past(frame, found) if found < frame.today else None)
    coming = [
        date(candidate, month, day)
        for candidate in range(frame.today.year, frame.today.year + 9)
        if day <= monthrange(candidate, month)[1] and date(candidate, month, day) >= frame.today
    ]
    found = coming[0]
    if found.year > frame.today.year and (found - frame.today).days >= _NEARER_THAN:
        return Days(Kind.DATE, (found,), ask=_past(frame, date(frame.today.year, month, day) if day < 29 else found))
    return Days(Kind.DATE, (found,))


def _past(frame: Frame, day: date) -> Ask:
    """A date of this year that is past: the same day of the coming month, or of next year."""
    near = day_of_month(frame, day.day).dates[0]
    far = add_months(day, 12) if day.year == frame.today.year else day
    question = f"{day.month}月{day.day}日已经过了，您说的是{day_of(near, frame)}，还是{day_of(far, frame)}？"
    return Ask(question, ((near,), (far,)))


def _missing(frame: Frame, year: int, month: int, day: int) -> Days | None:
    """A day that the month does not have (2月30号)."""
    if day > 31:
        return None
    year = year or frame.today.year + (month < frame.today.month)
    last = date(year, month, monthrange(year, month)[1])
    after = last + timedelta(days=1)
    options = tuple((choice,) for choice in (last, after) if choice >= frame.today)
    named = "还是".join(f"{choice[0].month}月{choice[0].day}日" for choice in options)
    return Days(
        Kind.DATE,
        options[0] if options else (),
        ask=Ask(f"{month}月没有{day}日，您说的是{named or '哪一天'}？", options),
    )


def day_of_month(frame: Frame, day: int, first: date | None = None) -> Days:
    """A day without its month: the next one, in a month that has it."""
    first = first or frame.today
    months = (add_months(first.replace(day=1), n) for n in range(12))
    found = next(
        month.replace(day=day)
        for month in months
        if day <= monthrange(month.year, month.month)[1] and month.replace(day=day) >= first
    )
    return Days(Kind.DATE, (found,), month_day=day)


def _day_numbers(said: str) -> list[tuple[str, tuple[int, ...]]]:
    """The days of a list, each with what joins it to the one before."""
    pieces = re.split(rf"[号日]?({_LIST})", said)
    return [(pieces[at - 1] if at else "", numbers(pieces[at].rstrip("号日"))) for at in range(0, len(pieces), 2)]


def _several(frame: Frame, said: str, first_of: tuple[int, int] | None) -> Days | None:
    """One day or a list of days, of a month or of whichever month comes next."""
    found: list[date] = []
    single: Days | None = None
    for join, days in _day_numbers(said):
        if not days or any(not 1 <= day <= 31 for day in days):
            return None
        after = found[-1] if found else None
        read = [dated(frame, *first_of, day) if first_of else day_of_month(frame, day, after) for day in days]
        dates = [day for one in read if one for day in one.dates]
        if not all(read):
            return None
        single = read[0]
        if join in ("到", "至", "-", "~") and found and dates and dates[0] > found[-1]:
            dates = list(between(found[-1], dates[0]))[1:]
        found += dates
    if len(found) <= 1:
        return single
    return Days(Kind.DATE, tuple(dict.fromkeys(found)))


def _month_day(match: re.Match[str], place: Place) -> Value | None:
    frame = place.frame
    year, month = said_year(frame, match), month_of(frame, match)
    if year is None or month is None or (match["year"] and match["monthword"]):
        return None
    if month[2]:
        return Days(Kind.PAST)
    return _several(frame, match["days"], (year or month[0], month[1] or 0))


def _of_clock(found: Days, day: int, place: Place) -> bool:
    """Whether 9.30 behind a day is a time: unless it is that very day."""
    before = place.previous
    if not isinstance(before, Days) or day % 5:
        return False
    return found.dates[0].weekday() not in before.weekdays and not set(found.dates) & set(before.dates)


def _bare_day(match: re.Match[str], place: Place) -> Value | None:
    if place.previous is None and place.before.endswith(_PLACE_BEFORE):
        return None
    if place.start and place.text[place.start - 1].isascii() and place.text[place.start - 1].isalnum():
        return None
    return _several(place.frame, match["days"], None)


def _written(match: re.Match[str], place: Place) -> Value | None:
    year, month, day = int(match["y"]), int(match["m"]), int(match["d"])
    if not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return dated(place.frame, year, month, day)


def _plain(match: re.Match[str], place: Place) -> Value | None:
    """11.28, 11/28, 11-28; behind a part of the day, 9.30 is a time."""
    month, day = int(match["m"]), int(match["d"])
    if isinstance(place.previous, Part):
        return None
    if place.previous is Mark.TO or place.before.endswith("-"):
        start = _FROM_DATE.search(place.text[max(0, place.start - 8) : place.start])
        return dated(place.frame, 0, month, day) if start and start[1] == match["sep"] else None
    if isinstance(place.previous, Clock) or (match["sep"] == "-" and len(match["d"]) == 1 and "月" in place.before):
        return None
    found = dated(place.frame, 0, month, day)
    if found is None or match["sep"] != "." or len(match["d"]) < 2:
        return found
    if found.ask and _OPEN <= month < _CLOSED and not day % 5:
        return Clock(month, day)
    return None if _of_clock(found, day, place) else found


RULES: tuple[Rule, ...] = (
    rule(
        r"(?<![\d.\-/])(?P<y>20\d\d)[-/.年](?P<m>\d{1,2})(?:[-/.月])(?P<d>\d{1,2})(?!\d)[日号]?",
        _written,
    ),
    rule(r"(?<![\d.\-/])(?<!\d )(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?! ?\d)", _written),
    rule(r"(?<![\d.\-/])1[89]\d\d[-/.年]\d{1,2}[-/.月]\d{1,2}(?!\d)[日号]?", lambda *_: Days(Kind.PAST)),
    rule(rf"(?:{_YEAR})?{MONTH}{_DAYS}(?:[号日]{_NO_PLACE}|{_NO_UNIT})", _month_day),
    rule(_PLAIN + _NO_AMOUNT + "[号日]?", _plain),
    rule(rf"(?:每月)?(?<!\d){_DAYS}[号日]{_NO_PLACE}(?!游)", _bare_day),
)
