"""The pages of signing in: name and password, the second step, the way to the city's sign-in and back."""

from __future__ import annotations

from flask import Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.accounts.service import public
from miniapp_api.desk.frame import URL_PREFIX, bp, go_to, page
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter, settings
from miniapp_api.staff import service as staff
from miniapp_api.staff.service import AWAY_COOKIE, HALF_WAY_COOKIE, Admission

_BROUGHT = ("code", "state", "iss", "error")
"""What the city's sign-in has the browser bring (RFC 6749, 4.1.2; RFC 9207)."""

_MOST = 4000


@bp.get("/sign-in")
@public
def sign_in() -> str:
    """Show the form for signing in."""
    return _form(next=request.args.get("next", ""), changed="changed" in request.args)


@bp.post("/sign-in")
@public
@limiter.limit(staff.SIGN_IN_LIMIT)
def enter() -> ResponseReturnValue:
    """Take a name and a password, and lead them in, or on to the second step."""
    staff.refuse_foreign_pages()
    username, wish = request.form.get("username", ""), request.form.get("next", "")
    try:
        admission = staff.sign_in(db.session, username, request.form.get("password", ""))
    except Problem as refused:
        return _form(next=wish, username=username, fault=refused.description), 401
    return _admit(admission, wish)


@bp.get("/sign-in/code")
@public
def sign_in_code() -> ResponseReturnValue:
    """Show the form of the second step."""
    wish = request.args.get("next", "")
    if not staff.kept(HALF_WAY_COOKIE):
        return go_to(url_for("desk.sign_in", next=wish or None))
    return page("sign_in_code", next=wish)


@bp.post("/sign-in/code")
@public
@limiter.limit(staff.SIGN_IN_LIMIT)
def enter_code() -> ResponseReturnValue:
    """Take a code, and lead them in."""
    staff.refuse_foreign_pages()
    wish = request.form.get("next", "")
    try:
        token = staff.show_second_factor(db.session, staff.kept(HALF_WAY_COOKIE), request.form.get("code", ""))
    except Problem as refused:
        if refused.kind == "sign_in_expired":
            return _form(next=wish, fault=refused.description), 401
        return page("sign_in_code", next=wish, fault=refused.description), 401
    return _enter(token, wish)


@bp.post("/sign-in/away")
@public
@limiter.limit(staff.SIGN_IN_LIMIT)
def go_away() -> Response:
    """Send the browser to the city's sign-in.

    By a page, not by an answer 303: a form may lead nowhere but to us (`form-action`).
    """
    staff.refuse_foreign_pages()
    departure = staff.depart(db.session, request.form.get("next", ""))
    answer = make_response(page("sign_in_away", address=departure.address))
    staff.remember(answer, departure.state, AWAY_COOKIE)
    return answer


@bp.get("/sign-in/back")
@public
def come_back() -> str:
    """Show a form that sends itself on to `arrive`.

    What comes from another site brings none of our cookies (`SameSite=Strict`), and asking for a page changes nothing.
    """
    brought = {name: request.args[name] for name in _BROUGHT if name in request.args}
    if sum(map(len, brought.values())) > _MOST:
        raise Problem(414, "too_long", "这个地址太长，不是统一身份认证给的。请从头再登录一次。")
    return page("sign_in_back", brought=brought)


@bp.post("/sign-in/back")
@public
@limiter.limit(staff.SIGN_IN_LIMIT)
def arrive() -> Response:
    """Find out who has come from the city's sign-in, and lead them in, or on to the second step."""
    staff.refuse_foreign_pages()
    brought = {name: request.form[name] for name in _BROUGHT if name in request.form}
    admission, wish = staff.arrive(db.session, staff.kept(AWAY_COOKIE), brought)
    answer = _admit(admission, wish)
    staff.forget(answer, AWAY_COOKIE)
    return answer


@bp.post("/sign-out")
@staff.requires_staff(before_second_factor=True)
def leave() -> Response:
    """Sign out."""
    staff.sign_out(db.session, staff.session_token())
    answer = go_to(url_for("desk.sign_in"))
    staff.forget(answer)
    return answer


def _form(**values: object) -> str:
    """The page for signing in; with only the city's sign-in for most, our passwords stand back."""
    elsewhere = staff.signs_in_elsewhere()
    only_admins = settings().staff_local_sign_in == "admins"
    return page("sign_in", elsewhere=elsewhere, only_admins=only_admins, **values)


def _admit(admission: Admission, wish: str) -> Response:
    """Lead somebody on who has passed the first step."""
    if not admission.half_way:
        return _enter(admission.token, wish)
    answer = go_to(url_for("desk.sign_in_code", next=wish or None))
    staff.remember(answer, admission.token, HALF_WAY_COOKIE)
    return answer


def _enter(token: str, wish: str) -> Response:
    """Lead somebody in who has passed all steps; the session of before is over."""
    staff.sign_out(db.session, staff.session_token())
    answer = go_to(_inside(wish))
    staff.remember(answer, token)
    staff.forget(answer, HALF_WAY_COOKIE)
    return answer


def _inside(wish: str) -> str:
    """Allow a wish to go somewhere only among these pages."""
    return wish if wish.startswith(f"{URL_PREFIX}/") else url_for("desk.start")
