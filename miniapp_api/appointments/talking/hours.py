"""When are you open: the hours of the hall, and what a certain day is."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.models import Slot
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.when import Wish
from miniapp_api.appointments.wording import SESSIONS, clock, day_text, rest_reason
from miniapp_api.calendar.service import Day, DayKind, calendar
from miniapp_api.sites.service import Pool, Site

KIND = "hours"
MOST_DAYS = 3
BOOKED_ONLY = ("lunch", "weekend")
"""Sessions for which one has to book."""


def tell(act: Act, visitor: Visitor, sites: list[Site], wish: Wish | None) -> Message | None:
    """Say when a hall is open, on certain days if some were named; None if no hall is known."""
    site = sites[0] if sites else _main_site(act, visitor)
    if site is None:
        return None
    lines = [f"{site.name}：{site.hours}。"]
    known = calendar(act.session)
    lines += [_day(act, site, known.day(day)) for day in (wish.days if wish else ())[:MOST_DAYS]]
    lines.append(f"去之前可以先打 {site.phone} 问一声；想约个号，说“{NEW}”。")
    return say("\n".join(lines), NEW, MINE, kind=KIND)


def _main_site(act: Act, visitor: Visitor) -> Site | None:
    wanted = select(Site).filter_by(locality=visitor.locality, tier="center", active=True).order_by(Site.id)
    return act.session.scalars(wanted.limit(1)).first()


def _day(act: Act, site: Site, day: Day) -> str:
    """「11月28日（周六）：双休日 09:00–12:00（要预约）」."""
    sessions = _sessions(act, site, day.date)
    note = f"，{day.name}调休，要上班" if day.kind is DayKind.MAKEUP else ""
    note += "" if day.confirmed else "（放假安排还没有公布，以公布的为准）"
    if sessions:
        return f"{day_text(day.date)}{note}：{'，'.join(sessions)}。"
    return f"{day_text(day.date)}{note}：{_why_none(act, site, day)}。"


def _why_none(act: Act, site: Site, day: Day) -> str:
    """Why there are no sessions on a day; or that it is an ordinary one whose slots are not made yet."""
    of_day = select(Slot.reason).join(Pool, Pool.id == Slot.pool_id).where(Pool.site_id == site.id)
    shut = act.session.execute(of_day.where(Slot.day == day.date, Slot.status != "open").limit(1)).first()
    if shut:
        return f"不办理（{shut.reason or '临时停办'}）"
    return "照常上班" if day.is_workday else rest_reason(day)


def _sessions(act: Act, site: Site, day: date) -> list[str]:
    """The sessions of a day, each as `平时 09:00–12:00`."""
    wanted = (
        select(Slot.session, func.min(Slot.start), func.max(Slot.end))
        .join(Pool, Pool.id == Slot.pool_id)
        .where(Pool.site_id == site.id, Slot.day == day, Slot.status == "open")
        .group_by(Slot.session, Slot.rule)
        .order_by(func.min(Slot.start), func.max(Slot.end))
    )
    told: dict[str, None] = {}
    for kind, first, last in act.session.execute(wanted):
        needs = "（要预约）" if kind in BOOKED_ONLY else ""
        told[f"{SESSIONS[kind]} {clock(first)}–{clock(last)}{needs}"] = None
    return list(told)
