"""Which days have which sessions, 2024 to 2026, against the library's calendar; limits in working days."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import chinese_calendar

from benchmarks.appointments import catalogue
from benchmarks.figures import Figure
from miniapp_api.appointments.planning import Counters, plan
from miniapp_api.appointments.schedules import Rule, Schedules, load
from miniapp_api.calendar.days import Calendar, CalendarUnknownError
from miniapp_api.calendar.notices import DayKind
from miniapp_api.calendar.packaged import packaged_notices
from tests.calendar.limits import COUNTED

FIRST, LAST = date(2024, 1, 1), date(2026, 12, 31)


def figures() -> list[Figure]:
    """Measure."""
    known, schedules, counts = Calendar.of(packaged_notices().values()), load(catalogue.CATALOGUE), Counter[str]()
    wrong = sum(_wrong(known, schedules, day, counts) for day in _days())
    limits = sum(_until(known, start, workdays) != end for start, workdays, end in COUNTED)
    told = f"every day from {FIRST} to {LAST} × every schedule, against chinesecalendar; days with: {dict(counts)}"
    return [
        Figure("appointments.session_days_wrong", wrong, "", "= 0", told),
        Figure("appointments.limits_wrong", limits, "", "= 0", f"of {len(COUNTED)} limits in working days"),
    ]


def _days() -> Iterator[date]:
    return (FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1))


def _wrong(known: Calendar, schedules: Schedules, day: date, counts: Counter[str]) -> int:
    """Schedules that have other sessions on a day than their rules say."""
    wrong = 0
    for name, rules in schedules.schedules.items():
        pool = Counters(name, 15, 3, name)
        planned = {slot.session for slot in plan(pool, known.day(day), known, schedules)}
        counts.update(planned)
        wrong += planned != {rule.session for rule in rules if _takes_place(rule, day)}
    return wrong


def _takes_place(rule: Rule, day: date) -> bool:
    """As the library's functions alone say."""
    return _kind(day) in rule.days and day.isoweekday() in rule.weekdays


def _kind(day: date) -> DayKind:
    weekend = day.weekday() >= 5
    if chinese_calendar.is_workday(day):
        return DayKind.MAKEUP if weekend else DayKind.WORKDAY
    if chinese_calendar.get_holiday_detail(day)[1] is None:
        return DayKind.WEEKEND
    return DayKind.IN_LIEU if chinese_calendar.is_in_lieu(day) else DayKind.HOLIDAY


def _until(known: Calendar, start: date, workdays: int) -> date | None:
    try:
        return known.add_workdays(start, workdays)
    except CalendarUnknownError:
        return None
