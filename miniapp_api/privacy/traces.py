"""Traces of who read what is personal: written before it is shown, never changed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import has_request_context
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api import logs
from miniapp_api.errors import Problem
from miniapp_api.holdings import BATCH, SIX_MONTHS, Holding, changed, kept
from miniapp_api.masking import mask
from miniapp_api.privacy.models import PersonalRead
from miniapp_api.privacy.policy import visible_to
from miniapp_api.staff.service import StaffMember

LEAST_REASON = 4
MOST_REASON = 200
MOST_READS = 200


def reveal(session: Session, member: StaffMember, subject: str, fields: Sequence[str], reason: str) -> None:
    """Leave a trace that somebody is about to be shown personal data in full, and commit it.

    Call it first: what the session holds so far is committed with it. If that fails, nothing is to be shown.

    Args:
        session: of a request that may write (POST), or of a task.
        member: who is shown it.
        subject: whose it is, such as `case:` and its public id; no name and no number.
        fields: what is shown, such as `name` or `number`.
        reason: why, in the member's words.

    Raises:
        Problem: 422 if the reason is none.
    """
    session.add(
        PersonalRead(
            staff_public_id=member.public_id,
            subject=subject,
            fields=list(fields),
            reason=_sensible(reason),
            route=logs.route_template() if has_request_context() else "",
        )
    )
    session.commit()


def reads(
    session: Session,
    *,
    superior: StaffMember | None = None,
    subject: str | None = None,
    staff: str | None = None,
    before: int | None = None,
    limit: int = 50,
) -> Sequence[PersonalRead]:
    """List who read what, the latest first.

    Args:
        session: to look with.
        superior: who asks, see `policy.visible_to`; None on the command line, which sees all.
        subject: of one subject only.
        staff: of one member only, by public id.
        before: continue below this id.
        limit: at most, no more than `MOST_READS`.

    Raises:
        Problem: 403 if who asks is not a superior.
    """
    wanted = select(PersonalRead).order_by(PersonalRead.id.desc()).limit(min(limit, MOST_READS))
    if superior is not None:
        wanted = wanted.where(visible_to(session, superior))
    if subject is not None:
        wanted = wanted.where(PersonalRead.subject == subject)
    if staff is not None:
        wanted = wanted.where(PersonalRead.staff_public_id == staff)
    if before is not None:
        wanted = wanted.where(PersonalRead.id < before)
    return session.scalars(wanted).all()


def _sensible(reason: str) -> str:
    """Refuse what is no reason; numbers in it are masked, for it is kept for years."""
    reason = mask(" ".join(reason.split()))
    letters = [character for character in reason if character.isalnum()]
    if len(letters) < LEAST_REASON or len(set(letters)) == 1:
        why = f"请写清楚为什么要看，至少 {LEAST_REASON} 个字，例如「核对补正材料上的姓名」"
        raise Problem(422, invalid_params=[("reason", why)])
    if len(reason) > MOST_REASON:
        raise Problem(422, invalid_params=[("reason", f"原因太长了，最多 {MOST_REASON} 个字")])
    return reason


def _erase(_session: Session, _visitor_id: int) -> int:
    """Erase nothing: a trace tells of staff, and protects whom it is about."""
    return 0


def _expire(session: Session, now: datetime) -> int:
    old = select(PersonalRead.id).where(PersonalRead.at < now - kept(READS.id)).order_by(PersonalRead.id).limit(BATCH)
    return changed(session, delete(PersonalRead).where(PersonalRead.id.in_(old)))


READS = Holding(
    id="personal_reads",
    name="查看记录",
    what="哪位工作人员、什么时候、为什么看了谁的完整信息；没有您的姓名和号码",
    why="防止工作人员随便看，出了问题查得到",
    basis="网络日志留存（网络安全法第二十三条）",
    after="每次查看后",
    gone="为了保护您，不能提前删；到期整条删除",
    erase=_erase,
    expire=_expire,
    least=SIX_MONTHS,
)

LOGS = Holding(
    id="logs",
    name="运行日志",
    what="什么时候访问了哪个功能、成功没有；没有姓名、证件号、手机号和聊天内容",
    why="查故障，防攻击",
    basis="网络日志至少留存六个月（网络安全法第二十三条）",
    after="产生后",
    gone="不记名，不能按人删；到期由系统管理员整批删除",
    erase=_erase,
    expire=lambda _session, _now: 0,
    least=SIX_MONTHS,
)
