"""A small working calendar of chinesecalendar's tables, and the moments at which the tests read."""

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from chinese_calendar.constants import holidays, in_lieu_days, workdays

NAMES = {
    "New Year's Day": "元旦",
    "Spring Festival": "春节",
    "Tomb-sweeping Day": "清明节",
    "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节",
    "Mid-autumn Festival": "中秋节",
    "National Day": "国庆节",
}
CHINA = ZoneInfo("Asia/Shanghai")
PUBLISHED = max(holidays).year


@dataclass(frozen=True)
class Day:
    kind: str
    name: str | None
    confirmed: bool

    @property
    def is_workday(self) -> bool:
        return self.kind in ("workday", "makeup")


class Calendar:
    def day(self, day: date) -> Day:
        confirmed = day.year <= PUBLISHED
        if day in workdays:
            return Day("makeup", NAMES.get(workdays[day]), confirmed)
        if day in holidays:
            return Day("in_lieu" if day in in_lieu_days else "holiday", NAMES.get(holidays[day]), confirmed)
        return Day("workday" if day.weekday() < 5 else "weekend", None, confirmed)


CALENDAR = Calendar()
MOMENTS = {
    "an ordinary Wednesday": datetime(2026, 11, 25, 10, 0, tzinfo=CHINA),
    "a Sunday evening": datetime(2026, 11, 29, 20, 0, tzinfo=CHINA),
    "the eve of National Day": datetime(2026, 9, 30, 9, 0, tzinfo=CHINA),
    "the last Monday of the year": datetime(2026, 12, 28, 9, 0, tzinfo=CHINA),
    "a make-up Saturday": datetime(2026, 10, 10, 9, 0, tzinfo=CHINA),
}
