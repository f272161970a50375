"""Addresses of the staff's pages: the start and the files; each other page has a module."""

from __future__ import annotations

from flask import Response

from miniapp_api.accounts.service import public
from miniapp_api.desk import (
    account,
    assets,
    book,
    bookings,
    calling,
    check_in,
    conduct,
    decisions,
    entering,
    halls,
    screens,
    today,
    walk_in,
)
from miniapp_api.desk.frame import bp, page
from miniapp_api.desk.places import places_for
from miniapp_api.staff.service import current_staff, requires_staff
from miniapp_api.web.service import serve

__all__ = ["bp"]

PAGES = (account, book, bookings, calling, check_in, conduct, decisions, entering, halls, screens, today, walk_in)
"""Modules whose views are pages below `/desk`; importing them adds these."""


@bp.get("/")
@requires_staff()
def start() -> str:
    """Show where one may go."""
    return page("start", places=places_for(current_staff()))


@bp.get("/assets/<digest>/<path:name>")
@public
def asset(digest: str, name: str) -> Response:
    """Serve one of the pages' files."""
    return serve(assets.FOLDER, assets.DIGEST, digest, name)
