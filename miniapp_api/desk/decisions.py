"""The page where managers decide about days: what it would change is shown before it is done."""

from __future__ import annotations

from typing import Any

from miniapp_api.appointments.service import SESSIONS, staffing
from miniapp_api.desk import at_work, deciding
from miniapp_api.desk.frame import bp, page, wants_part
from miniapp_api.staff.service import Role, requires_staff


@bp.get("/decisions")
@requires_staff(Role.MANAGER)
def decisions() -> str:
    """Show what is decided, who is on duty, and what can be decided."""
    act, site = at_work.act(), at_work.site()
    return page(
        "decisions",
        site=site,
        pools=at_work.bookable(site),
        rules=staffing.rules(act, site),
        decided=deciding.listed(act, site),
        duties=deciding.duties(act, site),
        sessions=SESSIONS,
        today=act.today,
    )


@bp.post("/decisions/preview")
@requires_staff(Role.MANAGER)
def preview() -> str:
    """Show what a decision would change, and ask."""
    act, wish = at_work.act(), deciding.wished(at_work.site())
    deciding.refuse_repeated(act, wish)
    report = staffing.rehearse(act, lambda: staffing.decide(act, wish))
    return _page("decisions/ask", wish=wish, asked=deciding.asked(), **deciding.told(act, report))


@bp.post("/decisions")
@requires_staff(Role.MANAGER)
def decide() -> str:
    """Decide, and report what it changed."""
    act, wish = at_work.act(), deciding.wished(at_work.site())
    deciding.refuse_repeated(act, wish)
    return _page("decisions/done", said="安排好了。", **deciding.told(act, staffing.decide(act, wish)))


@bp.post("/decisions/<int:override_id>/preview")
@requires_staff(Role.MANAGER)
def preview_withdrawal(override_id: int) -> str:
    """Show what taking a decision back would change, and ask."""
    act, site = at_work.act(), at_work.site()
    report = staffing.rehearse(act, lambda: staffing.withdraw(act, site, override_id))
    return _page("decisions/ask", wish=None, withdrawn=override_id, asked={}, **deciding.told(act, report))


@bp.post("/decisions/<int:override_id>/withdraw")
@requires_staff(Role.MANAGER)
def withdraw(override_id: int) -> str:
    """Take a decision back, and report what it changed."""
    act, site = at_work.act(), at_work.site()
    told = deciding.told(act, staffing.withdraw(act, site, override_id))
    return _page("decisions/done", said="撤销了。因为它取消的预约不会恢复。", **told)


def _page(part: str, **values: Any) -> str:
    """Show a part, in a page of its own if that is what was asked for."""
    values["actions"] = deciding.ACTIONS
    return page(part, **values) if wants_part() else page("decision", part=f"desk/{part}.html", **values)
