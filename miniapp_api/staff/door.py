"""The door to what is for staff only: who is signed in, in which role and duty, and from which page.

A cookie is sent by whichever page asks, so a request that may change something has to show twice
that the page is ours: by the headers in which the browser tells where it comes from, and by a token
that only our pages know.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable
from typing import TypeVar, cast
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Access, access_of, declare
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, settings
from miniapp_api.staff import second_factor, sessions
from miniapp_api.staff.duties import duties_of
from miniapp_api.staff.models import StaffMember, StaffSession
from miniapp_api.staff.roles import Duty, Role

COOKIE = "daoban_staff"
HALF_WAY_COOKIE = "daoban_staff_half_way"
"""Holds the token of somebody who has yet to show a second factor."""

AWAY_COOKIE = "daoban_staff_away"
"""Holds the state of somebody who was sent elsewhere to sign in."""

TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105 - the name of a header
TOKEN_FIELD = "csrf_token"  # noqa: S105 - the name of a field

BACKGROUND = "X-Background"
"""The header of a request that a page makes by itself, such as every few seconds: nobody need be there."""

View = TypeVar("View", bound=Callable[..., object])

_SAFE = {"GET", "HEAD", "OPTIONS"}


def requires_staff(role: Role = Role.CLERK, *, before_second_factor: bool = False) -> Callable[[View], View]:
    """Declare that a route is for staff of at least this role; find them with `current_staff`.

    Args:
        role: the least one.
        before_second_factor: it is for those, too, who have yet to bind the second factor that they need.
    """

    def declared(view: View) -> View:
        view._staff_role = role  # type: ignore[attr-defined]
        view._before_second_factor = before_second_factor  # type: ignore[attr-defined]
        return declare(view, Access.STAFF)

    return declared


def requires_duty(*duties: Duty) -> Callable[[View], View]:
    """Declare that a route is for staff who have one of these duties, whatever their role.

    Administrators are not let in for being administrators.
    """

    def declared(view: View) -> View:
        view._staff_duties = frozenset(duties)  # type: ignore[attr-defined]
        return requires_staff()(view)

    return declared


def duties_for(view: object) -> frozenset[Duty]:
    """Read which duties a view is for; empty if it asks for none."""
    return getattr(view, "_staff_duties", frozenset())


def init_app(app: Flask) -> None:
    """Enforce what the routes declare."""
    app.before_request(_enforce)


def current_staff() -> StaffMember:
    """Give who is acting; only on routes that require staff."""
    return cast(StaffMember, g.staff)


def signed_in() -> StaffMember | None:
    """Give who is acting, None on a route that anybody may call."""
    return cast(StaffMember | None, g.get("staff"))


def csrf_token() -> str:
    """Give what a page for `current_staff` sends back with each request that may change something."""
    return sessions.forgery_token(settings().signing_key, session_token())


def session_token() -> str:
    """Give the token of the session in the request's cookie; empty if there is none."""
    return kept(COOKIE)


def kept(cookie: str) -> str:
    """Give what one of our cookies holds; empty if there is none."""
    return request.cookies.get(_full_name(cookie), "")


def remember(response: Response, token: str, cookie: str = COOKIE) -> None:
    """Put a token into the browser, by default that of a session; it is gone when that is closed."""
    response.set_cookie(_full_name(cookie), token, secure=_is_secure(), httponly=True, samesite="Strict", path="/")


def forget(response: Response, cookie: str = COOKIE) -> None:
    """Take a token out of the browser."""
    response.delete_cookie(_full_name(cookie), secure=_is_secure(), httponly=True, samesite="Strict", path="/")


def refuse_foreign_pages() -> None:
    """Refuse a request that no page of ours made, as the browser tells.

    Old browsers, and all on plain HTTP, send `Origin` only.

    Raises:
        Problem: 403, also if the browser tells nothing.
    """
    site = request.headers.get("Sec-Fetch-Site")
    ours = {settings().public_url, request.host_url.rstrip("/")}
    if not (site == "same-origin" if site else request.headers.get("Origin") in ours):
        raise Problem(403, "foreign_page", "这个操作不是从导办的页面发出的，没有执行。请回到导办页面再试。")


def _enforce() -> ResponseReturnValue | None:
    view = current_app.view_functions.get(request.endpoint or "")
    if access_of(view) is not Access.STAFF:
        return None
    found = _session()
    if found is None:
        return _send_to_sign_in()
    g.staff = found.member
    if request.method not in _SAFE:
        refuse_foreign_pages()
        _refuse_forged()
    if _lacks_second_factor(view, found):
        return _send_to_second_factor()
    _refuse_others(view, found.member)
    return None


def _refuse_others(view: object, member: StaffMember) -> None:
    """Refuse who has not the role, or none of the duties, that a view is for.

    Raises:
        Problem: 403.
    """
    if member.role < cast(Role, view._staff_role):  # type: ignore[attr-defined]
        raise Problem(403, "forbidden", "您的岗位不能做这件事。需要的话，请找大厅主管或系统管理员。")
    wanted = duties_for(view)
    if wanted and not wanted & duties_of(member):
        names = "”或“".join(duty.label for duty in Duty if duty in wanted)
        raise Problem(403, "forbidden", f"这件事由“{names}”岗位办，您没有这个岗位。需要的话，请找系统管理员。")


def _lacks_second_factor(view: object, found: StaffSession) -> bool:
    if found.second_factor or view._before_second_factor:  # type: ignore[attr-defined]
        return False
    return second_factor.is_required(found.member)


def _session() -> StaffSession | None:
    """Find the session of this request, and note now and then that somebody is there."""
    token = session_token()
    found = sessions.find(db.session, token) if token else None
    if found and sessions.is_stale(found) and BACKGROUND not in request.headers:
        db.session.rollback()  # one that reads cannot write, and one that writes would wait for itself
        with Session(db.engine) as own, own.begin():
            sessions.touch(own, token)
        found = sessions.find(db.session, token)
    return found


def _refuse_forged() -> None:
    given = request.headers.get(TOKEN_HEADER) or request.form.get(TOKEN_FIELD, "")
    if not hmac.compare_digest(given.encode(), csrf_token().encode()):
        raise Problem(403, "stale_page", "这个页面放得太久了，没有执行。请刷新页面再试。")


def _send_to_sign_in() -> ResponseReturnValue:
    """Send a page to the sign-in page, a part of a page too (`HX-Redirect`), and refuse the rest.

    Raises:
        Problem: 401.
    """
    if request.path.startswith("/api/"):
        raise Problem(401, detail="请先登录，或者登录已过期。")
    if "HX-Request" in request.headers:
        shown = urlsplit(request.headers.get("HX-Current-URL", "")).path
        address = url_for("desk.sign_in", next=shown or None)
        raise Problem(401, detail="登录已过期，请重新登录。", headers={"HX-Redirect": address})
    page = request.full_path.rstrip("?") if request.method in _SAFE else None
    return redirect(url_for("desk.sign_in", next=page), 303)


def _send_to_second_factor() -> ResponseReturnValue:
    """Send a page, and a part of one, to where a second factor is bound, and refuse the rest.

    Raises:
        Problem: 403.
    """
    address = url_for("desk.second_factor")
    if request.path.startswith("/api/") or "HX-Request" in request.headers:
        headers = {"HX-Redirect": address} if "HX-Request" in request.headers else {}
        raise Problem(403, "second_factor_missing", "您的岗位要先绑定手机验证码才能办事。", headers=headers)
    return redirect(address, 303)


def _is_secure() -> bool:
    return settings().public_url.startswith("https:")


def _full_name(cookie: str) -> str:
    """Name a cookie; with the prefix, browsers take it from no other host and over HTTPS only."""
    return f"__Host-{cookie}" if _is_secure() else cookie
