"""The pieces into which a text is cut."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from miniapp_api.appointments.when.wish import Span


class Kind(Enum):
    """How days were named. Two of one kind side by side are alternatives, of two kinds the same days."""

    NEAR = auto()
    WEEKDAY = auto()
    DATE = auto()
    PERIOD = auto()
    PAST = auto()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question about days, with the days that each answer means."""

    question: str
    options: tuple[tuple[date, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """Days that were named.

    Attributes:
        kind: how.
        dates: which, in order; may lie in the past.
        weekdays: for weekdays without a week: which, 0 is Monday; `dates` is then empty.
        month_day: a day of the month named without its month.
        bounds: first and last day of a period, also where `dates` holds only its beginning.
        open: it has no end of its own (国庆后): one day named in it means the first.
        until: it ends at something (国庆前): days counted in it are counted from its end.
        ask: what is not sure.
        unsure: a year whose holidays are not published, but were counted with.
    """

    kind: Kind
    dates: tuple[date, ...] = ()
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    bounds: tuple[date, date] | None = None
    open: bool = False
    until: bool = False
    ask: Ask | None = None
    unsure: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day.

    Attributes:
        word: its plain name.
        span: when it is, as an office sees it.
        window: the minutes that may be called so (下午七点).
    """

    word: str
    span: Span
    window: Span


@dataclass(frozen=True, slots=True)
class Clock:
    """A time by the clock, perhaps not yet known to be in the morning or in the afternoon.

    Attributes:
        hour: 0 to 24 as said.
        minute: minutes after it; negative for 差五分三点.
        exact: written in 24 hours (09:30, 15点).
        hour_to: the second hour of 三四点.
        vague: some time in that hour (三点多).
        about: roughly then (三点左右).
    """

    hour: int
    minute: int = 0
    exact: bool = False
    hour_to: int | None = None
    vague: bool = False
    about: bool = False


class Unit(Enum):
    """What is counted in a period (第一个周六, 最后一天)."""

    WEEKDAY = auto()
    WEEKEND = auto()
    WORKDAY = auto()
    REST = auto()
    DAY = auto()
    WEEK = auto()


@dataclass(frozen=True, slots=True)
class Pick:
    """One of the days of a period, or several.

    Attributes:
        unit: what is counted.
        ordinal: 1 the first, 2 the second, -1 the last; 0: `count` of them.
        weekday: for `Unit.WEEKDAY`.
        count: how many, from the end that touches the occasion (国庆前三天); negative: from the last.
        said: the words.
    """

    unit: Unit
    ordinal: int
    weekday: int = 0
    count: int = 1
    said: str = ""


class Mark(Enum):
    """Words that say what to do with days and times."""

    AFTER = auto()
    BEFORE = auto()
    FROM = auto()
    WITHIN = auto()
    ABOUT = auto()
    SINCE = auto()
    UNTIL = auto()
    TO = auto()
    OR = auto()
    EARLY = auto()
    LATE = auto()
    NOT_EARLY = auto()
    NOT_LATE = auto()
    SOONEST = auto()
    ANY = auto()
    EXCEPT = auto()
    NOT = auto()
    NOT_SO = auto()
    FINE = auto()
    IF = auto()
    COMMA = auto()
    STOP = auto()
    REPAIR = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Fixed:
    """A time that needs no reading (下班前, 半小时后)."""

    span: Span
    at: int | None = None


Value = Days | Part | Clock | Fixed | Pick | Mark


@dataclass(frozen=True, slots=True)
class Token:
    """A value and where it stands in the normalised text.

    Attributes:
        near: nothing but light words stands between it and the token before.
        touching: nothing at all stands between.
    """

    value: Value
    start: int
    end: int
    near: bool
    touching: bool
