"""Addresses of the staff's pages: the sign-in, the start, the own password; each other page has a module."""

from __future__ import annotations

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.accounts.service import public
from miniapp_api.desk import (
    assets,
    book,
    bookings,
    calling,
    check_in,
    conduct,
    decisions,
    halls,
    screens,
    today,
    walk_in,
)
from miniapp_api.desk.frame import URL_PREFIX, bp, go_to, page
from miniapp_api.desk.places import places_for
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter
from miniapp_api.staff import service as staff
from miniapp_api.staff.service import current_staff, requires_staff
from miniapp_api.web.service import serve

__all__ = ["bp"]

PAGES = (book, bookings, calling, check_in, conduct, decisions, halls, screens, today, walk_in)
"""Modules whose views are pages below `/desk`; importing them adds these."""


@bp.get("/")
@requires_staff()
def start() -> str:
    """Show where one may go."""
    return page("start", places=places_for(current_staff()))


@bp.get("/sign-in")
@public
def sign_in() -> str:
    """Show the form for signing in."""
    return page("sign_in", next=request.args.get("next", ""), changed="changed" in request.args)


@bp.post("/sign-in")
@public
@limiter.limit(staff.SIGN_IN_LIMIT)
def enter() -> ResponseReturnValue:
    """Sign somebody in and lead them to where they wanted to go."""
    staff.refuse_foreign_pages()
    username, wish = request.form.get("username", ""), request.form.get("next", "")
    try:
        token = staff.sign_in(db.session, username, request.form.get("password", ""))
    except Problem as refused:
        return page("sign_in", next=wish, username=username, fault=refused.description), 401
    staff.sign_out(db.session, staff.session_token())
    answer = go_to(_inside(wish))
    staff.remember(answer, token)
    return answer


@bp.post("/sign-out")
@requires_staff()
def leave() -> Response:
    """Sign out."""
    staff.sign_out(db.session, staff.session_token())
    answer = go_to(url_for("desk.sign_in"))
    staff.forget(answer)
    return answer


@bp.get("/password")
@requires_staff()
def password() -> str:
    """Show the form for changing one's own password."""
    return page("password")


@bp.post("/password")
@requires_staff()
@limiter.limit(staff.SIGN_IN_LIMIT)
def change_password() -> Response:
    """Change one's own password; one signs in anew with it."""
    old, new, again = (request.form.get(name, "") for name in ("old", "new", "again"))
    if new != again:
        raise Problem(422, detail="两次输入的新密码不一样，没有改。请重新输入。")
    staff.change_password(db.session, current_staff(), old, new)
    answer = go_to(url_for("desk.sign_in", changed=""))
    staff.forget(answer)
    return answer


@bp.get("/assets/<digest>/<path:name>")
@public
def asset(digest: str, name: str) -> Response:
    """Serve one of the pages' files."""
    return serve(assets.FOLDER, assets.DIGEST, digest, name)


def _inside(wish: str) -> str:
    """Allow a wish to go somewhere only among these pages."""
    return wish if wish.startswith(f"{URL_PREFIX}/") else url_for("desk.start")
