"""The door to what is for staff only: who is signed in, in which role, and from which page.

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
from miniapp_api.staff import sessions
from miniapp_api.staff.models import StaffMember, StaffSession
from miniapp_api.staff.roles import Role

COOKIE = "daoban_staff"
TOKEN_HEADER = "X-CSRF-Token"  # noqa: S105 - the name of a header
TOKEN_FIELD = "csrf_token"  # noqa: S105 - the name of a field

BACKGROUND = "X-Background"
"""The header of a request that a page makes by itself, such as every few seconds: nobody need be there."""

View = TypeVar("View", bound=Callable[..., object])

_SAFE = {"GET", "HEAD", "OPTIONS"}


def requires_staff(role: Role = Role.CLERK) -> Callable[[View], View]:
    """Declare that a route is for staff of at least this role; find them with `current_staff`."""

    def declared(view: View) -> View:
        view._staff_role = role  # type: ignore[attr-defined]
        return declare(view, Access.STAFF)

    return declared


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
    """Give the token in the request's cookie; empty if there is none."""
    return request.cookies.get(_cookie(), "")


def remember(response: Response, token: str) -> None:
    """Put the token of a session into the browser; it is gone when that is closed."""
    response.set_cookie(_cookie(), token, secure=_is_secure(), httponly=True, samesite="Strict", path="/")


def forget(response: Response) -> None:
    """Take the token out of the browser."""
    response.delete_cookie(_cookie(), secure=_is_secure(), httponly=True, samesite="Strict", path="/")


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
    if found.member.role < cast(Role, view._staff_role):  # type: ignore[union-attr]
        raise Problem(403, "forbidden", "您的岗位不能做这件事。需要的话，请找大厅主管或系统管理员。")
    return None


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


def _is_secure() -> bool:
    return settings().public_url.startswith("https:")


def _cookie() -> str:
    """Name the cookie; with the prefix, browsers take it from no other host and over HTTPS only."""
    return f"__Host-{COOKIE}" if _is_secure() else COOKIE
