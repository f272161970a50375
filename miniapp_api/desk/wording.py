"""Words of the staff's pages, for templates."""

from __future__ import annotations

from datetime import date, datetime

from miniapp_api.appointments import service as appointments
from miniapp_api.calendar.service import CHINA

KINDS = {"special": "特别照顾", "booked": "预约", "walk_in": "现场"}


def clock(at: datetime | int) -> str:
    """A moment, or minutes after midnight, as `09:05`."""
    if isinstance(at, int):
        return appointments.clock(at)
    return f"{at.astimezone(CHINA):%H:%M}"


def day_text(day: date) -> str:
    """11月28日 周六."""
    return f"{day.month}月{day.day}日 周{appointments.WEEKDAYS[day.weekday()]}"


def day_of(at: datetime) -> str:
    """The day of a moment, as `day_text`."""
    return day_text(at.astimezone(CHINA).date())
