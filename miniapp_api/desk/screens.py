"""Making a browser the screen of a hall: from then on it may show the code that citizens scan there."""

from __future__ import annotations

import hashlib

from flask import Response, request, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from miniapp_api.desk import at_work
from miniapp_api.desk.frame import bp, go_to, page
from miniapp_api.extensions import db, settings
from miniapp_api.staff import service as staff
from miniapp_api.staff.service import requires_staff

COOKIE = "daoban_screen"
PATH = "/board"
LASTS_SECONDS = 180 * 24 * 3600
"""Counted anew whenever the board is opened there, as it is every morning."""


@bp.get("/screen")
@requires_staff()
def screen() -> str:
    """Show the address of the board, and how to make this browser the screen."""
    return page("screen", site=at_work.site())


@bp.post("/screen")
@requires_staff()
def become_screen() -> Response:
    """Make this browser the screen, and sign out: nobody sits there."""
    code = at_work.site().code
    staff.sign_out(db.session, staff.session_token())
    answer = go_to(url_for("board.board", code=code))
    staff.forget(answer)
    mark(answer, code)
    return answer


def mark(response: Response, code: str) -> None:
    """Let a browser be the screen of a hall for as long as that lasts."""
    secure = settings().public_url.startswith("https:")
    response.set_cookie(
        COOKIE,
        _serializer().dumps(code),
        max_age=LASTS_SECONDS,
        secure=secure,
        httponly=True,
        samesite="Strict",
        path=PATH,
    )


def is_screen_of(code: str) -> bool:
    """Tell whether the browser that asks is the screen of a hall."""
    try:
        return _serializer().loads(request.cookies.get(COOKIE, ""), max_age=LASTS_SECONDS) == code
    except BadData:
        return False


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        settings().signing_key,
        salt="daoban.desk.screen",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
