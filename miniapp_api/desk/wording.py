"""Words of the staff's pages, for templates."""

from __future__ import annotations

from datetime import date, datetime

from miniapp_api.calendar.service import CHINA

_WEEKDAYS = "一二三四五六日"

KINDS = {"special": "特别照顾", "booked": "预约", "walk_in": "现场"}
SESSIONS = {"normal": "平时", "lunch": "午间", "weekend": "双休日", "special": "专场"}


def clock(at: datetime | int) -> str:
    """A moment, or minutes after midnight, as `09:05`."""
    if isinstance(at, int):
        return f"{at // 60:02d}:{at % 60:02d}"
    return f"{at.astimezone(CHINA):%H:%M}"


def day_text(day: date) -> str:
    """11月28日 周六."""
    return f"{day.month}月{day.day}日 周{_WEEKDAYS[day.weekday()]}"


def day_of(at: datetime) -> str:
    """The day of a moment, as `day_text`."""
    return day_text(at.astimezone(CHINA).date())
