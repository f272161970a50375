"""Words of the pages for cases, for templates."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.calendar.service import CHINA
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import Case, Light
from miniapp_api.sites.service import Site

LAMPS = {Light.GREEN: "正常", Light.YELLOW: "黄牌", Light.RED: "红牌", Light.OVERDUE: "超期"}
"""By lamp, what is written beside its colour: nobody has to tell colours apart."""

MATERIALS = {"handed_in": "交来了", "lacking": "缺", "owed": "容缺后补", "shared": "部门共享，不用交"}


def grouped(number: str) -> str:
    """A case number as people read it out: 420300 20261126 000001 7; one of another system as it is."""
    if not (number.isascii() and number.isdigit() and len(number) == 21):
        return number
    return f"{number[:6]} {number[6:14]} {number[14:20]} {number[20]}"


def pairs(code: str) -> str:
    """A query code in groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def moment(at: datetime) -> str:
    """A moment: 11月26日 09:05, with the year if it is not this one's."""
    local = at.astimezone(CHINA)
    return f"{_year(local.date())}{local.month}月{local.day}日 {local:%H:%M}"


def day(value: date) -> str:
    """A day: 11月26日, with the year if it is not this one's."""
    return f"{_year(value)}{value.month}月{value.day}日"


def _year(value: date) -> str:
    return "" if value.year == datetime.now(CHINA).year else f"{value.year}年"


def stage(case: Case) -> str:
    """The stage of a case."""
    return cases.stage_of(case).replace("等您补材料", "等申请人补材料")


def site_names(session: Session, codes: Iterable[str]) -> dict[str, str]:
    """The names of sites by code."""
    rows = session.execute(select(Site.code, Site.name).where(Site.code.in_(set(codes))))
    return {row.code: row.name for row in rows}
