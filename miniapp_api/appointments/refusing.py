"""Why a place cannot be had, and what can be had instead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from miniapp_api.appointments import availability
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import AHEAD, Wanted
from miniapp_api.appointments.looking import Place
from miniapp_api.appointments.models import Booking, Slot
from miniapp_api.appointments.wording import clock, day_text, when_text
from miniapp_api.calendar.service import CHINA
from miniapp_api.errors import Problem

NEAREST = 3
"""Other times that are offered."""


def refuse_place(act: Act, place: Place, *, online: bool) -> Problem:
    """Say why a place cannot be had: 409, with other times in `alternatives`.

    The reasons are looked up after the claim was refused; they explain it, and decide nothing.
    """
    kind, detail = _reason(act, place, online=online)
    others = _others(act, place)
    if others:
        detail += "可以改约：" + "、".join(when_text(day, start) for day, start in others) + "。"
    extra = {"alternatives": [{"day": str(day), "time": clock(start)} for day, start in others]}
    return Problem(409, kind, detail, extra=extra)


def refuse_second(existing: Booking | None, visitor_id: int | None) -> Problem:
    """Say that the person has a booking already: 409. Others do not learn when."""
    rule = "同一个人，同一天、同一件事只能约一个号。"
    if existing is None or visitor_id is None or existing.visitor_id != visitor_id:
        detail = f"这个人已经约过了。{rule}要改时间，请在原来预约的地方改，或者打电话、到窗口。"
    else:
        detail = (
            f"这个人已经约了{when_text(existing.day, existing.start)}。{rule}要换时间请用“改约”，不想要了请先取消。"
        )
    return Problem(409, "booked_already", detail)


def _reason(act: Act, place: Place, *, online: bool) -> tuple[str, str]:
    wanted = select(Slot).where(
        Slot.pool_id == place.visit.pool_id,
        Slot.day == place.day,
        Slot.start.in_(place.visit.starts_from(place.start)),
    )
    slots = act.session.scalars(wanted.order_by(Slot.start), execution_options={"populate_existing": True}).all()
    day = day_text(place.day)
    if not slots or slots[0].start != place.start:
        return "no_such_time", f"{day}{clock(place.start)}没有号。"
    closed = next((slot for slot in slots if slot.status != "open"), None)
    if closed:
        return "closed", f"{day}{clock(closed.start)}不办理：{closed.reason or '临时停办'}。"
    first = slots[0]
    if first.release_at is None:
        return "provisional", f"{day}的放假安排还没有公布，公布以后才放号。"
    if first.release_at > act.now:
        opens = first.release_at.astimezone(CHINA)
        return "not_released", f"{day}的号还没放，{day_text(opens.date())}{opens:%H:%M} 放号。"
    if online and first.book_until <= act.now:
        return "too_late", f"{day}{clock(place.start)}已经过了预约的截止时间，可以直接到窗口取号。"
    if len(slots) < place.visit.units or len({slot.session for slot in slots}) > 1:
        return "too_long", f"{day}{clock(place.start)}开始的话，下班前办不完。"
    return "full", f"{day}{clock(place.start)}刚刚约满了。"


def _others(act: Act, place: Place) -> list[tuple[Any, int]]:
    """Free times of the same pool: the nearest of that day, then the first of another."""
    same = availability.free_times(act.session, place.visit, place.day, act.now)
    nearest = sorted((row.start for row in same), key=lambda start: abs(start - place.start))[: NEAREST - 1]
    found = [(place.day, start) for start in nearest]
    after = Wanted(max(place.day, act.today) + timedelta(days=1), place.day + AHEAD)
    later = availability.next_free(act.session, [place.visit], after, act.now).get(place.visit.pool_id)
    return [*found, later] if later else found
