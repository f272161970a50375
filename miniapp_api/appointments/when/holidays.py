"""Public holidays and what lies around them: 国庆后第一个周六, 过完年, 节前, 元旦期间, 圣诞节."""

from __future__ import annotations

import re
from datetime import date, timedelta

from miniapp_api.appointments.when import periods
from miniapp_api.appointments.when.dates import dated
from miniapp_api.appointments.when.festivals import festival
from miniapp_api.appointments.when.frame import Frame, between
from miniapp_api.appointments.when.numbers import NUM, YEAR, number, year_of
from miniapp_api.appointments.when.rules import Make, Place, Rule, rule
from miniapp_api.appointments.when.tokens import Days, Kind, Value

_NAMES = {
    "元旦": r"元旦节?|阳历年|新年(?!快乐|度|级|好)",
    "春节": r"春节|过年|大年(?![初三])|农历年|新春",
    "清明节": r"清明节?",
    "劳动节": r"五一(?:国际)?劳动节|劳动节"
    r"|(?<![十周拜期第\d一二三四五六七八九])五一(?![点号日月个分刻五十路街广大中一二三四六七八九])节?",
    "端午节": r"端午节?|端阳节?",
    "中秋节": r"中秋节?",
    "国庆节": r"十一国庆节?|国庆节?|国庆十一|(?<=过完)十一|(?<=过了)十一"
    r"|(?<![二三四五六七八九周拜期第\d月])十一"
    r"(?=节|小?长假|假期|放假|黄金周|期间|前(?!台)|后|[之以][前后]|过[后完]|结束|当天|那天|那几天|第[一二三四五六七]天)",
}
_FIXED = {
    "圣诞节?": (12, 25), "平安夜": (12, 24), "双十一|双11": (11, 11), "双十二|双12": (12, 12),
    "(?:三八)?妇女节|三八节": (3, 8), "植树节": (3, 12), "青年节|五四": (5, 4), "(?:六一)?儿童节|六一(?=节)": (6, 1),
    "建党节|七一(?=节)": (7, 1), "建军节|八一(?=节)": (8, 1), "教师节": (9, 10), "情人节": (2, 14),
}  # fmt: skip
_BREAK = "(?:小长假|长假|假期|黄金周|放假|假日|假)?"
_OVER = "(?:过完|过了|过去|结束|放完|收假|完了?|过)?"
_AFTER = "(?:之后|以后|过后|后(?![天台面]))"
_BEFORE = "(?:之前|以前|前夕|前(?![台往面后]))"
_SUFFIX = (
    rf"(?:(?P<nth>第(?P<n>{NUM})天)|(?P<day>当天|当日|那一?天|这一?天)|(?P<during>期间|那几天|那会儿?|里|内|那段时间)"
    rf"|(?P<after>{_OVER}{_AFTER}|过完|过了|结束|收假)|(?P<before>{_BEFORE}))?"
)
_YEAR = rf"(?:(?:(?<!\d)(?P<year>{YEAR})年|(?P<yearword>今年|明年|来年|后年|去年|前年))的?)?"
_YEARS = {"今年": 0, "明年": 1, "来年": 1, "后年": 2, "去年": -1, "前年": -2}
_LEAD = "(?P<lead>过完|过了|放完|等过完|等过了|等)?"
_RECENT = 14
"""国庆后 still means the holiday that ended so many days ago."""
_LONGEST_BREAK = 12


def break_of(frame: Frame, name: str, year: int) -> Days:
    """The days off around a festival: as published, else as customary and not sure."""
    first = last = festival(name, year)
    sure = frame.day(first).confirmed
    for _ in range(_LONGEST_BREAK):
        if not frame.is_workday(first - timedelta(days=1)):
            first -= timedelta(days=1)
        if not frame.is_workday(last + timedelta(days=1)):
            last += timedelta(days=1)
    return Days(Kind.PERIOD, between(first, last), bounds=(first, last), unsure=None if sure else year)


def _ends(days: Days) -> tuple[date, date]:
    return days.dates[0], days.dates[-1]


def _coming(frame: Frame, names: tuple[str, ...], how: str, year: int = 0) -> Days:
    """The holiday that is meant: the next one, for 后 perhaps the one just over."""
    years = (year,) if year else range(frame.today.year - 1, frame.today.year + 3)
    found = sorted((break_of(frame, name, each) for name in names for each in years), key=_ends)
    if year:
        return found[0]
    if how == "after":
        return next(days for days in found if _ends(days)[1] >= frame.offset(-_RECENT))
    if how == "before":
        return next(days for days in found if _ends(days)[0] > frame.today)
    return next(days for days in found if _ends(days)[1] >= frame.today)


def _how(match: re.Match[str]) -> str:
    groups = match.groupdict()
    if groups.get("before"):
        return "before"
    return "after" if groups.get("after") or (groups.get("lead") or "等")[-1] in "完了" else ""


def _seen(days: Days, how: str, frame: Frame) -> Days:
    if how == "after":
        return periods.after(days, frame)
    return periods.before(days, frame) if how == "before" else days


def _holiday(match: re.Match[str], place: Place) -> Value | None:
    frame, how = place.frame, _how(match)
    name = next(name for name, group in _GROUPS.items() if match[group])
    year = frame.today.year + _YEARS[match["yearword"]] if match["yearword"] else 0
    year = year or (year_of(match["year"]) or 0 if match["year"] else 0)
    if year and not frame.readable(year):
        return Days(Kind.PAST) if year < frame.today.year else None
    days = _coming(frame, (name,), how, year)
    if match["day"]:
        return Days(Kind.DATE, (_day_of(name, days),))
    if match["nth"]:
        n = number(match["n"]) or 0
        dates = days.dates[n - 1 : n] if n else ()
        return Days(Kind.DATE, dates, unsure=days.unsure) if dates else None
    return _seen(days, how, frame)


def _day_of(name: str, days: Days) -> date:
    first, last = _ends(days)
    return next(festival(name, year) for year in (last.year, first.year) if first <= festival(name, year) <= last)


def _any_holiday(match: re.Match[str], place: Place) -> Value:
    """节后: of the holiday that is nearest, just over or about to come."""
    how, today = _how(match), place.frame.today
    coming = _coming(place.frame, tuple(_NAMES), how)
    if how == "after" and _ends(coming)[1] < today:
        later = _coming(place.frame, tuple(_NAMES), "before")
        if _ends(later)[0] - today < today - _ends(coming)[1]:
            coming = later
    return _seen(coming, how, place.frame)


def _new_year(match: re.Match[str], place: Place) -> Value:
    """年前, 年后, 过完年: around Spring Festival."""
    how = _how(match)
    return _seen(_coming(place.frame, ("春节",), how), how, place.frame)


def _solar(month: int, day: int) -> Make:
    def make(_: re.Match[str], place: Place) -> Value | None:
        return dated(place.frame, 0, month, day)

    return make


_GROUPS = {name: f"h{index}" for index, name in enumerate(_NAMES)}
_ANY_NAME = "|".join(f"(?P<{_GROUPS[name]}>{pattern})" for name, pattern in _NAMES.items())

RULES: tuple[Rule, ...] = (
    *(rule(rf"(?:{pattern})(?:当天|那天|当日)?", _solar(*day)) for pattern, day in _FIXED.items()),
    rule(rf"{_YEAR}{_LEAD}(?:{_ANY_NAME}){_BREAK}{_SUFFIX}", _holiday),
    rule(rf"(?P<lead>过完|过了|等过完|等过了)(?:大)?年(?P<after>{_AFTER})?(?![级度])", _new_year),
    rule(
        rf"(?<![\d一二三四五六七八九十百几两半今明去后本当多周整每])年(?:(?P<after>{_AFTER})|(?P<before>{_BEFORE}))(?!辈)",
        _new_year,
    ),
    rule(
        rf"(?P<lead>过完|过了|放完|等放完|等过完)(?:这个?)?(?:节假日|长假|假期|节|假)(?P<after>{_AFTER})?",
        _any_holiday,
    ),
    rule(
        rf"(?:(?<![季环情时季])节|放假|长假|假期|(?<=[，。,; ])假|节假日|过节)"
        rf"(?:(?P<after>{_OVER}{_AFTER}|过完|结束|收假)|(?P<before>{_BEFORE}))",
        _any_holiday,
    ),
    rule(rf"(?P<after>收假{_AFTER}?|开年{_AFTER}?|节后)", _any_holiday),
    rule("(?:这个)?(?:长假|假期)(?:期间|里|那几天)?|过节(?:期间|那几天)?|放假(?:期间|那几天)|节日期间", _any_holiday),
)
