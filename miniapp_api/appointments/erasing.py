"""What appointments keep of somebody, and how it goes.

How many came on which day is of use to everybody, and needs nobody's name: bookings stay, emptied.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, delete, func, or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.appointments.models import (
    ENDED,
    LIVE,
    AttendanceMark,
    Booking,
    BookingEvent,
    BookingTalk,
    Restriction,
    Waiting,
)
from miniapp_api.calendar.service import CHINA
from miniapp_api.errors import Problem
from miniapp_api.holdings import BATCH, Holding, changed, kept

NOBODY = ""
"""The subject of a booking that is nobody's any more."""


def erase(session: Session, visitor_id: int) -> int:
    """Empty a visitor's bookings and delete what they wait for and talk about.

    Points and restrictions belong to the person who did not come, not to the telephone; they stay under
    their pseudonym until they end.

    Raises:
        Problem: 409 if a booking is not over.
    """
    live = select(func.count()).select_from(Booking).where(Booking.visitor_id == visitor_id, Booking.status.in_(LIVE))
    if count := session.scalar(live):
        detail = f"还有 {count} 个预约没有结束。请先取消，或者等办完那天以后再删。"
        raise Problem(409, "bookings_not_over", detail)
    waiting = changed(session, delete(Waiting).where(Waiting.visitor_id == visitor_id))
    talks = changed(session, delete(BookingTalk).where(BookingTalk.visitor_id == visitor_id))
    own = session.scalars(select(Booking.id).where(Booking.visitor_id == visitor_id)).all()
    return waiting + talks + _empty(session, own)


def expire(session: Session, now: datetime) -> int:
    """Empty bookings of long ago and delete what hangs on them."""
    before = now - kept(HOLDING.id)
    day = before.astimezone(CHINA).date()
    personal = or_(Booking.subject_key != NOBODY, Booking.visitor_id.is_not(None))
    old = select(Booking.id).where(Booking.day < day, Booking.status.in_(ENDED), personal).order_by(Booking.id)
    waiting = select(Waiting.id).where(Waiting.last_day < day).limit(BATCH)
    talks = select(BookingTalk.visitor_id).where(BookingTalk.changed_at < before).limit(BATCH)
    return (
        _empty(session, session.scalars(old.limit(BATCH)).all())
        + changed(session, delete(Waiting).where(Waiting.id.in_(waiting)))
        + changed(session, delete(BookingTalk).where(BookingTalk.visitor_id.in_(talks)))
        + _delete_conduct(session, AttendanceMark, AttendanceMark.expires_at < before)
        + _delete_conduct(session, Restriction, Restriction.until_at < before)
    )


def _empty(session: Session, bookings: Sequence[int]) -> int:
    """Take the person out of bookings: what staff wrote about them too, for it is free text."""
    nobody = {"visitor_id": None, "person_id": None, "guide": None, "subject_key": NOBODY, "name_mask": ""}
    changed(session, update(BookingEvent).where(BookingEvent.booking_id.in_(bookings)).values(reason=None))
    return changed(session, update(Booking).where(Booking.id.in_(bookings)).values(nobody))


def _delete_conduct(
    session: Session, table: type[AttendanceMark] | type[Restriction], over: ColumnElement[bool]
) -> int:
    return changed(session, delete(table).where(table.id.in_(select(table.id).where(over).limit(BATCH))))


HOLDING = Holding(
    id="bookings",
    name="预约",
    what="哪天、几点、哪个大厅、办什么，隐去的姓名，证件号算出的代号（看不出证件号）；候补、爽约记分和申诉",
    why="给您留号，到时候提醒；同一个人同一天不重复占号",
    basis="提供预约服务所必需（个人信息保护法第六条）",
    after="预约那天过后",
    gone="去掉是谁约的，只留下“那天有一个号用过”用来统计；爽约记分和限制到期才删",
    erase=erase,
    expire=expire,
)
