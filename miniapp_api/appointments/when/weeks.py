"""Weeks and weekdays: 这周六, 下下周一, 周一三五, 下周, 周末."""

from __future__ import annotations

import re
from datetime import date, timedelta

from miniapp_api.appointments.when.frame import Frame, between, next_weekday
from miniapp_api.appointments.when.rules import Place, Rule, rule
from miniapp_api.appointments.when.saying import day_of
from miniapp_api.appointments.when.tokens import Ask, Days, Kind, Value

NAMES = "一二三四五六日"
_INDEX = {**{char: index for index, char in enumerate(NAMES)}, **{str(n + 1): n for n in range(7)}, "天": 6, "七": 6}
WEEK = "(?:周|星期|星其|礼拜|週)"
_WHICH = (
    "(?:(?P<past>上上个?|上一?个?)|(?P<one>下一个)|(?P<after>下下下个?|下下个?|再下个?|大下个?)"
    "|(?P<next>下个?|来)|(?P<this>这一?个?|本|当|今))"
)
_FIRST = r"(?:[一二三四五六日天七]|[1-7](?!\d))"
_NO_CLOCK = r"(?![点时:：刻号月个十年天分\d.]|[一二三四五六七八九十]{1,2}点)"
_MORE = rf"(?:一(?![早大清整上下定起般直])|[二三四五六日天七]|[1-7]){_NO_CLOCK}"
_JOIN = "[、和跟与及或]"
WEEKDAYS = (
    rf"{WEEK}(?P<first>{_FIRST})(?![次趟回遍])"
    rf"(?:(?P<to>[到至\-~])(?P<last>{_MORE})|(?P<more>(?:{_JOIN}?{_MORE})+))?"
)
_WEEKEND = rf"(?:{WEEK}[末未]|双休日|周六日)(?:两天)?"
_DURATION = tuple("一两二三四五六七八九十几半整")


def _weekdays(match: re.Match[str]) -> tuple[int, ...]:
    first = _INDEX[match["first"]]
    if match["last"]:
        return tuple((first + n) % 7 for n in range((_INDEX[match["last"]] - first) % 7 + 1))
    more = [_INDEX[char] for char in match["more"] or "" if char in _INDEX]
    return tuple(dict.fromkeys((first, *more)))


def _weeks_on(match: re.Match[str]) -> int:
    if match["after"]:
        return 3 if match["after"].startswith("下下下") else 2
    return 0 if match["this"] else 1


def _bare(match: re.Match[str], place: Place) -> Value | None:
    if place.previous is None and place.before.endswith(_DURATION):
        return None
    return Days(Kind.WEEKDAY, weekdays=_weekdays(match))


def _of_week(match: re.Match[str], place: Place) -> Value | None:
    """下周三: of the week that begins on a Monday; asked back where people really differ."""
    if match["past"]:
        return Days(Kind.PAST)
    frame, weeks = place.frame, _weeks_on(match)
    days = tuple(frame.monday(weeks) + timedelta(days=weekday) for weekday in _weekdays(match))
    ask = None
    if len(days) == 1:
        ask = _over(frame, days[0]) if weeks == 0 else _unlike(frame, days[0], match)
    return Days(Kind.WEEKDAY, days, ask=ask)


def _over(frame: Frame, day: date) -> Ask | None:
    """这周六 where it is past."""
    if day >= frame.today:
        return None
    later = day + timedelta(days=7)
    name = NAMES[day.weekday()]
    question = f"这周{name}已经过了，您说的是下周{name}（{later.month}月{later.day}日）吗？"
    return Ask(question, ((later,),))


def _unlike(frame: Frame, day: date, match: re.Match[str]) -> Ask | None:
    """下周一 said on a Sunday, and 下一个周三 where this week still has one."""
    ahead = (day - frame.today).days
    other = None
    if match["next"] and frame.today.weekday() == 6 and ahead in (1, 2):
        other = day + timedelta(days=7)  # who means tomorrow says 明天
    if match["one"] and ahead > 7:
        day, other = day - timedelta(days=7), day
    if other is None:
        return None
    question = f"您说的{match.group()}是{day_of(day, frame)}，还是{day_of(other, frame)}？"
    return Ask(question, ((day,), (other,)))


def _weekend(_: re.Match[str], __: Place) -> Value:
    return Days(Kind.WEEKDAY, weekdays=(5, 6))


def _weekend_of(match: re.Match[str], place: Place) -> Value:
    if match["past"]:
        return Days(Kind.PAST)
    saturday = place.frame.monday(_weeks_on(match)) + timedelta(days=5)
    return Days(Kind.WEEKDAY, (saturday, saturday + timedelta(days=1)))


_PIECES = {
    "初": (0, 1), "头": (0, 1), "中": (1, 3), "尾": (3, 4),
    "上半": (0, 2), "前半": (0, 2), "下半": (3, 4), "后半": (3, 4),
}  # fmt: skip


def _whole(match: re.Match[str], place: Place) -> Value | None:
    """下周: the whole of it; 下周初: a piece."""
    if match["past"]:
        return Days(Kind.PAST)
    monday = place.frame.monday(_weeks_on(match))
    first, last = _PIECES.get(match["piece"] or "", (0, 6))
    bounds = (monday + timedelta(days=first), monday + timedelta(days=last))
    return Days(Kind.PERIOD, between(max(bounds[0], place.frame.today), bounds[1]) or between(*bounds), bounds=bounds)


def _coming_weekday(match: re.Match[str], place: Place) -> Value:
    """最近一个周六: the next one."""
    return Days(Kind.WEEKDAY, tuple(next_weekday(day, place.frame.offset(1)) for day in _weekdays(match)))


RULES: tuple[Rule, ...] = (
    rule(rf"{_WHICH}的?{_WEEKEND}", _weekend_of),
    rule(rf"{_WHICH}的?{WEEKDAYS}", _of_week),
    rule(
        rf"{_WHICH}(?:周|星期|礼拜)(?P<piece>[初中尾]|头(?![一二两三个天])|[上下前后]半)?(?:之内|以内|内|里)?", _whole
    ),
    rule(rf"最近的?(?:一个|这个)?的?{WEEKDAYS}", _coming_weekday),
    rule(rf"[每逢]?个?{_WEEKEND}", _weekend),
    rule(rf"[每逢]?个?{WEEKDAYS}", _bare),
)
