"""Days, times and remainders in the words of a citizen."""

from __future__ import annotations

from datetime import date

from miniapp_api.calendar.service import Day, DayKind

WEEKDAYS = "一二三四五六日"
SESSIONS = {"normal": "平时", "lunch": "午间", "weekend": "双休日", "special": "专场"}

PLENTY, FEW, LAST, FULL = "plenty", "few", "last", "full"
LEVELS = {PLENTY: "充足", FEW: "较少", LAST: "最后几个", FULL: "已满"}
"""How much is left; citizens are not told the number, which helps nobody but scalpers."""


def day_text(day: date) -> str:
    """11月28日（周六）."""
    return f"{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}）"


def clock(minute: int) -> str:
    """09:30."""
    return f"{minute // 60:02d}:{minute % 60:02d}"


def when_text(day: date, minute: int) -> str:
    """11月28日（周六）09:30."""
    return f"{day_text(day)}{clock(minute)}"


def level(left: int, whole: int) -> str:
    """How much is left of a whole, in one of `LEVELS`."""
    if left <= 0:
        return FULL
    if left >= whole:
        return PLENTY
    if left <= 2:
        return LAST
    return FEW if left * 10 < whole * 3 else PLENTY


def rest_reason(day: Day) -> str:
    """Why there is nothing on a day that no rule is for."""
    if day.kind in (DayKind.HOLIDAY, DayKind.IN_LIEU):
        return f"{day.name or '放假'}休息"
    return "周末不办公" if day.kind is DayKind.WEEKEND else "当天没有安排"
