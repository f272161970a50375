"""What the hall keeps of somebody, and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.calendar.service import CHINA
from miniapp_api.hall.models import Ticket
from miniapp_api.holdings import BATCH, Holding, changed, kept

_NOBODY = {"visitor_id": None, "key": None}


def erase(session: Session, visitor_id: int) -> int:
    """Take a visitor out of their tickets; how long people waited is counted on."""
    return changed(session, update(Ticket).where(Ticket.visitor_id == visitor_id).values(_NOBODY))


def expire(session: Session, now: datetime) -> int:
    """Take whose they were out of old tickets."""
    day = (now - kept(HOLDING.id)).astimezone(CHINA).date()
    personal = or_(Ticket.visitor_id.is_not(None), Ticket.key.is_not(None))
    old = select(Ticket.id).where(Ticket.day < day, personal).order_by(Ticket.id).limit(BATCH)
    return changed(session, update(Ticket).where(Ticket.id.in_(old)).values(_NOBODY))


HOLDING = Holding(
    id="tickets",
    name="排队号",
    what="排队号码、取号和叫号的时间、在哪个窗口办的",
    why="叫号，告诉您前面还有几位",
    basis="提供排队服务所必需（个人信息保护法第六条）",
    after="取号那天过后",
    gone="去掉是谁取的，只留下等了多久用来统计",
    erase=erase,
    expire=expire,
)
