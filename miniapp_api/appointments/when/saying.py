"""How a wish is read back: words that are read again as the same wish."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.parts import PARTS
from miniapp_api.appointments.when.wish import DAY_MINUTES, Span

WEEKDAYS = "一二三四五六日"
_SOONEST = "越早越好"
_ANY = "哪天都行"
_RUN = 3
"""So many days in a row are said as a stretch."""
_HALVES = ((6, "凌晨"), (8, "早上"), (12, "上午"), (13, "中午"), (19, "下午"), (24, "晚上"))
_HALF_HOUR = 30


def day_of(day: date, frame: Frame) -> str:
    """11月28日（周六）, 10月10日（周六，调休上班）, 2027年1月4日（周一）."""
    year = f"{day.year}年" if day.year != frame.today.year else ""
    found = frame.day(day)
    note = ""
    if found.is_workday and day.weekday() >= 5:
        note = "，调休上班"
    elif not found.is_workday and found.name:
        note = f"，{found.name[:3]}放假"
    return f"{year}{day.month}月{day.day}日（周{WEEKDAYS[day.weekday()]}{note}）"


def days_of(days: Sequence[date], frame: Frame) -> str:
    """Days in their order; three and more in a row as a stretch."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day == runs[-1][-1] + timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = []
    for run in runs:
        if len(run) >= _RUN:
            said.append(f"{day_of(run[0], frame)}到{day_of(run[-1], frame)}")
        else:
            said += [day_of(day, frame) for day in run]
    return "、".join(said[:-1]) + ("或" if len(said) > 1 else "") + said[-1] if said else ""


def clock_of(minute: int) -> str:
    """下午3点半, 上午9点05分, 中午12点."""
    hour, rest = divmod(minute, 60)
    half = next(word for end, word in _HALVES if hour < end)
    shown = hour if hour <= 12 else hour - 12
    return f"{half}{shown}点" + ("" if not rest else "半" if rest == 30 else f"{rest:02}分")


def span_of(span: Span | None, at: int | None) -> str:
    """下午, 下午3点半, 14:00以后, 上午9点到11点半."""
    if span is None:
        return ""
    if at is not None:
        return clock_of(at) + ("左右" if span.first < at else "")
    for part in PARTS:
        if span == part.span:
            return part.word
    if span.last == DAY_MINUTES:
        return f"{_digital(span.first)}以后"
    if span.first == 0:
        return f"{_digital(span.last)}以前"
    return f"{_digital(span.first)}到{_digital(span.last)}"


def _digital(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def wish_of(days: Sequence[date], span: Span | None, at: int | None, frame: Frame, *, soonest: bool) -> str:
    """The whole wish."""
    said = days_of(days, frame) + span_of(span, at)
    if soonest:
        return f"{said}，{_SOONEST}" if said else _SOONEST
    return said or _ANY
