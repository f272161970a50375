"""A calendar, terms, and events for cases to be made of."""

from datetime import date, datetime, time

from guidance.theme import Limit
from miniapp_api.calendar.days import Calendar
from miniapp_api.calendar.packaged import packaged_notices
from miniapp_api.calendar.service import CHINA
from miniapp_api.cases import events
from miniapp_api.cases.events import By, Event
from miniapp_api.cases.rules import fold
from miniapp_api.cases.terms import Terms

CALENDAR = Calendar.of(packaged_notices().values())
RECEIVER, REVIEWER, CHIEF = By("staff", "receiver"), By("staff", "reviewer"), By("staff", "chief")
APPLICANT, SYSTEM = events.APPLICANT, events.SYSTEM
LICENCE = Terms(statutory=Limit(20), promised=Limit(5), provisional=("制度目录",), commitment=True)


def on(day, clock="10:00"):
    """A moment of a day of 2026 in China: `11-26`, or a date."""
    day = day if isinstance(day, date) else date.fromisoformat(f"2026-{day}")
    return datetime.combine(day, time.fromisoformat(clock), CHINA)


def event(day, fact, by=RECEIVER, clock="10:00"):
    """An event on a day."""
    return Event(on(day, clock), by, fact)


def course(*happened, terms=LICENCE):
    """The course of some events."""
    return fold(terms, happened, CALENDAR)
