"""Who works here: people are added, disabled and given passwords."""

from __future__ import annotations

import re
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.staff import passwords, sessions
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.roles import Role
from miniapp_api.staff.signing_in import as_username

_USERNAME = re.compile("[a-z][a-z0-9._-]{1,31}")
_SITE_CODE = re.compile("[a-z0-9][a-z0-9-]{0,63}")
_LONGEST_NAME = 40

_DEMO = (
    ("manager", "演示主管", Role.MANAGER),
    ("clerk1", "演示窗口一", Role.CLERK),
    ("clerk2", "演示窗口二", Role.CLERK),
    ("clerk3", "演示窗口三", Role.CLERK),
    ("admin", "演示管理员", Role.ADMIN),
)


def add_member(
    session: Session, *, username: str, name: str, role: Role, password: str, site_code: str | None = None
) -> StaffMember:
    """Add somebody.

    Args:
        session: of the caller, who commits.
        username: what they sign in with: letters, digits, `.`, `_`, `-`.
        name: as citizens and colleagues know them.
        role: what they may do.
        password: at least twelve characters, without the username.
        site_code: the one site at which they act; None is all sites, for administrators only.

    Raises:
        Problem: 422 with what is wrong about which value; 409 if the username is taken.
    """
    username, name = as_username(username), name.strip()
    faults = {
        "username": None if _USERNAME.fullmatch(username) else "2 到 32 个字符：小写字母开头，只用字母、数字和 . _ -",
        "name": None if 0 < len(name) <= _LONGEST_NAME else f"1 到 {_LONGEST_NAME} 个字",
        "site_code": _fault_of_site(role, site_code),
        "password": passwords.fault(password, username),
    }
    if refused := [(what, why) for what, why in faults.items() if why]:
        raise Problem(422, invalid_params=refused)
    if _by_username(session, username):
        raise Problem(409, "username_taken", f"用户名 {username} 已经有人用了，请换一个。")
    member = StaffMember(
        username=username, name=name, role=role, site_code=site_code, password_hash=passwords.hashed(password)
    )
    session.add(member)
    session.flush()
    return member


def set_password(session: Session, member: StaffMember, password: str) -> None:
    """Give somebody another password: they are locked no more, and signed in nowhere.

    Raises:
        Problem: 422 if the password will not do.
    """
    if why := passwords.fault(password, member.username):
        raise Problem(422, invalid_params=[("password", why)])
    computed = passwords.hashed(password)
    session.refresh(member, with_for_update=True)  # failures are counted past this object
    member.password_hash = computed
    member.password_changed_at = utc_now()
    member.failures, member.locked_until = 0, None
    sessions.end_all(session, member)


def set_active(session: Session, member: StaffMember, active: bool) -> None:
    """Let somebody in again, or no more: then they are signed out everywhere at once."""
    member.active = active
    if not active:
        sessions.end_all(session, member)


def find_member(session: Session, username: str) -> StaffMember:
    """Find somebody by what they sign in with.

    Raises:
        Problem: 404.
    """
    member = _by_username(session, as_username(username))
    if member is None:
        raise Problem(404, detail=f"没有用户名是 {username} 的工作人员。")
    return member


def members(session: Session) -> Sequence[StaffMember]:
    """List everybody, disabled people too, by username."""
    return session.scalars(select(StaffMember).order_by(StaffMember.username)).all()


def ensure_demo(session: Session, site_code: str, password: str) -> bool:
    """Add the people of a demonstration where nobody works yet: a manager, three clerks, an administrator.

    Args:
        session: of the caller, who commits.
        site_code: where the manager and the clerks work.
        password: of them all.

    Returns:
        Whether the people of the demonstration are there, and this is their password.
    """
    if not session.scalar(select(StaffMember.id).limit(1)):
        for username, name, role in _DEMO:
            where = None if role is Role.ADMIN else site_code
            add_member(session, username=username, name=name, role=role, password=password, site_code=where)
    manager = _by_username(session, _DEMO[0][0])
    return manager is not None and passwords.matches(manager.password_hash, password)


def _by_username(session: Session, username: str) -> StaffMember | None:
    return session.scalar(select(StaffMember).filter_by(username=username))


def _fault_of_site(role: Role, site_code: str | None) -> str | None:
    if site_code is None:
        return None if role is Role.ADMIN else "窗口人员和大厅主管必须属于一个大厅"
    return None if _SITE_CODE.fullmatch(site_code) else "大厅代号只用小写字母、数字和 -"
