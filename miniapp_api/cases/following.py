"""Taking a case to one's own telephone: then it need not be looked up again, and news come by themselves."""

from __future__ import annotations

from sqlalchemy import update
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.cases.looking_up import find_looked_up
from miniapp_api.cases.models import Case
from miniapp_api.errors import Problem


def follow(session: Session, visitor: Visitor, token: str) -> Case:
    """Let a visitor follow the case that they have looked up by its query code; again is no harm.

    Args:
        session: in a transaction that writes.
        visitor: who.
        token: of `looking_up`.

    Raises:
        Problem: 401 if the token opens nothing; 403 if it came by the telephone number; 409 if another
            visitor follows the case.
    """
    found = find_looked_up(session, token)
    case = found.case
    if found.way != "code":
        raise Problem(403, "query_code_needed", "要放到自己手机上，请用收件凭证上的查询码再查一次。")
    free = update(Case).where(Case.id == case.id, Case.visitor_id.is_(None)).values(visitor_id=visitor.id)
    session.execute(free, execution_options={"synchronize_session": False})
    session.refresh(case)
    if case.visitor_id != visitor.id:
        detail = "这个办件已经有手机在跟踪了。换了手机的，请带身份证到窗口改；用编号和查询码还可以照常查。"
        raise Problem(409, "followed_already", detail)
    return case
