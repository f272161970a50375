"""Who may see who read what."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true

from miniapp_api.errors import Problem
from miniapp_api.privacy.models import PersonalRead
from miniapp_api.staff.service import Role, StaffMember


def visible_to(superior: StaffMember) -> ColumnElement[bool]:
    """The reads of those who work at a superior's site; of all, for an administrator without one.

    Raises:
        Problem: 403 for a clerk.
    """
    if superior.role < Role.MANAGER:
        raise Problem(403, "forbidden", "只有大厅主管和系统管理员可以查看谁看过个人信息。")
    if superior.site_code is None:
        return true()
    colleagues = select(StaffMember.public_id).where(StaffMember.site_code == superior.site_code)
    return PersonalRead.staff_public_id.in_(colleagues)
