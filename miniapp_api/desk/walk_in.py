"""The page where those get a number who did not book."""

from __future__ import annotations

import uuid

from flask import request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.desk import at_work, forms
from miniapp_api.desk.frame import bp, page, wants_part
from miniapp_api.desk.numbers import shown
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.staff.service import current_staff, requires_staff

KINDS = ("walk_in", "special")


@bp.get("/walk-in")
@requires_staff()
def walk_in() -> str:
    """Show what can be taken a number for."""
    site = at_work.site()
    template = "walk_in/services" if wants_part() else "walk_in"
    return page(template, site=site, pools=at_work.pools(site), key=uuid.uuid4(), given=None)


@bp.post("/walk-in")
@requires_staff()
def give_number() -> ResponseReturnValue:
    """Give a number; sent again with the same key, it is the same one."""
    site, kind = at_work.site(), request.form.get("kind", "")
    if kind not in KINDS:
        raise forms.refuse("kind", "请选普通或者特别照顾")
    service = forms.text("service", "业务")
    pool = hall.pool_for(site, service)
    key = hall.key_of(pool, current_staff().public_id, forms.text("key", "这一次的编号", most=36))
    ticket = hall.walk_in(db.session, pool, service, kind, at_work.actor(), now=at_work.now(), key=key)
    again = url_for("desk.walk_in")
    template = "walk_in/given" if wants_part() else "walk_in"
    return page(template, site=site, given=shown(ticket), again=again)
