"""What was read: when a citizen wants to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

DAY_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the day in minutes of the day, Asia/Shanghai.

    Attributes:
        first: the first minute.
        last: the minute after the last one, at most 1440.
    """

    first: int
    last: int

    def __and__(self, other: Span) -> Span | None:
        """What both have in common."""
        first, last = max(self.first, other.first), min(self.last, other.last)
        return Span(first, last) if first < last else None

    def __contains__(self, minute: int) -> bool:
        return self.first <= minute < self.last


@dataclass(frozen=True, slots=True)
class Wish:
    """When a citizen wants to come.

    Attributes:
        days: acceptable days in order of preference; empty: any day.
        span: acceptable time of day; None: any.
        at: a definite minute of the day, inside `span`.
        soonest: as early as can be.
        said: how it is read back; reading it again gives the same wish.
        doubt: what must be asked back before anything is done; the rest is then only the best guess.
    """

    days: tuple[date, ...]
    span: Span | None
    at: int | None
    soonest: bool
    said: str
    doubt: Doubt | None


@dataclass(frozen=True, slots=True)
class Doubt:
    """One question to ask back.

    Attributes:
        question: a Chinese sentence.
        options: labels and what each would mean; may be empty, then any answer is read afresh.
    """

    question: str
    options: tuple[tuple[str, Wish], ...]


class Day(Protocol):
    """What the reader needs to know of a day."""

    @property
    def name(self) -> str | None:
        """The festival that makes it a day off or a make-up day."""

    @property
    def confirmed(self) -> bool:
        """Whether the arrangement of its year is published."""

    @property
    def is_workday(self) -> bool:
        """Whether offices work, make-up days included."""


class Calendar(Protocol):
    """The working calendar, as `miniapp_api.calendar` has it."""

    def day(self, day: date, /) -> Day:
        """Tell what a day is."""
