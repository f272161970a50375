"""Lunar dates (腊月二十八, 正月初八, 除夕): converted, and always read back by their solar date."""

from __future__ import annotations

import re
from datetime import date

from tyme4py.lunar import LunarDay, LunarMonth
from tyme4py.solar import SolarDay

from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.numbers import number
from miniapp_api.appointments.when.rules import Make, Place, Rule, rule
from miniapp_api.appointments.when.saying import day_of
from miniapp_api.appointments.when.tokens import Ask, Days, Kind, Value

_MONTHS = {
    "正": 1,
    "冬": 11,
    "腊": 12,
    "十一": 11,
    "十二": 12,
    **{c: n for n, c in enumerate("一二三四五六七八九十", 1)},
}
_CALLED = "(?:农历|阴历|旧历|老历)"
_OWN = "[正冬腊]月"
_ANY_MONTH = "(?:十[一二]|[正一二三四五六七八九十冬腊])月"
_FIRST_TEN = "初(?:十|[一二三四五六七八九]|10|[1-9])"
_DAY = rf"(?:{_FIRST_TEN}|[一二]?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|三十|[12]\d|30|[1-9](?!\d))[号日]?"
_NAMED = {
    "除夕|大年三十|年三十|年三十儿|大年夜|(?<!跨)年夜": (12, 30), "元宵节?|正月十五|上元节": (1, 15),
    "七夕节?": (7, 7), "中元节|鬼节": (7, 15), "重阳节?": (9, 9), "腊八节?": (12, 8),
    "北方小年|小年": (12, 23), "南方小年": (12, 24), "龙抬头": (2, 2),
}  # fmt: skip


def _solar(year: int, month: int, day: int) -> date:
    """The solar date; the 30th of a month of 29 days is its last."""
    day = min(day, LunarMonth.from_ym(year, month).get_day_count())
    found = LunarDay.from_ymd(year, month, day).get_solar_day()
    return date(found.get_year(), found.get_month(), found.get_day())


def _next(frame: Frame, month: int, day: int) -> date:
    year = frame.today.year
    return next(found for n in (-1, 0, 1, 2) if (found := _solar(year + n, month, day)) >= frame.today)


def _asked(frame: Frame, said: str, day: date) -> Days:
    question = f"农历{said.removeprefix('农历')}是公历{day_of(day, frame)}，您说的是这一天吗？"
    return Days(Kind.DATE, (day,), ask=Ask(question, ((day,),)))


def _named(month: int, day: int) -> Make:
    def make(match: re.Match[str], place: Place) -> Value:
        return _asked(place.frame, match.group(), _next(place.frame, month, day))

    return make


def _number(said: str) -> int:
    return number(said.lstrip("初").rstrip("号日")) or 0


def _date(match: re.Match[str], place: Place) -> Value | None:
    day = _number(match["day"])
    if not 1 <= day <= 30:
        return None
    return _asked(place.frame, match.group(), _next(place.frame, _MONTHS[match["month"].rstrip("月")], day))


def _of_new_year(match: re.Match[str], place: Place) -> Value:
    return _asked(place.frame, match.group(), _next(place.frame, 1, _number(match["day"])))


def _without_month(match: re.Match[str], place: Place) -> Value | None:
    """初六: of this lunar month or the next."""
    today = place.frame.today
    lunar = SolarDay.from_ymd(today.year, today.month, today.day).get_lunar_day()
    day, year, month = _number(match["day"]), lunar.get_year(), abs(lunar.get_month())
    found = _solar(year, month, day)
    if found < today:
        found = _solar(year + month // 12, month % 12 + 1, day)
    return _asked(place.frame, match.group(), found) if found >= today else None


RULES: tuple[Rule, ...] = (
    *(rule(rf"(?:{pattern})(?:当天|那天|当晚)?(?!起来)", _named(*day)) for pattern, day in _NAMED.items()),
    rule(rf"大年(?P<day>{_FIRST_TEN})", _of_new_year),
    rule(rf"{_CALLED}的?(?P<month>{_ANY_MONTH})的?(?P<day>{_DAY})", _date),
    rule(rf"(?P<month>{_OWN})的?(?P<day>{_DAY})", _date),
    rule(rf"(?P<month>{_ANY_MONTH})(?P<day>{_FIRST_TEN})", _date),
    rule(rf"(?:{_CALLED})?(?<!月)(?P<day>{_FIRST_TEN})(?![中高学年级生班毕的个次])", _without_month),
)
