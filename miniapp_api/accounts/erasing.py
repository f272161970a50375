"""What accounts keep of somebody, and how it goes."""

from __future__ import annotations

from datetime import datetime
from itertools import chain

from sqlalchemy import Column, and_, delete, exists, or_, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.models import Login, MergedVisitor, Visitor
from miniapp_api.database import Base
from miniapp_api.holdings import BATCH, Holding, changed, kept


def erase(session: Session, visitor_id: int) -> int:
    """Delete a visitor and whoever became one with them; what still refers to them goes, or is nobody's."""
    merged = select(MergedVisitor.visitor_id).where(MergedVisitor.into_id == visitor_id)
    return changed(session, delete(Visitor).where(or_(Visitor.id == visitor_id, Visitor.id.in_(merged))))


def expire(session: Session, now: datetime) -> int:
    """Let visitors go who have left nothing, and logins that are over."""
    over = select(Login.digest).where(Login.expires_at < now).limit(BATCH)
    logins = changed(session, delete(Login).where(Login.digest.in_(over)))
    merged = exists().where(MergedVisitor.visitor_id == Visitor.id)
    unused = and_(~merged, *(~exists().where(column == Visitor.id) for column in _references()))
    old = select(Visitor.id).where(Visitor.created_at < now - kept(HOLDING.id), unused).order_by(Visitor.id)
    locked = session.scalars(old.limit(BATCH).with_for_update(of=Visitor, skip_locked=True)).all()
    return logins + changed(session, delete(Visitor).where(Visitor.id.in_(locked), unused))


def _references() -> list[Column[object]]:
    """The columns of all domains that refer to visitors; that one visitor became another is no use of either."""
    columns = chain.from_iterable(table.columns for table in Base.metadata.sorted_tables)
    return [
        column
        for column in columns
        if column.table is not MergedVisitor.__table__
        and any(key.references(Visitor.__table__) for key in column.foreign_keys)
    ]


HOLDING = Holding(
    id="visitors",
    name="访客身份",
    what="一个随机编号、所在城市、登录到什么时候；没有姓名、电话",
    why="让您换个页面、下次再来，还能接着办",
    basis="提供服务所必需，只留最少的信息（个人信息保护法第六条）",
    after="领取身份后，名下没有任何记录时",
    gone="整条删除，手机上的登录随之失效",
    erase=erase,
    expire=expire,
)
