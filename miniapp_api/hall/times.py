"""Days and times of day in China."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from miniapp_api.calendar.service import CHINA


def day_of(moment: datetime) -> date:
    """The day in China."""
    return moment.astimezone(CHINA).date()


def moment(day: date, minute: int) -> datetime:
    """The moment of a minute of a day in China."""
    return datetime.combine(day, time(), CHINA) + timedelta(minutes=minute)


def clock(at: datetime) -> str:
    """The time of day in China, as `09:05`."""
    return f"{at.astimezone(CHINA):%H:%M}"
