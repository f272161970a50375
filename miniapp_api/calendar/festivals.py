"""Where the festivals of a year fall, and how far around them notices have moved days."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from tyme4py.lunar import LunarDay
from tyme4py.solar import SolarDay, SolarTerm

from miniapp_api.calendar.notices import NEW_YEAR, DayKind, Notice

LOOK_BACK = 10
"""Notices from which is learned how far days move; older ones followed other customs."""

MARGIN = 1
"""Days added to what was seen: customs change by a day, as for Labour Day 2020 and New Year's Eve 2025."""


@cache
def festivals(year: int) -> Mapping[str, date]:
    """The day itself of each of the seven festivals, by name."""
    return MappingProxyType(
        {
            NEW_YEAR: date(year, 1, 1),
            "春节": _lunar(year, 1, 1),
            "清明节": _date(SolarTerm.from_name(year, "清明").get_solar_day()),
            "劳动节": date(year, 5, 1),
            "端午节": _lunar(year, 5, 5),
            "中秋节": _lunar(year, 8, 15),
            "国庆节": date(year, 10, 1),
        }
    )


def near_festivals(notices: Collection[Notice], years: Iterable[int]) -> frozenset[date]:
    """The days of years without a notice that their notices may well move.

    A weekday is near a festival where days off have been, a day of the weekend also where make-up
    days have been. A day named after two festivals at once teaches nothing about either.

    Args:
        notices: What is published; the newest `LOOK_BACK` are learned from.
        years: Those without a notice; of the year after the last one, only new year reaches back.
    """
    newest = sorted(notices, key=lambda notice: notice.year)[-LOOK_BACK:]
    off, moved = _reach(newest, {DayKind.HOLIDAY, DayKind.IN_LIEU}), _reach(newest, set(DayKind))
    near = set()
    for year in years:
        for name, festival in festivals(year).items():
            for offset in range(moved[name].start, moved[name].stop):
                day = festival + timedelta(days=offset)
                if day.weekday() >= 5 or offset in off[name]:
                    near.add(day)
    return frozenset(near)


def _reach(notices: Iterable[Notice], kinds: Collection[DayKind]) -> dict[str, range]:
    """How many days before and after each festival there were days of these kinds, with the margin."""
    seen = {name: {0} for name in festivals(2000)}
    for notice in notices:
        for day in notice.days:
            if day.kind in kinds and day.name in seen:
                seen[day.name].add((day.date - festivals(notice.year)[day.name]).days)
    return {name: range(min(offsets) - MARGIN, max(offsets) + MARGIN + 1) for name, offsets in seen.items()}


def _lunar(year: int, month: int, day: int) -> date:
    return _date(LunarDay.from_ymd(year, month, day).get_solar_day())


def _date(day: SolarDay) -> date:
    return date(day.get_year(), day.get_month(), day.get_day())
