"""Where public festivals fall, and which days around them are off by custom until a year is published."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

from tyme4py.lunar import LunarDay
from tyme4py.solar import SolarTerm

NAMES = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
_SOLAR = {"元旦": (1, 1), "劳动节": (5, 1), "国庆节": (10, 1)}
_LUNAR = {"春节": (1, 1), "端午节": (5, 5), "中秋节": (8, 15)}
_CUSTOM = {"春节": (1, 6), "劳动节": (0, 4), "国庆节": (0, 6)}
"""Days off before and after the day itself, as the notices up to 2026 had them; of the others only the day."""


@lru_cache(maxsize=512)
def festival(name: str, year: int) -> date:
    """The day of a public festival itself."""
    if name in _SOLAR:
        return date(year, *_SOLAR[name])
    if name in _LUNAR:
        day = LunarDay.from_ymd(year, *_LUNAR[name]).get_solar_day()
    else:
        day = SolarTerm.from_name(year, "清明").get_solar_day()
    return date(day.get_year(), day.get_month(), day.get_day())


def customary(name: str, year: int) -> tuple[date, date]:
    """The first and the last day off by custom, without the weekends beside them."""
    before, after = _CUSTOM.get(name, (0, 0))
    day = festival(name, year)
    return day - timedelta(days=before), day + timedelta(days=after)


def is_off_by_custom(day: date) -> bool:
    """Whether a day is off in any year, whatever its notice will say."""
    return any(first <= day <= last for first, last in (customary(name, day.year) for name in NAMES))
