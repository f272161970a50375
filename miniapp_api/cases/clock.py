"""The law's clock: the last days of a case, from its course and the calendar alone.

The day on which something happens does not count; limits are in working days unless the item says
otherwise (行政许可法第八十二条). Days on which a special procedure stops the clock do not count either
(第四十五条): those after the day of the stop, up to and with the day it ends, by notice or by itself.

Pure: no database, no web server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guidance.theme import Limit
from miniapp_api.calendar.service import Calendar, CalendarUnknownError
from miniapp_api.cases.course import Course, State, Stop
from miniapp_api.cases.terms import DELIVERY, NOTICE


@dataclass(frozen=True, slots=True)
class Due:
    """The last day for something, or why nobody can tell yet: deadlines are never guessed.

    Attributes:
        day: None while the days off of its year are not published.
        unknown: the Chinese reason then.
    """

    day: date | None
    unknown: str | None = None

    def over(self, day: date) -> bool:
        """Whether the last day is certainly past."""
        return self.day is not None and day > self.day


def notice(course: Course, calendar: Calendar) -> Due | None:
    """The last day to say what lacks; silent beyond it, the bureau has accepted (第三十二条第四项)."""
    if course.state is not State.RECEIVED or course.received_on is None or course.terms.elsewhere:
        return None
    return _due(course.received_on, NOTICE, calendar)


def statutory(course: Course, calendar: Calendar) -> Due | None:
    """The last day by law. None before acceptance, and if no law sets a limit."""
    return _decision(course, course.terms.statutory, calendar)


def promised(course: Course, calendar: Calendar) -> Due | None:
    """The last day as promised, or by law where nothing else is promised."""
    return _decision(course, _promise(course), calendar)


def first_promised(course: Course, calendar: Calendar) -> Due | None:
    """What was promised at acceptance, before the clock was ever stopped or the limit extended."""
    limit = _promise(course)
    if course.accepted_on is None or limit is None:
        return None
    return _due(course.accepted_on, limit, calendar)


def delivery(course: Course, calendar: Calendar) -> Due | None:
    """The last day to deliver what was decided (第四十四条). None before, and once it is delivered."""
    if course.state is not State.DECIDED or course.decided_on is None or course.delivered_on:
        return None
    if course.terms.elsewhere:
        return None
    return _due(course.decided_on, DELIVERY, calendar)


def stop_on(course: Course, day: date, calendar: Calendar) -> Stop | None:
    """The stop in which the clock stands on a day, None if it runs.

    Where nobody can tell when it ends by itself, it stands until somebody ends it.
    """
    last = course.stops[-1] if course.stops else None
    if last is None or last.resumed_on:
        return None
    try:
        return last if day <= last.until(calendar) else None
    except CalendarUnknownError:
        return last


def workdays_stopped(course: Course, day: date, calendar: Calendar) -> int | None:
    """How many working days the clock had stood still up to and with a day; None if nobody can tell yet."""
    try:
        ends = [(stop.since, min(_until(stop, day, calendar), day)) for stop in course.stops]
        return sum(calendar.workdays_between(since, until) for since, until in ends if until > since)
    except CalendarUnknownError:
        return None


def _until(stop: Stop, otherwise: date, calendar: Calendar) -> date:
    try:
        return stop.until(calendar)
    except CalendarUnknownError:
        return otherwise


def _promise(course: Course) -> Limit | None:
    return course.terms.promised or course.terms.statutory


def _decision(course: Course, limit: Limit | None, calendar: Calendar) -> Due | None:
    if course.accepted_on is None or limit is None:
        return None
    due = _due(course.accepted_on, limit, calendar, course.stops)
    if due.day is None or not course.extension:
        return due
    later = tuple(stop for stop in course.stops if stop.since >= due.day)
    return _due(due.day, Limit(course.extension), calendar, later)


def _due(start: date, limit: Limit, calendar: Calendar, stops: tuple[Stop, ...] = ()) -> Due:
    """Let a limit go by, and what was lost in stops that began before it was over."""
    try:
        day = calendar.elapse(start, limit)
        for stop in stops:
            if stop.since < day:
                day = _lengthen(day, limit, stop, calendar)
    except CalendarUnknownError as unknown:
        return Due(None, str(unknown))
    return Due(day)


def _lengthen(day: date, limit: Limit, stop: Stop, calendar: Calendar) -> date:
    until = stop.until(calendar)
    if limit.unit == "day":
        return day + (until - stop.since)
    return calendar.add_workdays(day, calendar.workdays_between(stop.since, until))
