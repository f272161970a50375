"""What staff do to a case: which duty each step needs, and what it does to the list of materials."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import func, select, update

from miniapp_api import vault
from miniapp_api.cases.acting import Act
from miniapp_api.cases.course import OPEN
from miniapp_api.cases.events import Concluded, Fact
from miniapp_api.cases.models import Case, CaseEvent, CaseMaterial, CaseRemark
from miniapp_api.cases.recording import hold, record
from miniapp_api.errors import Problem
from miniapp_api.staff.service import Duty, StaffMember, has_duty

DUTIES: dict[str, tuple[Duty, ...]] = {
    "received": (Duty.COUNTER,),
    "correction_requested": (Duty.COUNTER,),
    "corrected": (Duty.COUNTER,),
    "accepted": (Duty.COUNTER,),
    "not_required": (Duty.COUNTER,),
    "not_ours": (Duty.COUNTER,),
    "completed": (Duty.COUNTER,),
    "withdrawn": (Duty.COUNTER,),
    "taken_up": (Duty.REVIEW,),
    "inspected": (Duty.INSPECT, Duty.REVIEW),
    "stopped": (Duty.REVIEW,),
    "resumed": (Duty.REVIEW,),
    "granted": (Duty.REVIEW,),
    "denied": (Duty.REVIEW,),
    "checked": (Duty.REVIEW, Duty.INSPECT),
    "extended": (Duty.SUPERVISE, Duty.GOVERNMENT),
    "revoked": (Duty.SUPERVISE,),
    "terminated": (Duty.SUPERVISE,),
    "delivered": (Duty.DELIVER,),
    "answered": (Duty.COUNTER, Duty.REVIEW, Duty.SUPERVISE),
}
"""By kind of event, the duties any of which lets somebody cause it. What is not here, staff cannot cause."""


def may(member: StaffMember, kind: str, *, one_person: bool = False) -> bool:
    """Tell whether somebody may cause an event; of plain registrations, whoever receives may decide."""
    allowed = DUTIES.get(kind, ())
    if one_person and kind in {"taken_up", "granted", "denied"}:
        allowed = (*allowed, Duty.COUNTER)
    return any(has_duty(member, duty) for duty in allowed)


def do(act: Act, member: StaffMember, case: Case, fact: Fact, *, seen: int, remark: str | None = None) -> CaseEvent:
    """Let a member of staff take a step; delivering also concludes.

    Args:
        act: in their name.
        member: who; the case is within their reach (`policy`).
        case: which.
        fact: the step.
        seen: the version of the case that their screen shows.
        remark: for colleagues, never shown to citizens.

    Raises:
        Problem: 403 if it is not their duty; 409 if it may not follow, or their screen is stale.
    """
    if not may(member, fact.kind, one_person=bool(case.terms.get("one_person"))):
        raise Problem(403, "not_your_duty", "这一步不是您的岗位办的。需要的话，请找分管领导。")
    _parts_first(act, case, fact)
    row = record(act, case, fact, seen=seen)
    _mark_materials(act, case, fact)
    if remark:
        _remark(act, member, case, row, remark)
    if fact.kind == "delivered":
        record(act, case, Concluded())
    return row


def remarks(act: Act, case: Case) -> list[tuple[CaseRemark, str]]:
    """What staff wrote about a case, oldest first, each with its text."""
    rows = act.session.scalars(select(CaseRemark).filter_by(case_id=case.id).order_by(CaseRemark.id))
    return [(row, vault.unseal("case_remarks.sealed", row.public_id, row.sealed)) for row in rows]


def _parts_first(act: Act, case: Case, fact: Fact) -> None:
    """A joint handling is decided when all its parts are."""
    if fact.kind not in {"granted", "denied"}:
        return
    hold(act.session, case)
    undecided = select(func.count()).where(Case.parent_id == case.id, Case.state.in_(state.value for state in OPEN))
    if act.session.scalar(undecided):
        raise Problem(409, "parts_open", "联办的子件还没有全部办完，总件不能作决定。")


def _mark_materials(act: Act, case: Case, fact: Fact) -> None:
    facts: Any = fact
    match fact.kind:
        case "correction_requested":
            _mark(act, case, facts.items, "lacking")
        case "accepted":
            _mark(act, case, facts.owed, "owed")
        case "corrected" | "completed":
            _mark(act, case, facts.items, "handed_in")


def _mark(act: Act, case: Case, names: Collection[str], state: str) -> None:
    """Mark materials; a notice may name one with what is to be done about it: 平面图：请标面积."""
    told = {name.partition("：")[0] for name in names}
    there = update(CaseMaterial).where(CaseMaterial.case_id == case.id, CaseMaterial.name.in_({*names, *told}))
    act.session.execute(there.values(state=state))


def _remark(act: Act, member: StaffMember, case: Case, row: CaseEvent, text: str) -> None:
    remark = CaseRemark(case_id=case.id, seq=row.seq, staff=member.public_id, sealed="", at=act.now)
    act.session.add(remark)
    act.session.flush()
    remark.sealed = vault.seal("case_remarks.sealed", remark.public_id, text)
