"""Which lamp is lit: how close a case is to its last day, by the rules of `casework.yaml`."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from miniapp_api.calendar.service import Calendar, CalendarUnknownError
from miniapp_api.cases.casework import Lamp, Supervision


class Light(StrEnum):
    """From calm to too late."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"
    OVERDUE = "overdue"


NAMES = {Light.GREEN: "绿", Light.YELLOW: "黄牌", Light.RED: "红牌", Light.OVERDUE: "超期"}


def light(due: date | None, since: date, today: date, rules: Supervision, calendar: Calendar) -> Light:
    """Tell the lamp of a case.

    Args:
        due: its next last day; None if there is none, or nobody can tell yet.
        since: when that limit began.
        today: the date in China.
        rules: of the city.
        calendar: whose working days count; days not published yet are taken by their weekday, as this
            only decides who looks at a case first.
    """
    if due is None:
        return Light.GREEN
    if today > due:
        return Light.OVERDUE
    left, whole = _workdays(today, due, calendar), max(1, _workdays(since, due, calendar))
    for lamp, colour in ((rules.red, Light.RED), (rules.yellow, Light.YELLOW)):
        if _lit(lamp, left, left / whole):
            return colour
    return Light.GREEN


def _lit(lamp: Lamp, left: int, share: float) -> bool:
    return left <= lamp.within and (lamp.share is None or share <= lamp.share)


def _workdays(after: date, until: date, calendar: Calendar) -> int:
    try:
        return calendar.day(until).workday_no - calendar.day(after).workday_no
    except CalendarUnknownError:
        return (until - after).days
