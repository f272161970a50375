"""What the chat keeps of somebody, and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.chat.models import ChatMessage
from miniapp_api.holdings import BATCH, Holding, changed, kept


def erase(session: Session, visitor_id: int) -> int:
    """Delete a visitor's messages."""
    return changed(session, delete(ChatMessage).where(ChatMessage.visitor_id == visitor_id))


def expire(session: Session, now: datetime) -> int:
    """Delete old messages."""
    old = select(ChatMessage.id).where(ChatMessage.at < now - kept(HOLDING.id)).order_by(ChatMessage.id).limit(BATCH)
    return changed(session, delete(ChatMessage).where(ChatMessage.id.in_(old)))


HOLDING = Holding(
    id="chat",
    name="聊天记录",
    what="您说的话和我们的回答；里面的证件号和手机号先隐去再保存",
    why="让您回头能看，换个设备能接着说",
    basis="提供服务所必需（个人信息保护法第六条）；网络日志至少留存六个月（网络安全法第二十三条）",
    after="每句话发出后",
    gone="整条删除",
    erase=erase,
    expire=expire,
)
