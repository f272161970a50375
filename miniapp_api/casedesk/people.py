"""Colleagues as the pages name and choose them."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.staff.service import Duty, StaffMember

KINDS = {"applicant": "申请人", "system": "系统", "outside": "外部系统"}


def names(session: Session, ids: Iterable[str | None]) -> dict[str, str]:
    """The names of some members of staff by public id; who has gone is missing."""
    wanted = {id_ for id_ in ids if id_}
    if not wanted:
        return {}
    rows = session.execute(select(StaffMember.public_id, StaffMember.name).where(StaffMember.public_id.in_(wanted)))
    return {row.public_id: row.name for row in rows}


def find_colleague(session: Session, public_id: str) -> StaffMember:
    """Find a member of staff who still works here.

    Raises:
        Problem: 409 if they do not.
    """
    found = session.scalar(select(StaffMember).filter_by(public_id=public_id, active=True))
    if found is None:
        raise Problem(409, "colleague_gone", "报这一项的人已经不在岗了，请在岗的同事重新报。")
    return found


def inspectors(session: Session, site_codes: Iterable[str | None]) -> list[tuple[str, str]]:
    """Who may inspect for some sites, as pairs of public id and name."""
    codes = {code for code in site_codes if code}
    wanted = select(StaffMember.public_id, StaffMember.name).where(
        StaffMember.active, StaffMember.site_code.in_(codes), StaffMember.duties.any(duty=Duty.INSPECT)
    )
    return [(public_id, name) for public_id, name in session.execute(wanted.order_by(StaffMember.name))]
