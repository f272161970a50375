"""Now, and the calendar: what a reading depends on beside the text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from miniapp_api.appointments.when.festivals import is_off_by_custom
from miniapp_api.appointments.when.wish import Calendar, Day

CHINA = ZoneInfo("Asia/Shanghai")
OFFICE_OPENS, OFFICE_CLOSES = 8 * 60, 18 * 60
"""Between these, some hall may be open; its own sessions decide."""
LONGEST = 31
"""Days in one wish at most."""
AHEAD = 14
"""Days of something without an end (28号以后, 除了周三)."""
YEARS_AHEAD = 3
"""Years after this one that are read at all."""


@dataclass(frozen=True)
class Frame:
    """The moment of reading, in China, and the calendar."""

    now: datetime
    calendar: Calendar

    @cached_property
    def today(self) -> date:
        """The date in China."""
        return self.local.date()

    @cached_property
    def minute(self) -> int:
        """The minute of the day in China."""
        return self.local.hour * 60 + self.local.minute

    @cached_property
    def local(self) -> datetime:
        """The moment as China's clocks show it; without a zone it is taken for China's."""
        return self.now.astimezone(CHINA) if self.now.tzinfo else self.now

    def day(self, day: date) -> Day:
        """What a day is."""
        return self.calendar.day(day)

    def is_workday(self, day: date) -> bool:
        """Whether offices work; in a year that is not published, by weekday and custom."""
        found = self.day(day)
        return found.is_workday and (found.confirmed or not is_off_by_custom(day))

    def offset(self, days: int) -> date:
        """The day some days from today."""
        return self.today + timedelta(days=days)

    def monday(self, weeks: int) -> date:
        """Monday of the week some weeks from this one; a week begins on Monday."""
        return self.offset(7 * weeks - self.today.weekday())

    def readable(self, year: int) -> bool:
        """Whether a year is near enough to be meant."""
        return self.today.year <= year <= self.today.year + YEARS_AHEAD


def each(first: date, last: date, keep: Callable[[date], bool] = lambda _: True) -> Iterator[date]:
    """The days from one to another, both included, that are to be kept."""
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if keep(day):
            yield day


def between(first: date, last: date) -> tuple[date, ...]:
    """The days from one to another, both included, `LONGEST` at most."""
    return tuple(each(first, min(last, first + timedelta(days=LONGEST - 1))))


def next_weekday(weekday: int, first: date) -> date:
    """The first such weekday from a day on."""
    return first + timedelta(days=(weekday - first.weekday()) % 7)
