"""What the events of a case add up to: where it stands, and what the clock and the rules need to know of it.

Pure: no database, no web server.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from miniapp_api.calendar.service import CHINA, Calendar
from miniapp_api.cases.events import By, Cause
from miniapp_api.cases.terms import Terms


class State(StrEnum):
    """Where a case stands."""

    RECEIVED = "received"
    CORRECTING = "correcting"
    ACCEPTED = "accepted"
    UNDER_REVIEW = "under_review"
    DECIDED = "decided"
    CONCLUDED = "concluded"
    NOT_ACCEPTED = "not_accepted"
    WITHDRAWN = "withdrawn"
    TERMINATED = "terminated"
    REVOKED = "revoked"


OPEN = frozenset({State.RECEIVED, State.CORRECTING, State.ACCEPTED, State.UNDER_REVIEW})
"""Nothing is decided yet."""

RUNNING = frozenset({State.ACCEPTED, State.UNDER_REVIEW})
"""The limit runs."""

OVER = frozenset({State.CONCLUDED, State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED, State.REVOKED})


@dataclass(frozen=True, slots=True)
class Stop:
    """A time in which the clock stands still.

    Attributes:
        since: the day it was stopped on, which still counts.
        workdays: how long at most.
        resumed_on: the day it was ended on, which does not count; None while nobody has ended it.
    """

    since: date
    workdays: int
    cause: Cause
    resumed_on: date | None = None

    def until(self, calendar: Calendar) -> date:
        """The last day that does not count.

        Raises:
            CalendarUnknownError: nobody has ended it, and it would end in a year whose days off are not published.
        """
        if self.resumed_on:
            return self.resumed_on
        return calendar.add_workdays(self.since, self.workdays)


@dataclass(frozen=True, slots=True)
class Course:
    """What the events of a case add up to.

    Attributes:
        received_on: when the materials that count came in: the first ones, or the corrected ones.
        demanded: all that correction notices have asked for.
        lacking: what they asked for and did not come yet.
        lacking_until: by when it was to come.
        owed: what may come later under 容缺, and did not come yet.
        stops: when the clock stood still.
        outcome: kind of the event that decided it, or that refused to accept it.
        unanswered: how many objections and wishes to be called are open.
        unchecked: it was granted on a commitment that nobody has checked yet.
        broken: it was checked, and was not as committed.
    """

    terms: Terms
    state: State | None = None
    last_at: datetime | None = None
    receiver: By | None = None
    received_on: date | None = None
    expires: date | None = None
    demanded: frozenset[str] = frozenset()
    lacking: frozenset[str] = frozenset()
    lacking_until: date | None = None
    corrected: bool = False
    accepted_on: date | None = None
    deemed: bool = False
    owed: frozenset[str] = frozenset()
    owed_until: date | None = None
    commitment: bool = False
    inspected: bool | None = None
    stops: tuple[Stop, ...] = ()
    extension: int = 0
    outcome: str | None = None
    decided_on: date | None = None
    delivered_on: date | None = None
    unchecked: bool = False
    broken: bool = False
    unanswered: int = 0

    @property
    def last_on(self) -> date | None:
        """The date in China of the last event."""
        return self.last_at.astimezone(CHINA).date() if self.last_at else None
