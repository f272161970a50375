"""Addresses of the pages of appointments: making one, seeing one, all of mine."""

from apiflask import APIBlueprint
from flask import Response, make_response

from miniapp_api.accounts.service import public
from miniapp_api.web import assets
from miniapp_api.web.service import page

bp = APIBlueprint("appointments", __name__, url_prefix="/appointments", enable_openapi=False)

WHERE_AM_I = "camera=(), geolocation=(self), microphone=()"
"""What the page may ask the browser for that lists halls: where the citizen is, when they tap for it."""


@bp.get("")
@public
def mine() -> str:
    """Serve the page with everything that a citizen booked; the API checks whose it is."""
    return _page("mine")


@bp.get("/new")
@public
def new() -> Response:
    """Serve the page on which citizens book."""
    response = make_response(_page("new"))
    response.headers["Permissions-Policy"] = WHERE_AM_I
    return response


@bp.get("/<booking_id>")
@public
def one(booking_id: str) -> str:
    """Serve the page of one booking."""
    return _page("one", booking_id=booking_id)


def _page(part: str, **values: str) -> str:
    folders = ("lib", "appointments", f"appointments/{part}")
    return page("appointments.html", part=part, modules=assets.modules_of(assets.FOLDER, folders), **values)
