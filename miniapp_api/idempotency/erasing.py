"""What is kept so that nothing is done twice, and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import Session

from miniapp_api.holdings import BATCH, Holding, changed, kept
from miniapp_api.idempotency.models import Answered


def erase(session: Session, visitor_id: int) -> int:
    """Delete what a visitor was answered."""
    return changed(session, delete(Answered).where(Answered.visitor_id == visitor_id))


def expire(session: Session, now: datetime) -> int:
    """Delete answers for which nobody will ask again."""
    old = select(Answered.visitor_id, Answered.key).where(Answered.at < now - kept(HOLDING.id)).limit(BATCH)
    return changed(session, delete(Answered).where(tuple_(Answered.visitor_id, Answered.key).in_(old)))


HOLDING = Holding(
    id="answered",
    name="操作回执",
    what="您的一次操作得到了什么回答",
    why="手机没收到回答再点一次时，不会办两遍",
    basis="提供服务所必需（个人信息保护法第六条）",
    after="操作后",
    gone="整条删除",
    erase=erase,
    expire=expire,
)
