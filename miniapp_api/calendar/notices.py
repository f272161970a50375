"""A yearly notice of the State Council as a value: the days on which a year leaves the weekday pattern."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from hashlib import sha256

NEW_YEAR = "元旦"


class DayKind(StrEnum):
    """What a day is.

    Attributes:
        MAKEUP: 补班, a Saturday or Sunday that is worked.
        HOLIDAY: a day off of a festival, also where it falls on a weekend.
        IN_LIEU: 调休放假, a weekday off that a make-up day pays for.
    """

    WORKDAY = "workday"
    MAKEUP = "makeup"
    WEEKEND = "weekend"
    HOLIDAY = "holiday"
    IN_LIEU = "in_lieu"


WORKED = frozenset({DayKind.WORKDAY, DayKind.MAKEUP})


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that a notice names.

    Attributes:
        kind: `HOLIDAY`, `IN_LIEU` or `MAKEUP`.
        name: of the festival, in Chinese; several are joined by 、.
    """

    date: date
    kind: DayKind
    name: str

    @property
    def year(self) -> int:
        """The year whose notice names the day: new year's days off may begin in December."""
        return self.date.year + (self.date.month == 12 and self.name == NEW_YEAR)


@dataclass(frozen=True, slots=True)
class Notice:
    """All special days of one year, in order.

    Attributes:
        source: where it was read, for the operator.
    """

    year: int
    source: str
    days: tuple[SpecialDay, ...]

    @property
    def digest(self) -> str:
        """SHA-256 of the days: the same for the same days, wherever they were read."""
        lines = [f"{day.date} {day.kind} {day.name}" for day in self.days]
        return sha256("\n".join([str(self.year), *lines]).encode()).hexdigest()
