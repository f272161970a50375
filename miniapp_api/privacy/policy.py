"""Who may see who read what."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.privacy.models import PersonalRead
from miniapp_api.staff.service import Duty, Role, StaffMember, has_duty, reach


def visible_to(session: Session, superior: StaffMember) -> ColumnElement[bool]:
    """The reads that a superior may see.

    Of those who supervise cases: within their reach. Of a hall's manager: at their own site. Of an
    administrator without a site: all.

    Raises:
        Problem: 403 for others.
    """
    supervises = has_duty(superior, Duty.SUPERVISE)
    if not supervises and superior.role < Role.MANAGER:
        raise Problem(403, "forbidden", "只有分管领导、大厅主管和系统管理员可以查看谁看过个人信息。")
    codes = reach(session, superior) if supervises else {superior.site_code}
    if superior.site_code is None or codes is None:
        return true()
    colleagues = select(StaffMember.public_id).where(StaffMember.site_code.in_(codes))
    return PersonalRead.staff_public_id.in_(colleagues)
