"""What is kept of the people for whom somebody acts, and how it goes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.holdings import BATCH, Holding, SealedColumn, changed, kept
from miniapp_api.people.models import Person


def erase(session: Session, visitor_id: int) -> int:
    """Delete the people whom a visitor has entered."""
    return changed(session, delete(Person).where(Person.visitor_id == visitor_id))


def expire(session: Session, now: datetime) -> int:
    """Delete people who were entered long ago."""
    old = select(Person.id).where(Person.created_at < now - kept(HOLDING.id)).order_by(Person.id).limit(BATCH)
    return changed(session, delete(Person).where(Person.id.in_(old)))


HOLDING = Holding(
    id="people",
    name="办事人",
    what="姓名、身份证号、手机号（可以不填）、出生日期、和您的关系；前三样加密保存，平时只显示 王** 和证件号最后四位",
    why="实名预约，避免一个人占多个号；老年人优先",
    basis="实名预约所必需；替别人填要先得到对方同意（个人信息保护法第六条）",
    after="填写后",
    gone="整条删除；约好的号不受影响，上面只有隐去的姓名",
    erase=erase,
    expire=expire,
    sealed_columns=(SealedColumn(Person.sealed, Person.public_id),),
)
