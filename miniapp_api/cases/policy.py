"""Who may see a case: one filter for a single one, for lists, search, export and the bot."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.cases.models import Case
from miniapp_api.errors import Problem
from miniapp_api.staff.service import StaffMember, reach


def owned_by(visitor: Visitor) -> Select[Any]:
    """The cases that a visitor follows on their own telephone."""
    return select(Case).where(Case.visitor_id == visitor.id)


def within_reach_of(session: Session, member: StaffMember) -> Select[Any]:
    """The cases that a member of staff may see: of their own site, and of the sites under it."""
    codes = reach(session, member)
    wanted = select(Case)
    return wanted if codes is None else wanted.where(Case.site_code.in_(codes))


def find_own(session: Session, visitor: Visitor, public_id: str) -> Case:
    """Find one of a visitor's cases.

    Raises:
        Problem: 404, whether there is none or it is another's.
    """
    return _one(session, owned_by(visitor).where(Case.public_id == public_id))


def find_at_work(session: Session, member: StaffMember, public_id: str) -> Case:
    """Find a case that a member of staff may see.

    Raises:
        Problem: 404, whether there is none or it is beyond their reach.
    """
    return _one(session, within_reach_of(session, member).where(Case.public_id == public_id))


def _one(session: Session, wanted: Select[Any]) -> Case:
    case: Case | None = session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if case is None:
        raise Problem(404, "case_not_found", "没有找到这个办件，请核对后再试。")
    return case
