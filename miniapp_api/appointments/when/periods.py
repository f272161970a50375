"""Before, after and from days on: 周五之前, 28号以后, 从明天起."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from miniapp_api.appointments.when import dates as dates_of
from miniapp_api.appointments.when.frame import AHEAD, Frame, between, next_weekday
from miniapp_api.appointments.when.tokens import Ask, Days, Kind, Mark

_FAR = 120
"""Days in which something is looked for after an occasion."""
_ONE = timedelta(days=1)


def fixed(days: Days, first: date) -> Days:
    """The same days with a week put to weekdays that have none, from a day on."""
    if not days.weekdays:
        return days
    dates = sorted(next_weekday(weekday, first) for weekday in days.weekdays)
    if set(days.weekdays) == {5, 6} and first.weekday() == 6:
        dates = [first, first + timedelta(days=6), first + timedelta(days=7)]
    return replace(days, dates=tuple(dates), weekdays=())


def alike(first: Days, second: Days, frame: Frame) -> Days:
    """下周二或周四, 12月3号或5号: the second in the week or month of the first."""
    if not first.dates or first.ask:
        return second
    day = first.dates[-1]
    if second.weekdays and first.kind is Kind.WEEKDAY:
        monday = day - _ONE * day.weekday()
        dates = (monday + _ONE * weekday for weekday in second.weekdays)
        return replace(second, weekdays=(), dates=tuple(it if it >= frame.today else it + 7 * _ONE for it in dates))
    if second.month_day and first.kind is Kind.DATE and second.dates[0] < day:
        return dates_of.day_of_month(frame, second.month_day, day)
    return second


def ends(days: Days, frame: Frame) -> tuple[date, date] | None:
    """The first and the last day meant."""
    if days.bounds:
        return days.bounds
    dates = fixed(days, frame.today).dates
    return (min(dates), max(dates)) if dates else None


def after(days: Days, frame: Frame) -> Days:
    """The days after."""
    found = ends(days, frame)
    if found is None or days.open:
        return days
    return _open(days, found[1] + _ONE)


def since(days: Days, frame: Frame) -> Days:
    """The days from the first one on."""
    found = ends(days, frame)
    return days if found is None or days.open else _open(days, found[0])


def _open(days: Days, first: date) -> Days:
    last = first + timedelta(days=AHEAD - 1)
    bounds = (first, first + timedelta(days=_FAR))
    return Days(Kind.PERIOD, between(first, last), bounds=bounds, open=True, ask=days.ask, unsure=days.unsure)


def before(days: Days, frame: Frame) -> Days:
    """The days from today to the one before; of the end of a month or year, to its last (月底前)."""
    found = ends(days, frame)
    if found is None or days.until:
        return days
    closing = days.kind is Kind.PERIOD and days.bounds is not None and (days.bounds[1] + _ONE).day == 1
    last = found[1] if closing and (found[1] - found[0]).days < 15 else found[0] - _ONE
    return _till(days, max(last, frame.today), frame)


def until(days: Days, frame: Frame) -> Days:
    """The days from today to the last one, it included (最晚周五)."""
    found = ends(days, frame)
    return days if found is None else _till(days, max(found[1], frame.today), frame)


def _till(days: Days, last: date, frame: Frame) -> Days:
    bounds = (frame.today, last)
    return Days(Kind.PERIOD, between(*bounds), bounds=bounds, until=True, ask=days.ask, unsure=days.unsure)


def around(days: Days, frame: Frame) -> Days:
    """28号左右, 国庆前后: a day more on either side, of a period three."""
    found = ends(days, frame)
    if found is None:
        return days
    margin = _ONE * (3 if days.kind is Kind.PERIOD else 1)
    bounds = (found[0] - margin, found[1] + margin)
    return Days(Kind.PERIOD, between(*bounds), bounds=bounds, unsure=days.unsure)


def _asked(days: Days, ask: Ask, mark: Mark, frame: Frame) -> Days:
    """大年初七以后: the day is read back, and what lies after it is meant."""
    if ask.options != (days.dates,):
        return days
    found = moved(replace(days, ask=None), mark, frame)
    return replace(found, ask=Ask(ask.question, (found.dates,)))


def moved(days: Days, mark: Mark, frame: Frame) -> Days:
    """Days with the word that follows them."""
    if days.ask:
        return _asked(days, days.ask, mark, frame)
    match mark:
        case Mark.AFTER:
            return after(days, frame)
        case Mark.BEFORE:
            return before(days, frame)
        case Mark.FROM | Mark.SINCE:
            return since(days, frame)
        case Mark.UNTIL:
            return until(days, frame)
        case Mark.ABOUT:
            return around(days, frame)
        case _:
            return days


def through(first: Days, last: Days, frame: Frame) -> Days:
    """周一到周五, 明天到28号: all days from the first to the last."""
    if first.weekdays and last.weekdays:
        monday, length = first.weekdays[0], (last.weekdays[-1] - first.weekdays[0]) % 7 + 1
        return Days(Kind.WEEKDAY, weekdays=tuple((monday + n) % 7 for n in range(length)))
    begin = fixed(first, frame.today)
    if not begin.dates:
        return last
    start = begin.dates[0]
    end = fixed(last, start)
    if end.month_day and end.dates[-1] < start:
        end = replace(end, dates=(start + _ONE * ((end.dates[-1] - start).days % 30),))
    if not end.dates or end.dates[-1] < start:
        return replace(begin, dates=tuple(dict.fromkeys((*begin.dates, *end.dates))), bounds=None)
    bounds = (start, end.dates[-1])
    kind = first.kind if first.kind is last.kind else Kind.PERIOD
    return Days(kind, between(*bounds), bounds=bounds, ask=first.ask or last.ask, unsure=first.unsure or last.unsure)
