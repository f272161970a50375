"""Use cases of the calendar, and the only module of it that others may import.

Working-day arithmetic: 行政许可法 art. 82 counts working days without public holidays; the day on
which a limit begins does not count. Which days are worked, the State Council says once a year; a
year it has not spoken about is never guessed for a legal limit (Spring Festival moves).
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.calendar.days import Calendar, CalendarUnknownError, Day
from miniapp_api.calendar.models import CalendarDay, CalendarNotice
from miniapp_api.calendar.notices import DayKind, Notice, SpecialDay
from miniapp_api.calendar.packaged import is_packaged, packaged_notices
from miniapp_api.calendar.reading import NoticeError, read_notice
from miniapp_api.database import utc_now

__all__ = [
    "CHINA",
    "Calendar",
    "CalendarUnknownError",
    "Day",
    "DayKind",
    "Notice",
    "NoticeError",
    "calendar",
    "days_left",
    "fault",
    "load",
    "notices",
    "now",
    "read_notice",
    "sync",
    "today",
]

CHINA = ZoneInfo("Asia/Shanghai")

HORIZON_DAYS = 60
"""How far ahead citizens may book."""

WARNING_DAYS = 30
"""How long before a booking could reach an unpublished year somebody is told."""

_KEPT = 8

_Version = tuple[tuple[int, str], ...]
"""Years and digests of the stored notices: what a calendar was built from, in whichever database."""

_built: dict[_Version, Calendar] = {}


def now() -> datetime:
    """The time in China."""
    return datetime.now(CHINA)


def today() -> date:
    """The date in China."""
    return now().date()


def calendar(session: Session) -> Calendar:
    """The calendar as it is stored now; it is built once for each state of the table in a process."""
    stored = select(CalendarNotice.year, CalendarNotice.digest).order_by(CalendarNotice.year)
    version: _Version = tuple((year, digest) for year, digest in session.execute(stored))
    if found := _built.get(version):
        return found
    read = notices(session)
    # Between the two reads a notice may have been loaded: keep it by what was read, not by what was asked.
    version = tuple((notice.year, notice.digest) for notice in read.values())
    built = Calendar.of({**packaged_notices(), **read}.values())
    if len(_built) >= _KEPT:
        _built.clear()
    _built[version] = built
    return built


def notices(session: Session) -> dict[int, Notice]:
    """The stored notices by year. Where there is none, the packaged one counts."""
    rows = session.execute(
        select(CalendarNotice.year, CalendarNotice.source, CalendarDay.day, CalendarDay.kind, CalendarDay.name)
        .join(CalendarDay, CalendarDay.year == CalendarNotice.year)
        .order_by(CalendarNotice.year, CalendarDay.day)
    )
    return {
        year: Notice(year, source, tuple(SpecialDay(row.day, DayKind(row.kind), row.name) for row in found))
        for (year, source), found in groupby(rows, key=lambda row: (row.year, row.source))
    }


def load(session: Session, notice: Notice) -> bool:
    """Let a notice count from now on, in place of what was stored for its year.

    Returns:
        Whether that changes anything.

    Raises:
        NoticeError: it would leave a gap, or lies before the first year.
    """
    known = packaged_notices().keys() | set(session.scalars(select(CalendarNotice.year)))
    if not min(known) <= notice.year <= max(known) + 1:
        raise NoticeError([f"现有 {min(known)} 到 {max(known)} 年的安排，{notice.year} 年接不上，请检查年份"])
    stored = session.get(CalendarNotice, notice.year, with_for_update=True)  # two loads of a year take turns
    if stored and (stored.digest, stored.source) == (notice.digest, notice.source):
        return False
    session.execute(delete(CalendarDay).where(CalendarDay.year == notice.year))
    session.merge(CalendarNotice(year=notice.year, source=notice.source, digest=notice.digest, loaded_at=utc_now()))
    session.flush()
    session.add_all(CalendarDay(year=notice.year, day=day.date, kind=day.kind, name=day.name) for day in notice.days)
    session.flush()
    return True


def sync(session: Session) -> list[int]:
    """Store the packaged notices, except for years for which a notice was loaded.

    Returns:
        The years that changed.
    """
    loaded = {notice.year for notice in notices(session).values() if not is_packaged(notice)}
    return [year for year, notice in packaged_notices().items() if year not in loaded and load(session, notice)]


def days_left(session: Session, day: date) -> int:
    """Days from a day to the last one that is confirmed; negative if that is past."""
    return (calendar(session).confirmed_until - day).days


def fault(session: Session, day: date) -> str | None:
    """Say in Chinese that on a day the published days nearly run out, or None."""
    until = calendar(session).confirmed_until
    if until >= day + timedelta(days=HORIZON_DAYS + WARNING_DAYS):
        return None
    return (
        f"放假安排只到 {until.year} 年 {until.month} 月 {until.day} 日。国务院公布 {until.year + 1} 年的通知后，"
        "请马上导入（见 docs/operating/calendar.md）；导入之前，到期日落在这之后的法定期限算不出来"
    )
