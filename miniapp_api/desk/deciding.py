"""Reading what a manager wants to decide, and putting what it changes into words."""

from __future__ import annotations

from typing import Any

from flask import request

from miniapp_api.appointments.service import SESSIONS, Act, staffing
from miniapp_api.desk import at_work, forms
from miniapp_api.desk.wording import clock
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool, Site

ACTIONS = {"close": "停办", "open": "加开", "cap": "改号数"}
MOST_PLACES = 100
_NAMES = ("action", "day", "pool", "start", "end", "rule", "cap_total", "reason")
MOST_LISTED = 200
"""Bookings that a report names; it tells how many there are beyond."""


def wished(site: Site) -> staffing.Decision:
    """Read the form.

    Raises:
        Problem: 422 that names what does not fit.
    """
    action = request.form.get("action", "")
    if action not in ACTIONS:
        raise forms.refuse("action", "请选要做什么")
    return staffing.Decision(
        site=site,
        pool=_pool(site),
        day=forms.day(),
        action=action,
        reason=forms.text("reason", "原因"),
        part=_part() if action != "open" else None,
        rule=_rule(site) if action == "open" else None,
        cap_total=forms.number("cap_total", "每个时段的号数", MOST_PLACES) if action == "cap" else None,
    )


def asked() -> dict[str, str]:
    """The values of the form, to be sent again by whoever confirms it."""
    return {name: request.form.get(name, "") for name in _NAMES if name in request.form}


def _pool(site: Site) -> Pool | None:
    code = request.form.get("pool", "")
    found = {pool.code: pool for pool in at_work.bookable(site)}
    if code and code not in found:
        raise forms.refuse("pool", "本大厅没有这个窗口组，请从列表里重新选")
    return found.get(code)


def _part() -> tuple[int, int] | None:
    """A part of the day; None for all of it."""
    if not (request.form.get("start") or request.form.get("end")):
        return None
    start, end = forms.minute("start", "从几点"), forms.minute("end", "到几点")
    if start >= end:
        raise forms.refuse("end", "结束要晚于开始")
    return start, end


def _rule(site: Site) -> str:
    rule = request.form.get("rule", "")
    if rule not in {each.id for each in staffing.rules(at_work.act(), site)}:
        raise forms.refuse("rule", "请选按哪一场的时间加开")
    return rule


def refuse_repeated(act: Act, wish: staffing.Decision) -> None:
    """Refuse what stands already, as when a form is sent twice.

    Raises:
        Problem: 409.
    """
    start, end = wish.part or (None, None)
    same = (wish.pool.id if wish.pool else None, wish.day, wish.action, start, end, wish.rule, wish.cap_total)
    for row in staffing.decisions(act, wish.site):
        if (row.pool_id, row.day, row.action, row.start, row.end, row.rule, row.cap_total) == same:
            raise Problem(409, "decided_already", "已经有一条一样的安排了，没有再加。请看“已有的安排”。")


def listed(act: Act, site: Site) -> list[dict[str, Any]]:
    """What is decided about days to come."""
    return [
        {
            "id": row.id,
            "day": row.day,
            "pool": db.session.get_one(Pool, row.pool_id).name if row.pool_id else "全大厅",
            "said": _said(row.action, (row.start, row.end), row.cap_total),
            "reason": row.reason,
        }
        for row in staffing.decisions(act, site)
    ]


def _said(action: str, part: tuple[int | None, int | None], cap: int | None) -> str:
    start, end = part
    when = "" if start is None or end is None else f" {clock(start)}–{clock(end)}"
    return f"{ACTIONS[action]}{when}" + (f"，每个时段 {cap} 个号" if cap is not None else "")


def duties(act: Act, site: Site) -> list[dict[str, Any]]:
    """The weekend and lunch sessions that take place."""
    names = {pool.id: pool.name for pool in site.pools}
    return [
        {"day": run.day, "pool": names[run.pool_id], "session": SESSIONS[run.session], "bookings": run.bookings}
        for run in staffing.roster(act, site)
    ]


def told(act: Act, report: staffing.Report) -> dict[str, Any]:
    """What a decision changes or has changed."""
    names: dict[int, str] = {}
    for pool_id, _, _ in report.crowded:
        names.setdefault(pool_id, db.session.get_one(Pool, pool_id).name)
    return {
        "report": report,
        "revoked": [
            {"code": row.code, "name": row.name_mask, "day": row.day, "start": row.start, "service": row.service}
            for row in staffing.named(act, report.revoked[:MOST_LISTED])
        ],
        "crowded": [{"pool": names[pool_id], "day": day, "start": start} for pool_id, day, start in report.crowded],
    }
