"""Days said twice over (下周三，12月2号; 国庆后的周六): what both have in common, or the contradiction."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from miniapp_api.appointments.when import periods
from miniapp_api.appointments.when.frame import Frame, each, next_weekday
from miniapp_api.appointments.when.saying import WEEKDAYS, day_of
from miniapp_api.appointments.when.tokens import Ask, Days, Kind


def may_meet(first: Days, second: Days) -> bool:
    """Whether two namings may be of the same days; two of one kind are alternatives."""
    return first.kind is not second.kind and Kind.PAST not in (first.kind, second.kind)


def meet(first: Days, second: Days) -> Days | None:
    """The days that both name, or None."""
    if second.weekdays:
        first, second = second, first
    if first.weekdays:
        return _on(second, first.weekdays)
    common = tuple(day for day in _all(first) if _holds(second, day))
    if not common:
        return None
    kind = second.kind if first.kind is Kind.PERIOD else first.kind
    return Days(kind, common, unsure=first.unsure or second.unsure)


def _on(days: Days, weekdays: tuple[int, ...]) -> Days | None:
    """Days kept to some weekdays; where they have no end (国庆后), the first of each."""
    dates = tuple(each(*days.bounds, lambda day: day.weekday() in weekdays)) if days.bounds else days.dates
    dates = tuple(day for day in dates if day.weekday() in weekdays)
    if days.open:
        dates = tuple(sorted(next_weekday(weekday, days.dates[0]) for weekday in weekdays))
    if not dates:
        return None
    return replace(days, dates=dates, bounds=None, open=False, until=False)


def _all(days: Days) -> tuple[date, ...]:
    """The days that may be meant."""
    options = days.ask.options if days.ask else ()
    dates = tuple(each(*days.bounds)) if days.bounds and not days.open else days.dates
    return tuple(dict.fromkeys((*dates, *(day for option in options for day in option))))


def _holds(days: Days, day: date) -> bool:
    return day in _all(days) or (days.bounds is not None and days.bounds[0] <= day <= days.bounds[1])


def contradiction(first: Days, second: Days, frame: Frame) -> Days:
    """周六，12月3号 where that is a Thursday: which of the two?"""
    dated, other = (second, first) if first.kind is Kind.WEEKDAY else (first, second)
    day = (dated.dates or periods.fixed(dated, frame.today).dates or (frame.today,))[0]
    if other.weekdays:
        nearest = next_weekday(other.weekdays[0], day - timedelta(days=3))
        other_day = nearest if nearest >= frame.today else nearest + timedelta(days=7)
    else:
        other_day = (other.dates or (day,))[0]
    choice = f"您说的是{day_of(day, frame)}，还是{day_of(other_day, frame)}？"
    if other.kind is Kind.WEEKDAY:
        choice = (
            f"{day.month}月{day.day}日是周{WEEKDAYS[day.weekday()]}，不是周{WEEKDAYS[other_day.weekday()]}。{choice}"
        )
    return Days(Kind.DATE, (day,), ask=Ask(choice, ((day,), (other_day,))))
