"""Use cases of staff, and the only module of it that others may import."""

from __future__ import annotations

from typing import cast

import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.staff import door, sessions
from miniapp_api.staff.door import (
    BACKGROUND,
    COOKIE,
    TOKEN_FIELD,
    TOKEN_HEADER,
    csrf_token,
    current_staff,
    forget,
    refuse_foreign_pages,
    remember,
    requires_staff,
    session_token,
    signed_in,
)
from miniapp_api.staff.members import add_member, ensure_demo, find_member, members, set_active, set_password
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.passwords import generate as generate_password
from miniapp_api.staff.roles import Role
from miniapp_api.staff.signing_in import LOCKED_FOR, MOST_FAILURES, LocalSignIn, SignIn

__all__ = [
    "BACKGROUND",
    "COOKIE",
    "SIGN_IN_LIMIT",
    "TOKEN_FIELD",
    "TOKEN_HEADER",
    "LocalSignIn",
    "Role",
    "SignIn",
    "StaffMember",
    "add_member",
    "change_password",
    "csrf_token",
    "current_staff",
    "ensure_demo",
    "find_member",
    "forget",
    "generate_password",
    "init_app",
    "may_act_at",
    "members",
    "refuse_foreign_pages",
    "remember",
    "requires_staff",
    "session_token",
    "set_active",
    "set_password",
    "sign_in",
    "sign_out",
    "signed_in",
]

SIGN_IN_LIMIT = "30 per minute"
"""Passwords tried from one address: a hall may have only one, and everybody comes at nine."""

_REFUSED = (
    "用户名或密码不对，或者这个账号现在不能用。请核对后再试；"
    f"连续 {MOST_FAILURES} 次不对，要等 {LOCKED_FOR.seconds // 60} 分钟。"
)

log = structlog.get_logger()


def init_app(app: Flask, way: SignIn | None = None) -> None:
    """Enforce what the routes declare, and say how to sign in: by our own passwords if not told."""
    app.extensions["sign_in"] = way or LocalSignIn()
    door.init_app(app)


def sign_in(session: Session, username: str, password: str) -> str:
    """Sign somebody in. Commits what the session holds so far: an attempt counts whatever comes of it.

    Returns:
        The token of their session, for the cookie.

    Raises:
        Problem: 401, the same for an unknown name, a wrong password, a locked and a disabled account.
    """
    member = _way().authenticate(session, username, password)
    if member is None:
        raise Problem(401, "sign_in_failed", _REFUSED)
    token = sessions.begin(session, member)
    log.info("sign_in", staff=member.public_id)
    return token


def sign_out(session: Session, token: str) -> None:
    """End the session of a token; of one that is over already, nothing happens."""
    if member := sessions.end(session, token):
        log.info("sign_out", staff=member.public_id)


def change_password(session: Session, member: StaffMember, old: str, new: str) -> None:
    """Give oneself another password, which ends all one's sessions. Commits as `sign_in` does.

    Raises:
        Problem: 422 if the old password is not right, or the new one will not do.
    """
    if _way().authenticate(session, member.username, old) is None:
        raise Problem(422, "wrong_password", "原来的密码不对，没有改。请核对后再试。")
    set_password(session, member, new)


def may_act_at(member: StaffMember, site_code: str) -> bool:
    """Tell whether somebody may act at a site: at their own only, or anywhere if they have none."""
    return member.site_code is None or member.site_code == site_code


def _way() -> SignIn:
    return cast(SignIn, current_app.extensions["sign_in"])
