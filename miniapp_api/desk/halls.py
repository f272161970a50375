"""Choosing a hall, for those who may act at all of them."""

from __future__ import annotations

from flask import Response, request, url_for

from miniapp_api.desk import at_work
from miniapp_api.desk.frame import URL_PREFIX, bp, go_to, page
from miniapp_api.extensions import db, settings
from miniapp_api.hall import service as hall
from miniapp_api.sites.service import browse
from miniapp_api.staff.service import Role, current_staff, requires_staff

_MOST = 2000


@bp.get("/hall")
@requires_staff(Role.ADMIN)
def choose_hall() -> str:
    """List the halls of the city."""
    found = browse(db.session, settings().default_locality, size=_MOST).sites
    return page("halls", halls=[site for site, _ in found], chosen=request.cookies.get(at_work.COOKIE))


@bp.post("/hall")
@requires_staff(Role.ADMIN)
def keep_hall() -> Response:
    """Keep which hall the other pages are about."""
    chosen = hall.site_at_work(db.session, current_staff(), request.form.get("hall", ""))
    answer = go_to(url_for("desk.start"))
    secure = settings().public_url.startswith("https:")
    answer.set_cookie(at_work.COOKIE, chosen.code, secure=secure, httponly=True, samesite="Strict", path=URL_PREFIX)
    return answer
