"""Use cases of staff, and the only module of it that others may import."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import structlog
from flask import Flask, current_app
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.config import Settings
from miniapp_api.errors import Problem
from miniapp_api.staff import door, erasing, second_factor, sessions, signing_in
from miniapp_api.staff.demo import DEMO_PEOPLE, DemoPerson, ensure_demo
from miniapp_api.staff.door import (
    AWAY_COOKIE,
    BACKGROUND,
    COOKIE,
    HALF_WAY_COOKIE,
    TOKEN_FIELD,
    TOKEN_HEADER,
    csrf_token,
    current_staff,
    duties_for,
    forget,
    kept,
    refuse_foreign_pages,
    remember,
    requires_duty,
    requires_staff,
    session_token,
    signed_in,
)
from miniapp_api.staff.duties import add_duty, duties_of, has_duty, remove_duty, title
from miniapp_api.staff.elsewhere import OpenIdSignIn
from miniapp_api.staff.members import (
    add_member,
    find_member,
    members,
    name_of,
    set_active,
    set_external_id,
    set_password,
)
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.openid import Provider
from miniapp_api.staff.passwords import generate as generate_password
from miniapp_api.staff.reach import reach
from miniapp_api.staff.roles import APART, Duty, Role
from miniapp_api.staff.second_factor import FactorState, renew_recovery_codes
from miniapp_api.staff.second_factor import bind as bind_second_factor
from miniapp_api.staff.second_factor import confirm as confirm_second_factor
from miniapp_api.staff.second_factor import is_required as second_factor_is_required
from miniapp_api.staff.second_factor import state as second_factor_of
from miniapp_api.staff.second_factor import take_away as remove_second_factor
from miniapp_api.staff.signing_in import (
    LOCKED_FOR,
    MOST_FAILURES,
    Departure,
    LocalSignIn,
    SignIn,
    SignInElsewhere,
)
from miniapp_api.staff.totp import grouped

__all__ = [
    "APART",
    "AWAY_COOKIE",
    "BACKGROUND",
    "COOKIE",
    "DEMO_PEOPLE",
    "HALF_WAY_COOKIE",
    "RETURN_PATH",
    "SIGN_IN_LIMIT",
    "TOKEN_FIELD",
    "TOKEN_HEADER",
    "Admission",
    "DemoPerson",
    "Departure",
    "Duty",
    "FactorState",
    "LocalSignIn",
    "Role",
    "SignIn",
    "SignInElsewhere",
    "StaffMember",
    "add_duty",
    "add_member",
    "arrive",
    "bind_second_factor",
    "change_password",
    "confirm_second_factor",
    "csrf_token",
    "current_staff",
    "depart",
    "duties_for",
    "duties_of",
    "ensure_demo",
    "find_member",
    "forget",
    "generate_password",
    "grouped",
    "has_duty",
    "init_app",
    "kept",
    "may_act_at",
    "may_use_password",
    "members",
    "name_of",
    "reach",
    "refuse_foreign_pages",
    "remember",
    "remove_duty",
    "remove_second_factor",
    "renew_recovery_codes",
    "requires_duty",
    "requires_staff",
    "second_factor_is_required",
    "second_factor_of",
    "session_token",
    "set_active",
    "set_external_id",
    "set_password",
    "show_second_factor",
    "sign_in",
    "sign_out",
    "signed_in",
    "signs_in_elsewhere",
    "title",
]

SIGN_IN_LIMIT = "30 per minute"
"""Passwords, and codes, tried from one address: a hall may have only one, and everybody comes at nine."""

RETURN_PATH = "/desk/sign-in/back"
"""Below PUBLIC_URL, where the city's sign-in sends browsers back to."""

_REFUSED = (
    "用户名或密码不对，或者这个账号现在不能用。请核对后再试；"
    f"连续 {MOST_FAILURES} 次不对，要等 {LOCKED_FOR.seconds // 60} 分钟。"
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Admission:
    """What somebody gets who has passed the first step of signing in.

    Attributes:
        token: of their session; or, half way, of the second step: `show_second_factor` takes it.
        half_way: they have yet to show their second factor.
    """

    token: str
    half_way: bool


def init_app(app: Flask, way: SignIn | None = None, elsewhere: SignInElsewhere | None = None) -> None:
    """Enforce what the routes declare, and say how to sign in.

    Args:
        app: with its settings.
        way: by name and password; ours if not told, for administrators only if STAFF_LOCAL_SIGN_IN says so.
        elsewhere: by going there; the provider of STAFF_OIDC_… if not told, and there is one.
    """
    settings = cast(Settings, app.extensions["settings"])
    least = Role.ADMIN if settings.staff_local_sign_in == "admins" else Role.CLERK
    if elsewhere is None and settings.staff_oidc:
        elsewhere = OpenIdSignIn(Provider(settings.staff_oidc, f"{settings.public_url}{RETURN_PATH}"))
    holdings.register(app, erasing.HOLDING)
    app.extensions |= {"sign_in": way or LocalSignIn(least), "sign_in_elsewhere": elsewhere}
    door.init_app(app)


def sign_in(session: Session, username: str, password: str) -> Admission:
    """Have somebody pass the first step. Commits what the session holds so far: an attempt counts in any case.

    Raises:
        Problem: 401, the same for an unknown name, a wrong password, a locked and a disabled account.
    """
    member = _way().authenticate(session, username, password)
    if member is None:
        raise Problem(401, "sign_in_failed", _REFUSED)
    return _admit(session, member)


def show_second_factor(session: Session, token: str, code: str) -> str:
    """Have somebody pass the second step, with a code of the phone or of the paper. Commits as `sign_in` does.

    Args:
        session: of the request.
        token: of the first step.
        code: as it was typed.

    Returns:
        The token of their session, for the cookie.

    Raises:
        Problem: 401 `sign_in_expired` if they have to begin anew; 422 if the code is not right.
    """
    member = sessions.find_half(session, token) if token else None
    if member is None:
        raise _begin_anew()
    second_factor.prove(session, member, code)
    if not sessions.end_half(session, token):
        raise _begin_anew()
    log.info("sign_in", staff=member.public_id, second_factor=True)
    return sessions.begin(session, member, second_factor=True)


def signs_in_elsewhere() -> bool:
    """Tell whether there is a sign-in of the city's."""
    return _elsewhere() is not None


def may_use_password(member: StaffMember) -> bool:
    """Tell whether somebody signs in with a password of ours."""
    way = _way()
    return not isinstance(way, LocalSignIn) or member.role >= way.least


def depart(session: Session, wish: str) -> Departure:
    """Send somebody to the city's sign-in. Commits what the session holds so far.

    Raises:
        Problem: 404 if there is none, 503 if it does not answer.
    """
    return _required(_elsewhere()).depart(session, wish)


def arrive(session: Session, state: str, answer: Mapping[str, str]) -> tuple[Admission, str]:
    """Have somebody pass the first step who was at the city's sign-in. Commits as `sign_in` does.

    Args:
        session: of the request.
        state: from the cookie.
        answer: what the browser brought from there.

    Returns:
        What they get, and where they wanted to go.

    Raises:
        Problem: 401 if it is not proven who they are; 403 without an account here; 404 and 503 as `depart`.
    """
    member, wish = _required(_elsewhere()).arrive(session, state, answer)
    return _admit(session, member), wish


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


def _admit(session: Session, member: StaffMember) -> Admission:
    """Let somebody in, or on to the second step if they have a second factor."""
    if second_factor.is_bound(session, member):
        return Admission(sessions.begin_half(session, member), half_way=True)
    signing_in.forgive(session, member)
    log.info("sign_in", staff=member.public_id)
    return Admission(sessions.begin(session, member), half_way=False)


def _begin_anew() -> Problem:
    return Problem(401, "sign_in_expired", "这次登录放得太久了，或者已经用过。请从头再登录一次。")


def _way() -> SignIn:
    return cast(SignIn, current_app.extensions["sign_in"])


def _elsewhere() -> SignInElsewhere | None:
    return cast(SignInElsewhere | None, current_app.extensions["sign_in_elsewhere"])


def _required(elsewhere: SignInElsewhere | None) -> SignInElsewhere:
    if elsewhere is None:
        raise Problem(404, detail="这里没有接统一身份认证，请用用户名和密码登录。")
    return elsewhere
