"""What the outbox keeps of somebody, and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.holdings import BATCH, Holding, changed, kept
from miniapp_api.outbox.models import NoticeConsent, OutboxMessage


def erase(session: Session, visitor_id: int) -> int:
    """Delete a visitor's messages and what they agreed to be sent."""
    consents = changed(session, delete(NoticeConsent).where(NoticeConsent.visitor_id == visitor_id))
    return consents + changed(session, delete(OutboxMessage).where(OutboxMessage.visitor_id == visitor_id))


def expire(session: Session, now: datetime) -> int:
    """Delete old messages, whatever became of them, and consents of whoever has been sent nothing for as long."""
    before = now - kept(HOLDING.id)
    old = select(OutboxMessage.id).where(OutboxMessage.not_before < before).limit(BATCH)
    messages = changed(session, delete(OutboxMessage).where(OutboxMessage.id.in_(old)))
    told = exists().where(OutboxMessage.visitor_id == Visitor.id)
    silent = select(Visitor.id).join(NoticeConsent).where(Visitor.created_at < before, ~told).limit(BATCH)
    return messages + changed(session, delete(NoticeConsent).where(NoticeConsent.visitor_id.in_(silent)))


HOLDING = Holding(
    id="outbox",
    name="通知",
    what="发给您的提醒和结果；您同意过哪些订阅消息",
    why="办事有变化时告诉您，并让您查得到发过什么",
    basis="提供服务所必需；订阅消息要您点同意（个人信息保护法第六条）",
    after="通知发出后",
    gone="整条删除",
    erase=erase,
    expire=expire,
)
