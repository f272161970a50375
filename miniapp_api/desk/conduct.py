"""The page about people who did not come: taking points back, and answering appeals."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from miniapp_api.appointments.service import Act, staffing
from miniapp_api.desk import at_work, forms
from miniapp_api.desk.frame import bp, go_to, page, wants_part
from miniapp_api.errors import Problem
from miniapp_api.sites.service import Site
from miniapp_api.staff.service import Role, requires_staff

_KINDS = {"no_show": "没来", "late_cancel": "临时取消"}


@bp.get("/conduct")
@requires_staff(Role.MANAGER)
def conduct() -> str:
    """Show the form, and the appeals that wait."""
    return page("conduct", appeals=_appeals(at_work.act(), at_work.site()))


@bp.post("/conduct/waive")
@requires_staff(Role.MANAGER)
def waive() -> str | Response:
    """Take back the points of a booking."""
    code, reason = forms.text("code", "预约码"), forms.text("reason", "原因")
    staffing.waive(at_work.act(), at_work.site(), code, reason)
    return _answer("免除了。如果他因此被限制，分数不够的，限制也解除了。")


@bp.post("/conduct/appeals/<opaque:restriction_id>")
@requires_staff(Role.MANAGER)
def answer_appeal(restriction_id: str) -> str | Response:
    """Answer an appeal of somebody who did not come here."""
    verdict = request.form.get("verdict", "")
    if verdict not in ("lift", "uphold"):
        raise forms.refuse("verdict", "请选通过，还是不通过")
    act, site = at_work.act(), at_work.site()
    if restriction_id not in {appeal["id"] for appeal in _appeals(act, site)}:
        raise Problem(404, "restriction_not_found", "没有这条申诉，可能同事已经处理了，请刷新。")
    staffing.answer_appeal(act, restriction_id, lift=verdict == "lift")
    return _answer("申诉通过，限制解除了。" if verdict == "lift" else "申诉没有通过，限制照旧。")


def _answer(said: str) -> str | Response:
    if not wants_part():
        return go_to(url_for("desk.conduct"))
    return page("conduct/appeals", said=said, appeals=_appeals(at_work.act(), at_work.site()))


def _appeals(act: Act, site: Site) -> list[dict[str, Any]]:
    """The appeals of those who did not come to this hall, be it among others."""
    here = {pool.id for pool in site.pools}
    waiting = [(row, staffing.behind(act, row)) for row in staffing.appeals(act)]
    return [
        {
            "id": row.public_id,
            "name": marks[-1][1].name_mask,
            "from": row.from_at,
            "until": row.until_at,
            "text": row.appeal,
            "marks": [
                {"day": booking.day, "start": booking.start, "service": booking.service, "kind": _KINDS[mark.kind]}
                for mark, booking in marks
            ],
        }
        for row, marks in waiting
        if any(booking.pool_id in here for _, booking in marks)
    ]
