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
_LONGEST_ID = 255


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
    if by_username(session, username):
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


def set_external_id(session: Session, member: StaffMember, external_id: str | None) -> None:
    """Say who somebody is in the city's sign-in (统一身份认证); None: they have no account there.

    Raises:
        Problem: 422 if that cannot be an identifier; 409 if it is somebody else's here.
    """
    if external_id is not None:
        if not 0 < len(external_id) <= _LONGEST_ID:
            raise Problem(422, invalid_params=[("external_id", f"1 到 {_LONGEST_ID} 个字符")])
        other = session.scalar(select(StaffMember).filter_by(external_id=external_id))
        if other is not None and other is not member:
            raise Problem(409, "external_id_taken", f"这个统一身份编号已经是 {other.username} 的，请核对。")
    member.external_id = external_id
    sessions.end_all(session, member)
    session.flush()


def name_of(session: Session, public_id: str) -> str | None:
    """The name of somebody who works here, or did; None if nobody has that public id."""
    return session.scalar(select(StaffMember.name).filter_by(public_id=public_id))


def find_member(session: Session, username: str) -> StaffMember:
    """Find somebody by what they sign in with.

    Raises:
        Problem: 404.
    """
    member = by_username(session, as_username(username))
    if member is None:
        raise Problem(404, detail=f"没有用户名是 {username} 的工作人员。")
    return member


def members(session: Session) -> Sequence[StaffMember]:
    """List everybody, disabled people too, by username."""
    return session.scalars(select(StaffMember).order_by(StaffMember.username)).all()


def by_username(session: Session, username: str) -> StaffMember | None:
    """Find somebody by what they sign in with, as it is kept."""
    return session.scalar(select(StaffMember).filter_by(username=username))


def _fault_of_site(role: Role, site_code: str | None) -> str | None:
    if site_code is None:
        return None if role is Role.ADMIN else "窗口人员和大厅主管必须属于一个大厅"
    return None if _SITE_CODE.fullmatch(site_code) else "大厅代号只用小写字母、数字和 -"
