"""Public pages of a hall: the call board for its screen, and where the code on that screen leads."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response, make_response, url_for

from miniapp_api.accounts.service import public
from miniapp_api.desk import assets, at_work, screens
from miniapp_api.extensions import db, settings
from miniapp_api.hall import service as hall
from miniapp_api.sites.service import Site
from miniapp_api.web import service as web

NEWEST = 7
"""Numbers that the board shows large, each in a line of its own."""

bp = APIBlueprint("board", __name__, enable_openapi=False, template_folder="templates")
bp.after_request(web.harden)

_SITE = "<string(maxlength=64):code>"


@bp.get(f"/board/{_SITE}")
@public
def board(code: str) -> Response:
    """Show the board of a hall."""
    site = hall.site_of_code(db.session, code)
    is_screen = screens.is_screen_of(site.code)
    answer = make_response(_page("board", site=site, is_screen=is_screen, **_now(site), **_code(site)))
    if is_screen:
        screens.mark(answer, site.code)
    return answer


@bp.get(f"/board/{_SITE}/now")
@public
def board_now(code: str) -> str:
    """Show what is called now."""
    site = hall.site_of_code(db.session, code)
    return _page("board/now", site=site, **_now(site))


@bp.get(f"/board/{_SITE}/code")
@public
def board_code(code: str) -> str:
    """Show the code that is good now, if the screen of the hall asks; others see none."""
    site = hall.site_of_code(db.session, code)
    return _page("board/code", site=site, is_screen=screens.is_screen_of(site.code), **_code(site))


@bp.get(f"/check-in/{_SITE}")
@public
def arrive(code: str) -> str:
    """Show where whoever scanned the screen checks in or takes a number; the code's token is in the fragment."""
    site = hall.site_of_code(db.session, code)
    services = {
        accepted.service: at_work.service_name(accepted.service)
        for pool in at_work.pools(site)
        for accepted in pool.services
    }
    return _page("arrive", site=site, services=services, today=at_work.today())


def _now(site: Site) -> dict[str, Any]:
    told = hall.board(db.session, site, at_work.now())
    called = sorted(told["called"], key=lambda each: each["state"] != "called")  # who is awaited before who is there
    return {
        "at": told["at"],
        "newest": called[:NEWEST],
        "earlier": [each for each in called[NEWEST:] if each["state"] == "called"],
        "queues": told["queues"],
    }


def _code(site: Site) -> dict[str, Any]:
    """The QR code of this moment, nothing for who is not the hall's screen."""
    if not screens.is_screen_of(site.code):
        return {"qr": None}
    path = url_for("board.arrive", code=site.code)
    token = hall.hall_token(site, at_work.now())
    return {"qr": web.draw(f"{settings().public_url}{path}#{token}")}


def _page(template: str, **values: Any) -> str:
    return web.page(f"desk/{template}.html", desk=url_for("desk.asset", digest=assets.DIGEST, name=""), **values)
