"""The calendar as a value: what each day is, and arithmetic on working days by their running numbers."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Self

from guidance.theme import Limit
from miniapp_api.calendar.festivals import near_festivals
from miniapp_api.calendar.notices import WORKED, DayKind, Notice, SpecialDay

HOURS_A_DAY = 8

YEARS_AHEAD = 10
"""Years after the last notice that have days at all, provisional ones."""


class CalendarUnknownError(LookupError):
    """The days off of the year are not published yet, or the calendar does not go that far."""


@dataclass(frozen=True, slots=True)
class Day:
    """One day.

    Attributes:
        name: of the festival that makes it a holiday, a day in lieu or a make-up day; else None.
        confirmed: it is published; otherwise `kind` is the plain weekday pattern.
        near_holiday: it is not confirmed and so near a festival that the notice may well move it.
        workday_no: running number of working days, the day itself included: the difference of two
            is the number of working days between them. Comparable only within one `Calendar`.
    """

    date: date
    kind: DayKind
    name: str | None
    confirmed: bool
    near_holiday: bool
    workday_no: int

    @property
    def is_workday(self) -> bool:
        """Whether offices work."""
        return self.kind in WORKED


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Calendar:
    """All days from the first notice to `YEARS_AHEAD` years after the last; made by `Calendar.of`.

    Attributes:
        first: the first day.
        confirmed_until: the last day of the last year that is published without a gap.
        last: the last day; beyond there is nothing, not even a guess.
    """

    first: date
    confirmed_until: date
    last: date
    _special: dict[date, SpecialDay]
    _near: frozenset[date]
    _workdays: list[int]
    """Ordinals of the working days: the n-th of them is the day whose `workday_no` is n."""

    @classmethod
    def of(cls, notices: Iterable[Notice]) -> Self:
        """Make the calendar of some notices, at least one; in the same year the last one counts."""
        by_year = {notice.year: notice for notice in notices}
        published = min(by_year)
        first = date(published, 1, 1)
        while published + 1 in by_year:
            published += 1
        unpublished = range(published + 1, max(by_year) + YEARS_AHEAD + 1)
        last = date(unpublished[-1], 12, 31)
        special = {day.date: day for year in sorted(by_year) for day in by_year[year].days}
        workdays = [
            ordinal
            for ordinal in range(first.toordinal(), last.toordinal() + 1)
            if _kind(special, date.fromordinal(ordinal)) in WORKED
        ]
        near = near_festivals(by_year.values(), unpublished)
        return cls(first, date(published, 12, 31), last, special, near, workdays)

    def day(self, day: date) -> Day:
        """Tell what a day is.

        Raises:
            CalendarUnknownError: it is before the first notice or years after the last.
        """
        self._must_hold(day)
        special = self._special.get(day)
        confirmed = day <= self.confirmed_until
        return Day(
            date=day,
            kind=_kind(self._special, day),
            name=special.name if special else None,
            confirmed=confirmed,
            near_holiday=not confirmed and day in self._near,
            workday_no=self._workday_no(day),
        )

    def days(self, first: date, last: date) -> list[Day]:
        """Tell what the days from one to another are, both included.

        Raises:
            CalendarUnknownError: as `day`.
        """
        return [self.day(first + timedelta(days=offset)) for offset in range((last - first).days + 1)]

    def is_workday(self, day: date) -> bool:
        """Whether offices work on a day, make-up days included.

        Raises:
            CalendarUnknownError: the day is not confirmed.
        """
        self._must_be_confirmed(day)
        return _kind(self._special, day) in WORKED

    def add_workdays(self, start: date, n: int, *, guess: bool = False) -> date:
        """The n-th working day after a day, or before it where n is negative; the day itself does not count.

        Args:
            start: The day; it need not be a working day.
            n: 0 gives the day itself.
            guess: Take days that are not confirmed by their weekday. Never for legal limits.

        Raises:
            CalendarUnknownError: it would count days that are not confirmed, or not there at all.
        """
        if n == 0:
            return start
        self._must_hold(start)
        before = self._workday_no(start if n > 0 else start - timedelta(days=1))
        number = before + n if n > 0 else before + n + 1
        if not 1 <= number <= len(self._workdays):
            raise CalendarUnknownError("工作日历没有这么远的日期")
        found = date.fromordinal(self._workdays[number - 1])
        if not guess:
            self._must_be_confirmed(found if n > 0 else start - timedelta(days=1))
        return found

    def workdays_between(self, after: date, until: date) -> int:
        """How many working days there are after one day, up to and with another.

        Raises:
            CalendarUnknownError: the days are not confirmed.
        """
        self._must_be_confirmed(max(after, until))
        self._must_hold(min(after, until))
        return self._workday_no(until) - self._workday_no(after)

    def elapse(self, start: date, limit: Limit) -> date:
        """The last day of a limit that begins on a day, which itself does not count (行政许可法第八十二条).

        Hours count as parts of a working day.

        Raises:
            CalendarUnknownError: the limit counts working days that are not confirmed.
        """
        if limit.unit == "day":
            return start + timedelta(days=math.ceil(limit.days))
        workdays = limit.days / HOURS_A_DAY if limit.unit == "hour" else limit.days
        return self.add_workdays(start, math.ceil(workdays))

    def _workday_no(self, day: date) -> int:
        return bisect_right(self._workdays, day.toordinal())

    def _must_hold(self, day: date) -> None:
        if not self.first <= day <= self.last:
            raise CalendarUnknownError(f"工作日历里没有 {day.year} 年")

    def _must_be_confirmed(self, day: date) -> None:
        self._must_hold(day)
        if day > self.confirmed_until:
            raise CalendarUnknownError(f"{day.year} 年的放假安排还没有公布")


def _kind(special: dict[date, SpecialDay], day: date) -> DayKind:
    """What a day is: what a notice says, else what its weekday says."""
    if named := special.get(day):
        return named.kind
    return DayKind.WORKDAY if day.weekday() < 5 else DayKind.WEEKEND
