"""The lists of work: counter, back office, delivery; and finding one case."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.casedesk import frame, matters, people
from miniapp_api.casedesk.frame import ANY, bp
from miniapp_api.casedesk.sight import is_anonymous_to
from miniapp_api.casedesk.wording import site_names
from miniapp_api.cases.service import RUNNING, Case, State, listing
from miniapp_api.desk import service as desk
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.privacy.service import credit_code, id_number
from miniapp_api.staff.service import Duty, current_staff, has_duty, requires_duty


@dataclass(frozen=True, slots=True)
class Tab:
    """One of several lists on a page.

    Attributes:
        matter: kind of open matters that it lists; else it lists what is `wanted`.
    """

    name: str
    label: str
    nothing: str
    wanted: listing.Wanted
    matter: str | None = None


COUNTER = (
    Tab("new", "待受理", "没有等着受理的件。", listing.Wanted(frozenset({State.RECEIVED}))),
    Tab("correcting", "等补正", "没有在等补正的件。", listing.Wanted(frozenset({State.CORRECTING}))),
    Tab("owing", "容缺待补", "没有容缺待补的件。", listing.Wanted(RUNNING, owing=True)),
)

DELIVERY = (Tab("decided", "待送达", "没有等着送达的件。", listing.Wanted(frozenset({State.DECIDED}))),)


@bp.get("/counter")
@requires_duty(Duty.COUNTER)
def counter() -> str:
    """Show what the counter has to look at."""
    return _queue("受理", "casedesk.counter", COUNTER)


@bp.get("/review")
@requires_duty(Duty.REVIEW, Duty.INSPECT)
def review() -> str:
    """Show what the back office has to do."""
    return _queue("审查", "casedesk.review", _review_tabs())


@bp.get("/delivery")
@requires_duty(Duty.DELIVER)
def delivery() -> str:
    """Show what is to be handed out."""
    return _queue("出件", "casedesk.delivery", DELIVERY)


@bp.get("/find")
@requires_duty(*ANY)
def find() -> str:
    """Show the forms to find a case by."""
    return _finding()


@bp.post("/find")
@requires_duty(*ANY)
def find_number() -> ResponseReturnValue:
    """Open the case of a number."""
    try:
        found = listing.by_number(frame.act(), current_staff(), desk.text("number", "办件编号", 60))
    except Problem as problem:
        if problem.code not in {404, 422}:
            raise
        return frame.shown_again(_finding(refused=_refusal(problem)), problem, "find")
    return desk.go_to(url_for("casedesk.case", case_id=found.public_id))


@bp.post("/find/person")
@requires_duty(Duty.COUNTER, Duty.DELIVER, Duty.SUPERVISE)
def find_person() -> ResponseReturnValue:
    """List the cases of a document number; leaves a trace."""
    act, member = frame.act(), current_staff()
    if is_anonymous_to(member):
        raise Problem(403, "anonymous", "申请人对您保密，不能按证件号查。")
    try:
        found = listing.of_person(act, member, _document(), request.form.get("reason", ""))
    except Problem as problem:
        if problem.code != 422:
            raise
        db.session.rollback()
        return frame.shown_again(_finding(refused=_refusal(problem, "person-")), problem, "find")
    return _finding(found=found, **_beside([line.case for line in found]))


def _review_tabs() -> tuple[Tab, ...]:
    member = current_staff()
    mine = listing.Wanted(RUNNING, review_by=member.public_id)
    inspecting = Tab("inspect", "待勘验", "没有等着勘验的件。", listing.Wanted(RUNNING, to_inspect=True))
    checking = Tab("check", "待核查承诺", "没有等着核查的承诺。", listing.Wanted(), matter="check")
    if not has_duty(member, Duty.REVIEW):
        return inspecting, checking
    return (
        Tab("all", "全部在办", "没有在办的件。", listing.Wanted(RUNNING)),
        Tab("free", "没人接的", "受理了的都有人接了。", listing.Wanted(frozenset({State.ACCEPTED}))),
        Tab("mine", "我接的", "您还没有接件。", mine),
        inspecting,
        checking,
    )


def _queue(title: str, endpoint: str, tabs: tuple[Tab, ...]) -> str:
    act, member = frame.act(), current_staff()
    chosen = next((tab for tab in tabs if tab.name == request.args.get("tab")), tabs[0])
    if chosen.matter:
        open_ = [case for _, case in matters.waiting(db.session, member, [chosen.matter])]
        found = listing.Page([listing.Line(case, listing.lamp_of(act, case)) for case in open_], None)
    else:
        found = listing.listed(act, member, chosen.wanted, request.args.get("after"))
    counts = {tab.name: listing.counted(act, member, tab.wanted) for tab in tabs if not tab.matter}
    return frame.page(
        "queue",
        title=title,
        endpoint=endpoint,
        tabs=tabs,
        chosen=chosen,
        counts=counts,
        lines=found.lines,
        after=found.after,
        **_beside([line.case for line in found.lines]),
    )


def _finding(**values: Any) -> str:
    empty: dict[str, Any] = {"refused": None, "found": None, "sites": {}, "reviewers": {}}
    return frame.page("find", by_person=not is_anonymous_to(current_staff()), **empty | values)


def _refusal(problem: Problem, prefix: str = "") -> dict[str, Any]:
    faults = {f"{prefix}{name}": why for name, why in problem.invalid_params}
    return {"why": problem.description, "faults": faults, "given": request.form}


def _document() -> str:
    """A document number of either kind."""
    given = desk.text("number", "证件号", 40)
    try:
        return id_number(given)
    except Problem:
        return credit_code(given, "number")


def _beside(rows: list[Case]) -> dict[str, Any]:
    """The names beside the cases of a list."""
    return {
        "sites": site_names(db.session, {case.site_code for case in rows}),
        "reviewers": people.names(db.session, {case.review_by for case in rows}),
    }
