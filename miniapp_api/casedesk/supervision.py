"""The pages of superiors: lamps by site, what waits for their word, and who read personal data."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.casedesk import fields, frame, matters, people, sight
from miniapp_api.casedesk.fields import Field
from miniapp_api.casedesk.frame import bp
from miniapp_api.casedesk.models import CaseMatter
from miniapp_api.casedesk.wording import site_names
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import Case, Light, listing
from miniapp_api.desk import service as desk
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.privacy.service import PersonalRead
from miniapp_api.privacy.service import reads as personal_reads
from miniapp_api.staff.service import Duty, StaffMember, current_staff, requires_duty

READS = 50

_ANSWER = Field("answer", "批不批", "choice", options=(("yes", "批准"), ("no", "不批")))


@bp.get("/supervision")
@requires_duty(Duty.SUPERVISE, Duty.GOVERNMENT)
def supervision() -> str:
    """Show the lamps of all sites within reach, and what waits."""
    return _page()


@bp.get("/supervision/cases")
@requires_duty(Duty.SUPERVISE, Duty.GOVERNMENT)
def supervised() -> str:
    """List the open cases of one lamp, or of one site."""
    act, member = frame.act(), current_staff()
    lamp = next((lamp for lamp in Light if lamp.value == request.args.get("lamp")), None)
    site = request.args.get("site", "")[:64] or None
    found = listing.listed(act, member, listing.Wanted(lamp=lamp, site=site), request.args.get("after"))
    rows = [line.case for line in found.lines]
    sites = site_names(db.session, {case.site_code for case in rows} | ({site} if site else set()))
    return frame.page(
        "supervised",
        lines=found.lines,
        after=found.after,
        lamp=lamp,
        site=site,
        sites=sites,
        reviewers=people.names(db.session, {case.review_by for case in rows}),
    )


@bp.post("/matters/<opaque:matter_id>")
@requires_duty(Duty.SUPERVISE, Duty.GOVERNMENT)
def settle(matter_id: str) -> ResponseReturnValue:
    """Approve what staff ask for, or refuse it."""
    try:
        answer = fields.values_of([_ANSWER])["answer"]
        matter = matters.find(db.session, current_staff(), matter_id)
        seen = desk.number("seen", "页面的版本", 10**9)
        matters.settle(frame.act(), current_staff(), matter, approve=answer == "yes", seen=seen)
    except Problem as problem:
        if problem.code not in {409, 422}:
            raise
        db.session.rollback()
        return frame.shown_again(_page(refused={"id": matter_id, "why": _why(problem)}), problem, "waiting")
    return desk.go_to(url_for("casedesk.supervision", done=answer))


@bp.get("/reads")
@requires_duty(Duty.SUPERVISE)
def reads() -> str:
    """Show who read whose personal data."""
    given = request.args.get("before", "")
    before = int(given) if given.isascii() and given.isdigit() and len(given) < 18 else None
    rows = list(personal_reads(db.session, superior=current_staff(), before=before, limit=READS))
    return frame.page(
        "reads",
        rows=_with_cases(rows),
        before=rows[-1].id if len(rows) == READS else None,
    )


def _page(**values: Any) -> str:
    act, member = frame.act(), current_staff()
    counts = listing.lamps(act, member)
    waiting = [_shown(member, matter, case) for matter, case in matters.waiting(db.session, member, matters.APPROVED)]
    questions = matters.waiting(db.session, member, matters.QUESTIONS)
    return frame.page(
        "supervision",
        **{"refused": None} | values,
        said={"yes": "批准了，已经生效。", "no": "没有批，报的人看得到。"}.get(request.args.get("done", "")),
        counts=sorted(counts.items()),
        totals={lamp: sum(count[lamp] for count in counts.values()) for lamp in Light},
        sites=site_names(db.session, counts),
        waiting=waiting,
        questions=[(matters.NAMES[matter.kind], matter, case) for matter, case in questions],
    )


def _shown(member: StaffMember, matter: CaseMatter, case: Case) -> dict[str, Any]:
    """What is asked for, with who asks and whether this superior's word is the one."""
    known = people.names(db.session, [matter.asked_by])
    proposal = matter.proposal or {}
    return {
        "id": matter.public_id,
        "name": matters.NAMES[matter.kind],
        "case": case,
        "by": known.get(matter.asked_by or "", "离岗人员"),
        "at": matter.asked_at,
        "workdays": proposal.get("workdays"),
        "items": proposal.get("items", []),
        "reason": proposal.get("reason"),
        "mine": matters.may_settle(member, case, matter),
        "joint": case.is_joint,
    }


def _with_cases(rows: list[PersonalRead]) -> list[dict[str, Any]]:
    """Each read with the case that it was about, where it was one within reach."""
    ids = {row.subject.removeprefix("case:") for row in rows if row.subject.startswith("case:")}
    within = cases.within_reach_of(db.session, current_staff()).where(Case.public_id.in_(ids))
    found = {case.public_id: case for case in db.session.scalars(within)}
    shown = sight.with_names(db.session, rows)
    return [line | {"case": found.get(line["subject"].removeprefix("case:"))} for line in shown]


def _why(problem: Problem) -> str:
    return "".join(f"{why}。" for _, why in problem.invalid_params) or str(problem.description)
