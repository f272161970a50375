"""The page of one case: its course and clock, and the steps that may be taken now."""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from miniapp_api.casedesk import fields, frame, matters, printing, sight, steps
from miniapp_api.casedesk.frame import ANY, bp
from miniapp_api.casedesk.sight import Sight
from miniapp_api.casedesk.steps import REMARK, Step
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import explaining, listing
from miniapp_api.desk import service as desk
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.privacy.service import reads, reveal
from miniapp_api.sites.service import find_site
from miniapp_api.staff.service import Duty, current_staff, has_duty, requires_duty

MOST_READS = 20


@bp.get("/<opaque:case_id>")
@requires_duty(*ANY)
def case(case_id: str) -> str:
    """Show a case."""
    step = steps.find(request.args.get("done", ""))
    return _page(_look(case_id), said=step.done if step else None)


@bp.post("/<opaque:case_id>/steps/<string(maxlength=32):name>")
@requires_duty(*ANY)
def take_step(case_id: str, name: str) -> ResponseReturnValue:
    """Take a step, or ask for it; refused, the form is shown again with what was typed, and what happened meanwhile."""
    step = steps.find(name)
    if step is None:
        raise Problem(404)
    try:
        asking = _take(_look(case_id), step)
    except Problem as problem:
        if problem.code not in {409, 422}:
            raise
        db.session.rollback()
        return _refused(_look(case_id), step, problem)
    if asking:
        return _page(_look(case_id), asking={"step": step, **asking})
    return desk.go_to(url_for("casedesk.case", case_id=case_id, done=step.name))


@bp.post("/<opaque:case_id>/applicant")
@requires_duty(*ANY)
def reveal_applicant(case_id: str) -> ResponseReturnValue:
    """Show whose case it is, in full; leaves a trace first."""
    fields_shown = sight.shown_fields(_look(case_id))
    try:
        reveal(db.session, current_staff(), f"case:{case_id}", fields_shown, request.form.get("reason", ""))
    except Problem as problem:
        if problem.code != 422:
            raise
        db.session.rollback()
        refused = {"name": "applicant", "faults": dict(problem.invalid_params), "given": request.form}
        return frame.shown_again(_page(_look(case_id), refused=refused), problem, "case")
    seen = _look(case_id)
    return _page(seen, in_full=sight.in_full(seen))


@bp.post("/<opaque:case_id>/papers/<opaque:paper_id>")
@requires_duty(Duty.COUNTER, Duty.DELIVER, Duty.SUPERVISE)
def print_paper(case_id: str, paper_id: str) -> Response:
    """Give a paper of a case as PDF; leaves a trace first, as it says whose case it is."""
    return printing.pdf(frame.case_at_work(case_id), paper_id)


def _look(case_id: str) -> Sight:
    return sight.look(frame.act(), current_staff(), frame.case_at_work(case_id))


def _take(seen: Sight, step: Step) -> dict[str, Any] | None:
    """Take a step, unless its effect is to be shown first: then gives that.

    Raises:
        Problem: 403, 409 or 422 as the use case.
    """
    if not steps.is_open_to(seen, step):
        raise Problem(403, "not_your_duty", "这一步不是您的岗位办的。需要的话，请找分管领导。")
    values = fields.values_of([*step.fields(seen), REMARK])
    fact, version = step.fact(seen, values), desk.number("seen", "页面的版本", 10**9)
    if step.shows and "sure" not in request.form:
        if why := explaining.why_not(seen.act, seen.course, fact):
            raise Problem(409, "not_now", why)
        if version == seen.case.version:
            return {"changes": explaining.changes(seen.act, seen.course, fact), "values": _sent()}
    if step.proposed:
        matters.propose(seen.act, seen.member, seen.case, fact, seen=version)
    else:
        cases.do(seen.act, seen.member, seen.case, fact, seen=version, remark=values[REMARK.name])
    return None


def _refused(seen: Sight, step: Step, problem: Problem) -> Response:
    """Show the case as it is now, the refused form open."""
    version = request.form.get("seen", "")
    known = int(version) if version.isascii() and version.isdigit() and len(version) < 10 else seen.case.version
    refused = {
        "name": step.name,
        "step": step,
        "why": problem.description,
        "faults": dict(problem.invalid_params),
        "given": request.form,
        "missed": sight.missed(seen, known),
    }
    return frame.shown_again(_page(seen, refused=refused), problem, "case")


def _sent() -> list[tuple[str, str]]:
    """What the form sent, to be sent again by whoever confirms it."""
    ours = {"csrf_token", "sure"}
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ours]


def _page(seen: Sight, **values: Any) -> str:
    case, site = seen.case, find_site(db.session, seen.case.site_code)
    offers = steps.offers(seen)
    whole, parts = listing.related(seen.act, seen.member, case)
    return frame.page(
        "case",
        **{"said": None, "asking": None, "refused": None, "in_full": None} | values,
        case=case,
        course=seen.course,
        stage=cases.stage_of(case),
        turn=_turn(seen),
        lamp_of_case=listing.lamp_of(seen.act, case),
        nothing_given=MultiDict(),
        arithmetic=explaining.arithmetic(seen.act, seen.course),
        site=site,
        whole=whole,
        parts=parts,
        materials=seen.materials,
        applicant=sight.masked(seen),
        anonymous=seen.anonymous,
        history=sight.history(seen),
        broken=cases.broken_at(seen.events),
        papers=printing.papers(case),
        prints=not seen.anonymous,
        offers=[(offer, [*offer.step.fields(seen), REMARK]) for offer in offers if offer.why_not is None],
        not_now=[offer for offer in offers if offer.why_not],
        matters=[(matters.NAMES[matter.kind], matter) for matter in matters.of_case(db.session, case)],
        reads=_reads(seen),
    )


def _turn(seen: Sight) -> str:
    """Whose turn it is, said to staff."""
    return {"you": "在等申请人", "bureau": "该我们办了", "others": "在等特别程序的结果", "nobody": "没有要办的了"}[
        cases.turn(seen.act, seen.course).who
    ]


def _reads(seen: Sight) -> list[dict[str, Any]]:
    """Who read whose case it is, for superiors."""
    if not has_duty(seen.member, Duty.SUPERVISE):
        return []
    rows = reads(db.session, subject=f"case:{seen.case.public_id}", limit=MOST_READS)
    return sight.with_names(db.session, rows)
