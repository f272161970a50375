"""What guides keep of somebody, and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.guides.models import Guide
from miniapp_api.holdings import BATCH, Holding, changed, kept


def erase(session: Session, visitor_id: int) -> int:
    """Delete a visitor's guides; their steps and ticks go with them."""
    return changed(session, delete(Guide).where(Guide.visitor_id == visitor_id))


def expire(session: Session, now: datetime) -> int:
    """Delete guides that nobody has gone on with."""
    old = select(Guide.id).where(Guide.changed_at < now - kept(HOLDING.id)).order_by(Guide.id).limit(BATCH)
    return changed(session, delete(Guide).where(Guide.id.in_(old)))


HOLDING = Holding(
    id="guides",
    name="办事清单",
    what="您选的办事主题、回答过的情形、勾选过的材料；引用的原话里证件号和手机号已隐去",
    why="算出您要办哪些事项、带哪些材料，并让您随时改",
    basis="提供服务所必需；结论怎么来的可以逐条查看，也可以转人工（个人信息保护法第六条、第二十四条）",
    after="最后一次改动后",
    gone="整份删除，分享出去的链接也打不开了",
    erase=erase,
    expire=expire,
)
