"""Wishes written down as in phrases.txt."""

from datetime import date, datetime, timedelta
from pathlib import Path

from miniapp_api.appointments.when import Wish
from tests.appointments.when.calendar import MOMENTS

TABLE = Path(__file__).with_name("phrases.txt")


def phrases() -> list[tuple[datetime, str, str]]:
    """Moment, phrase and meaning of every line."""
    found = []
    now = None
    for line in TABLE.read_text("utf-8").splitlines():
        if line.startswith("["):
            now = MOMENTS[line.strip("[]")]
        elif line and not line.startswith("#"):
            phrase, _, meaning = line.rpartition(" | ")
            found.append((now, phrase, meaning))
    return found


def written(wish: Wish | None, now: datetime) -> str:
    """A wish as the table has it."""
    if wish is None:
        return "none"
    if wish.doubt:
        return "? " + (" / ".join(_plain(option, now) for _, option in wish.doubt.options) or "-")
    return _plain(wish, now)


def _plain(wish: Wish, now: datetime) -> str:
    return f"{_days(wish.days, now)} {_time(wish)}" + (" soonest" if wish.soonest else "")


def _time(wish: Wish) -> str:
    if wish.span is None:
        return "-"
    if wish.at is None:
        return f"{_clock(wish.span.first)}-{_clock(wish.span.last)}"
    return ("~" if wish.span.first < wish.at else "") + _clock(wish.at)


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _days(days: tuple[date, ...], now: datetime) -> str:
    runs: list[list[date]] = []
    for day in days:
        if runs and day == runs[-1][-1] + timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    said = [
        [f"{day:%m-%d}" if day.year == now.year else f"{day:%Y-%m-%d}" for day in (run[0], run[-1])] for run in runs
    ]
    return ",".join(first if first == last else f"{first}..{last}" for first, last in said) or "-"
