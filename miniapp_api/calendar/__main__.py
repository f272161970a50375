"""The calendar of working days, by hand.

python -m miniapp_api.calendar sync        存下 chinesecalendar 带的各年安排（导入过通知的年份不动）
python -m miniapp_api.calendar load FILE   导入一年的国务院放假通知（CSV）
python -m miniapp_api.calendar show YEAR   看一年的安排
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from miniapp_api.calendar import service
from miniapp_api.calendar.reading import WEEKDAYS
from miniapp_api.config import Settings, SettingsError
from miniapp_api.database import create_engine

_SAID = {service.DayKind.HOLIDAY: "放假", service.DayKind.IN_LIEU: "调休", service.DayKind.MAKEUP: "补班"}


def sync(session: Session) -> str:
    """Store what the library knows."""
    changed = service.sync(session)
    return f"存下了 {len(changed)} 年：{'、'.join(map(str, changed))}" if changed else "没有变化"


def load(session: Session, path: Path) -> str:
    """Load the notice of a year; NoticeError or OSError if it is none."""
    notice = service.read_notice(path)
    changed = service.load(session, notice)
    return show(session, notice.year) if changed else f"没有变化：{notice.year} 年已经是这份安排"


def show(session: Session, year: int) -> str:
    """Describe a year; CalendarUnknownError if it is too far away."""
    days = service.calendar(session).days(date(year, 1, 1), date(year, 12, 31))
    if not days[0].confirmed:
        return f"{year} 年的放假安排还没有公布。"
    stored = service.notices(session).get(year)
    workdays = sum(day.is_workday for day in days)
    source = stored.source if stored else "随包自带"
    special = [
        f"  {day.date} 星期{WEEKDAYS[day.date.weekday()]} {_SAID[day.kind]} {day.name}" for day in days if day.name
    ]
    return "\n".join([f"{year} 年，工作日 {workdays} 天，来源：{source}", *special])


def main(arguments: list[str]) -> None:
    """Serve the command line."""
    match arguments:
        case ["sync"]:
            _run(sync)
        case ["load", file]:
            _run(lambda session: load(session, Path(file)))
        case ["show", year] if year.isdecimal() and len(year) == 4 and year != "0000":
            _run(lambda session: show(session, int(year)))
        case _:
            sys.exit(__doc__)


def _run(act: Callable[[Session], str]) -> None:
    """Act on the database of the environment in one transaction, and print what was done."""
    try:
        engine = create_engine(Settings.from_environment().database_url)
        with Session(engine) as session, session.begin():
            print(act(session))
        engine.dispose()
    except service.NoticeError as error:
        sys.exit(f"没有导入，请改正后再试：\n{error}")
    except (OSError, service.CalendarUnknownError, SettingsError) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1:])
