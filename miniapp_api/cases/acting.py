"""Who does something to a case, when, and by which rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, cast

from flask import current_app
from sqlalchemy.orm import Session

from miniapp_api.calendar.service import CHINA, Calendar, calendar
from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.cases.casework import Casework
from miniapp_api.cases.events import SYSTEM, By

if TYPE_CHECKING:
    from miniapp_api.cases.course import Course
    from miniapp_api.cases.events import Event
    from miniapp_api.cases.models import Case, CaseEvent

Listener = Callable[["Act", "Case", "Step"], None]
"""Told of every event, in the transaction that adds it."""


@dataclass(frozen=True, slots=True)
class Step:
    """An event that was added to a case, and the courses before and after it."""

    row: CaseEvent
    event: Event
    before: Course
    after: Course


@dataclass(frozen=True)
class Act:
    """What every use case needs.

    Attributes:
        session: in a transaction, which the caller commits, or rolls back if the use case raises.
        by: in whose name.
        now: the moment.
    """

    session: Session
    by: By
    now: datetime
    casework: Casework

    @cached_property
    def calendar(self) -> Calendar:
        """The working days, as they are published now."""
        return calendar(self.session)

    @property
    def today(self) -> date:
        """The date in China."""
        return self.now.astimezone(CHINA).date()


def acting(session: Session, by: By = SYSTEM, now: datetime | None = None) -> Act:
    """In whose name, by this installation's rules, at this moment."""
    return Act(session, by, now or now_in_china(), casework())


def casework() -> Casework:
    """Give the rules of the current application."""
    return cast(Casework, current_app.extensions["casework"])


def listeners() -> list[Listener]:
    """Who wants to know of every event of the current application."""
    return cast(list[Listener], current_app.extensions["case_listeners"])
