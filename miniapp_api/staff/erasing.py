"""What is kept of staff who sign in, and how it goes. Nothing of it is a citizen's."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.holdings import BATCH, Holding, SealedColumn, changed, kept
from miniapp_api.staff.models import StaffFactor, StaffMember, StaffSession


def erase(_session: Session, _visitor_id: int) -> int:
    """Erase nothing: staff are no visitors."""
    return 0


def expire(session: Session, now: datetime) -> int:
    """Delete sign-ins of long ago."""
    old = select(StaffSession.digest).where(StaffSession.expires_at < now - kept(HOLDING.id)).limit(BATCH)
    return changed(session, delete(StaffSession).where(StaffSession.digest.in_(old)))


HOLDING = Holding(
    id="staff_sessions",
    name="工作人员的登录",
    what="工作人员登录到什么时候；和市民无关",
    why="分清是谁办的，只让该看的人看",
    basis="只让该看的人看（个人信息保护法第六条）",
    after="登录结束后",
    gone="整条删除",
    erase=erase,
    expire=expire,
    sealed_columns=tuple(
        SealedColumn(column, StaffMember.public_id, "staff_factors.secret")
        for column in (StaffFactor.secret, StaffFactor.pending)
    ),
)
