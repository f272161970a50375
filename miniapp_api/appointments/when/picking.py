"""Days counted in a period: 第一个周六, 最后一个工作日, 前三天, 第二周."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

from miniapp_api.appointments.when.days import add_months, unsure
from miniapp_api.appointments.when.frame import Frame, each
from miniapp_api.appointments.when.numbers import NUM, number
from miniapp_api.appointments.when.rules import Place, Rule, rule
from miniapp_api.appointments.when.tokens import Days, Kind, Mark, Pick, Unit, Value

_ORDINAL = rf"(?:(?:的|那个?)?(?:第(?P<n>{NUM})|(?P<first>头|首)|倒数第(?P<back>{NUM})|(?P<last>最后|最末)))"
_WEEKDAYS = "一二三四五六日天七1234567"
_UNITS = (
    r"(?:一?个?|1个)(?:的)?(?:(?P<rest>休息日|节假日)|(?P<work>工作日|上班日|上班的?日子|上班(?:的)?那?天)"
    rf"|(?P<weekend>(?:周|星期|礼拜)末|双休日)|(?:周|星期|礼拜)(?P<weekday>[{_WEEKDAYS}])(?!\d)"
    r"|(?P<day>天(?P<at_work>上班|开门|办公|营业)?|日)|(?P<week>周|个?星期|个?礼拜))"
)


def _pick(match: re.Match[str], _: Place) -> Value | None:
    ordinal = 1 if match["first"] else -1
    if match["n"] or match["back"]:
        n = number(match["n"] or match["back"])
        if not n or n > 31:
            return None
        ordinal = n if match["n"] else -n
    said = match.group().lstrip("的")
    if match["weekday"]:
        return Pick(
            Unit.WEEKDAY,
            ordinal,
            _WEEKDAYS.index(match["weekday"]) % 7 if match["weekday"] not in "天七" else 6,
            said=said,
        )
    return Pick(_unit(match), ordinal, said=said)


def _unit(match: re.Match[str]) -> Unit:
    if match["work"] or match["at_work"]:
        return Unit.WORKDAY
    if match["weekend"]:
        return Unit.WEEKEND
    if match["rest"]:
        return Unit.REST
    return Unit.WEEK if match["week"] else Unit.DAY


def _workday_first(match: re.Match[str], _: Place) -> Value:
    return Pick(Unit.WORKDAY, 1, said=match.group())


def _counted(match: re.Match[str], place: Place) -> Value | None:
    """国庆后三天, 元旦前一周: so many days next to the occasion."""
    previous = place.previous
    n = number(match["n"])
    bound = previous in (Mark.AFTER, Mark.BEFORE) or (isinstance(previous, Days) and (previous.open or previous.until))
    if not bound or not n or n > 31:
        return None
    unit = Unit.WORKDAY if match["unit"] == "个工作日" else Unit.DAY
    return Pick(unit, 0, count=n if match["unit"] in ("天", "个工作日") else 7 * n)


def _first_of(match: re.Match[str], place: Place) -> Value | None:
    """下周前三天, 月底最后两天: only in a period."""
    previous, n = place.previous, number(match["n"])
    if not isinstance(previous, Days) or previous.kind is not Kind.PERIOD or previous.bounds is None or not n or n > 31:
        return None
    return Pick(Unit.WORKDAY if match["work"] else Unit.DAY, 0, count=-n if match["end"] in ("最后", "后") else n)


def picked(days: Days, pick: Pick, frame: Frame) -> Days:
    """The days of a period that are picked."""
    if days.bounds is None or days.ask:
        return days
    found = _found(days, pick, frame)
    doubtful = days.unsure or (_unsure(days, found, frame) if pick.unit in (Unit.WORKDAY, Unit.REST) else None)
    return replace(days, dates=found, bounds=None, open=False, until=False, unsure=doubtful)


def _unsure(days: Days, found: tuple[date, ...], frame: Frame) -> int | None:
    first, last = days.bounds or (frame.today, frame.today)
    return unsure(frame, found[-1]) if found else unsure(frame, last) or unsure(frame, first)


def _found(days: Days, pick: Pick, frame: Frame) -> tuple[date, ...]:
    first, last = days.bounds or (frame.today, frame.today)
    if pick.unit is Unit.WEEK:
        return _week(first, last, pick.ordinal, from_first=days.open)
    if pick.unit is Unit.WEEKEND:
        saturdays = tuple(each(first, last, lambda day: day.weekday() == 5))
        chosen = _nth(saturdays, pick.ordinal)
        return tuple(day + timedelta(days=n) for day in chosen for n in (0, 1))
    candidates = tuple(each(first, last, lambda day: _is(day, pick, frame)))
    if not candidates and pick.unit is Unit.WORKDAY:  # 元旦第一个工作日: of the days after
        far = last + timedelta(days=pick.ordinal + 30)
        candidates = tuple(each(last, far, lambda day: _is(day, pick, frame)))
    if pick.ordinal:
        return _nth(candidates, pick.ordinal)
    backwards = days.until or pick.count < 0
    return candidates[-abs(pick.count) :] if backwards else candidates[: pick.count]


def _is(day: date, pick: Pick, frame: Frame) -> bool:
    if pick.unit is Unit.WEEKDAY:
        return day.weekday() == pick.weekday
    if pick.unit is Unit.DAY:
        return True
    return frame.is_workday(day) is (pick.unit is Unit.WORKDAY)


def _nth(days: tuple[date, ...], ordinal: int) -> tuple[date, ...]:
    at = ordinal - 1 if ordinal > 0 else len(days) + ordinal
    return (days[at],) if 0 <= at < len(days) else ()


def _week(first: date, last: date, ordinal: int, *, from_first: bool) -> tuple[date, ...]:
    """The n-th week: seven days after an occasion; in a month, the weeks as they begin on Mondays."""
    if from_first:
        start = first + timedelta(days=7 * (ordinal - 1))
        return tuple(each(start, start + timedelta(days=6))) if ordinal > 0 else ()
    mondays = _nth(tuple(each(first - timedelta(days=first.weekday()), last, lambda day: day.weekday() == 0)), ordinal)
    return tuple(day for monday in mondays for day in each(max(monday, first), min(monday + timedelta(days=6), last)))


def of_this_month(pick: Pick, frame: Frame) -> Days:
    """第二个周六 without its month: of this month, or of the next if it is over."""
    first = frame.today.replace(day=1)
    after = add_months(first, 1)
    for start in (first, after):
        days = picked(Days(Kind.PERIOD, bounds=(start, add_months(start, 1) - timedelta(days=1))), pick, frame)
        if days.dates and days.dates[0] >= frame.today:
            break
    return days


RULES: tuple[Rule, ...] = (
    rule(_ORDINAL + _UNITS, _pick),
    rule("(?:的)?(?:(?:一)?上班|开门|开工|收假)(?:的)?(?:第一天|头一天|头天|当天|那天)", _workday_first),
    rule(rf"的?(?P<end>前|头|最后|后)(?P<n>{NUM})(?:天|个(?P<work>工作日))", _first_of),
    rule(rf"的?(?P<n>{NUM})(?P<unit>天|周|个?星期|个?礼拜|个工作日)(?:之内|以内|内)?", _counted),
)
