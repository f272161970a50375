"""The notices that come with the library chinesecalendar: 2004 to the last one when it was released."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from itertools import groupby
from types import MappingProxyType

from chinese_calendar.constants import Holiday, holidays, in_lieu_days, workdays

from miniapp_api.calendar.notices import DayKind, Notice, SpecialDay

_LIBRARY = "chinesecalendar"

_FULL = {"清明": "清明节", "端午": "端午节", "中秋": "中秋节"}
_NAMES = {holiday.value: _FULL.get(holiday.chinese, holiday.chinese) for holiday in Holiday}


@cache
def packaged_notices() -> Mapping[int, Notice]:
    """The notices by year, without a gap.

    They are taken from the library's tables: its `is_holiday` is true on every plain Saturday.
    """
    days = [SpecialDay(day, DayKind.MAKEUP, _NAMES[name]) for day, name in workdays.items()]
    for day, name in holidays.items():
        days.append(SpecialDay(day, DayKind.IN_LIEU if day in in_lieu_days else DayKind.HOLIDAY, _NAMES[name]))
    days.sort(key=lambda day: day.date)
    by_year = groupby(sorted(days, key=lambda day: day.year), key=lambda day: day.year)
    source = f"{_LIBRARY} {version(_LIBRARY)}"
    return MappingProxyType({year: Notice(year, source, tuple(found)) for year, found in by_year})


def is_packaged(notice: Notice) -> bool:
    """Whether a notice came with the library, of whatever version."""
    return notice.source.split()[0] == _LIBRARY
