"""What cases keep of somebody, and how it goes.

A case is a file of the bureau: whoever erases what their telephone has left leaves the case, which goes
on without it. What is personal in it goes when its period is over.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.cases.course import OVER
from miniapp_api.cases.models import Case, CaseRemark
from miniapp_api.holdings import BATCH, Holding, SealedColumn, changed, kept
from miniapp_api.papers import service as papers

_NOBODY = {"sealed": None, "mobile_index": None, "subject_index": None, "visitor_id": None}


def erase(session: Session, visitor_id: int) -> int:
    """Let cases no longer be followed on a visitor's telephone."""
    return changed(session, update(Case).where(Case.visitor_id == visitor_id).values(visitor_id=None))


def expire(session: Session, now: datetime) -> int:
    """Take the people out of cases that have long been over: remarks and what papers say, too."""
    personal = or_(*(getattr(Case, name).is_not(None) for name in _NOBODY))
    over = (Case.state.in_([state.value for state in OVER]), Case.changed_at < now - kept(HOLDING.id))
    old = session.execute(select(Case.id, Case.public_id).where(*over, personal).order_by(Case.id).limit(BATCH)).all()
    for _, public_id in old:
        papers.erase(session, public_id)
    ids = [id_ for id_, _ in old]
    changed(session, delete(CaseRemark).where(CaseRemark.case_id.in_(ids)))
    return changed(session, update(Case).where(Case.id.in_(ids)).values(_NOBODY))


HOLDING = Holding(
    id="cases",
    name="办件和文书",
    what="申请人和代办人的姓名、证件号、电话，工作人员的备注，发给您的文书；都加密保存",
    why="依法办理，让您查得到办到哪一步",
    basis="办理您申请的事项所必需（个人信息保护法第六条）",
    after="办结后",
    gone="办件是办理机关的档案，不能提前删；删掉全部记录后，办件不再和您的手机绑定，凭编号和查询码还能查。"
    "到期后去掉姓名、证件号、电话、备注和文书内容",
    erase=erase,
    expire=expire,
    sealed_columns=(
        SealedColumn(Case.sealed, Case.public_id),
        SealedColumn(CaseRemark.sealed, CaseRemark.public_id),
        *papers.SEALED_COLUMNS,
    ),
)
