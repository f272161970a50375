"""Use cases of the calendar, and the only module of it that others may import.

Working-day arithmetic: 行政许可法 art. 82 counts working days without public holidays; the day on
which a limit begins does not count. Days come from the State Council's yearly notices as packaged
by chinesecalendar; a year not published yet is refused, never guessed (Spring Festival moves).
"""

from __future__ import annotations

import math
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar

from guidance.theme import Limit

CHINA = ZoneInfo("Asia/Shanghai")
HOURS_A_DAY = 8


class CalendarUnknownError(LookupError):
    """The holidays of the year are not published yet."""


def now() -> datetime:
    """The time in China."""
    return datetime.now(CHINA)


def today() -> date:
    """The date in China."""
    return now().date()


def is_workday(day: date) -> bool:
    """Whether offices work on a day, make-up working days included.

    Raises:
        CalendarUnknownError: the year is not published.
    """
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        raise CalendarUnknownError(f"{day.year} 年的放假安排还没有公布") from None


def add_workdays(start: date, days: int) -> date:
    """The last day of a limit of working days; the start itself does not count.

    Raises:
        CalendarUnknownError: the limit reaches into a year not published.
    """
    day = start
    for _ in range(days):
        day += timedelta(days=1)
        while not is_workday(day):
            day += timedelta(days=1)
    return day


def elapse(start: date, limit: Limit) -> date:
    """The last day of a limit that begins on a day; hours count as parts of a working day.

    Raises:
        CalendarUnknownError: the limit reaches into a year not published.
    """
    if limit.unit == "day":
        return start + timedelta(days=math.ceil(limit.days))
    workdays = limit.days / HOURS_A_DAY if limit.unit == "hour" else limit.days
    return add_workdays(start, math.ceil(workdays))
