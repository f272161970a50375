"""Who does something, when, and by which rules."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from miniapp_api.appointments.schedules import Schedules
from miniapp_api.calendar.service import CHINA


@dataclass(frozen=True, slots=True)
class Actor:
    """A citizen, the system, or a member of staff by their public id."""

    kind: str
    id: str | None = None

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" if self.id else self.kind


VISITOR = Actor("visitor")
SYSTEM = Actor("system")


def staff(public_id: str) -> Actor:
    """A member of staff."""
    return Actor("staff", public_id)


@dataclass(frozen=True, slots=True)
class Act:
    """What every use case needs.

    Attributes:
        session: in a transaction, which the caller commits, or rolls back if the use case raises.
        schedules: the city's rules.
        actor: in whose name.
        now: the moment.
    """

    session: Session
    schedules: Schedules
    actor: Actor
    now: datetime

    @property
    def today(self) -> date:
        """The date in China."""
        return self.now.astimezone(CHINA).date()

    def by_system(self) -> Act:
        """The same, in nobody's name."""
        return replace(self, actor=SYSTEM)
