"""Working days: the calendar's arithmetic against a loop over days, and years that are not published."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar

from benchmarks.figures import Figure
from miniapp_api.calendar.days import Calendar, CalendarUnknownError
from miniapp_api.calendar.packaged import packaged_notices
from tests.calendar.limits import COUNTED

FIRST, LAST = date(2020, 1, 1), date(2026, 12, 31)
MOST = 60


def figures() -> list[Figure]:
    """Measure."""
    known = Calendar.of(packaged_notices().values())
    wrong = compared = refused = guessed = 0
    for number in range((LAST - FIRST).days + 1):
        start = FIRST + timedelta(days=number)
        ends = _counted(start)
        for workdays in range(1, MOST + 1):
            found = _until(known, start, workdays)
            if workdays <= len(ends):
                compared, wrong = compared + 1, wrong + (found != ends[workdays - 1])
            else:
                refused, guessed = refused + (found is None), guessed + (found is not None)
    vectors = sum(_until(known, start, workdays) != end for start, workdays, end in COUNTED)
    told = f"every start day {FIRST} to {LAST} × 1…{MOST}, {compared} sums against a loop over chinesecalendar's days"
    return [
        Figure("cases.workdays_wrong", wrong, "", "= 0", told),
        Figure("cases.workdays_guessed", guessed, "", "= 0", f"ends in 2027, not published: {refused} refused"),
        Figure("cases.vectors_wrong", vectors, "", "= 0", f"of {len(COUNTED)} counted limits"),
    ]


def _counted(start: date) -> list[date]:
    """The working days after a day, at most `MOST`, as far as days are published."""
    ends, day = [], start
    while len(ends) < MOST and day < LAST:
        day += timedelta(days=1)
        if chinese_calendar.is_workday(day):
            ends.append(day)
    return ends


def _until(known: Calendar, start: date, workdays: int) -> date | None:
    try:
        return known.add_workdays(start, workdays)
    except CalendarUnknownError:
        return None
