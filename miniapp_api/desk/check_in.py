"""The page where people check in: a field that a scanner types into, or somebody by hand."""

from __future__ import annotations

from flask import Response, make_response, request

from miniapp_api.desk import at_work, checking_in
from miniapp_api.desk.frame import bp, page, wants_part
from miniapp_api.desk.numbers import shown
from miniapp_api.staff.service import requires_staff

CAMERA = "camera=(self), geolocation=(), microphone=()"
"""What this page alone may ask the browser for: the camera, when somebody taps for it."""

_MOST = 400


@bp.get("/check-in")
@requires_staff()
def check_in() -> Response:
    """Show the field."""
    return _with_camera(page("check_in", site=at_work.site(), given=None))


@bp.post("/check-in")
@requires_staff()
def check_in_what_was_read() -> str | Response:
    """Check somebody in, and show their number."""
    ticket = checking_in.by_what_was_read(request.form.get("read", "")[:_MOST])
    given = shown(ticket)
    if wants_part():
        return page("numbers/given", given=given)
    return _with_camera(page("check_in", site=at_work.site(), given=given))


def _with_camera(text: str) -> Response:
    response = make_response(text)
    response.headers["Permissions-Policy"] = CAMERA
    return response
