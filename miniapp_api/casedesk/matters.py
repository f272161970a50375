"""What waits for somebody's word: extensions and new demands to approve, questions, commitments to check.

Staff ask for what only a superior may decide (行政许可法第四十二条; a second notice with new demands);
the applicant's questions and commitments to check follow from the events of the case (`note`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from miniapp_api.casedesk.models import CaseMatter
from miniapp_api.casedesk.people import find_colleague
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import OPEN, Act, By, Case, Step, explaining
from miniapp_api.errors import Problem
from miniapp_api.staff.service import Duty, StaffMember, has_duty

APPROVED = ("extension", "demands")
QUESTIONS = ("objection", "call")

NAMES = {
    "extension": "申请延期",
    "demands": "补正有新要求",
    "objection": "异议",
    "call": "要求回电",
    "check": "承诺待核查",
}

MOST = 100
"""Open matters on one page."""

_SETTLES = {
    "extended": ("extension",),
    "answered": QUESTIONS,
    "checked": ("check",),
    "correction_requested": ("demands",),
}


def note(act: Act, case: Case, step: Step) -> None:
    """Open and settle what follows from an event, in its transaction."""
    event = step.row
    kinds = list(_SETTLES.get(event.kind, ()))
    if case.state not in OPEN:
        kinds += APPROVED
    if kinds:
        _settle_all(act, case, kinds)
    if event.kind == "asked":
        _open(act, case, str(event.fact["what"]))
    elif step.after.unchecked and not step.before.unchecked:
        _open(act, case, "check")


def propose(act: Act, member: StaffMember, case: Case, fact: cases.Fact, *, seen: int) -> CaseMatter:
    """Ask a superior for an extension, or for a second notice with new demands.

    Args:
        act: in the member's name.
        member: who asks.
        case: about which.
        fact: `Extended` or `CorrectionRequested`, without who approves.
        seen: the version of the case that their screen shows.

    Raises:
        Problem: 409 if it is asked for already, the case has changed, or it would not be legal if approved.
    """
    kind = "extension" if fact.kind == "extended" else "demands"
    cases.hold(act.session, case, seen=seen)
    if any(matter.kind == kind for matter in of_case(act.session, case)):
        raise Problem(409, "asked_already", f"已经有一个“{NAMES[kind]}”在等领导批，不用再报。")
    proposal = fact.model_dump(mode="json")
    approved = proposal if kind == "extension" else proposal | {"superior": member.public_id}
    if why := explaining.why_not(act, cases.course_of(act, case), cases.read_fact(approved)):
        raise Problem(409, "not_now", why)
    return _open(act, case, kind, proposal=proposal, asked_by=member.public_id)


def settle(act: Act, member: StaffMember, matter: CaseMatter, *, approve: bool, seen: int) -> None:
    """Approve what was asked for, which makes it happen, or refuse it.

    Args:
        act: in the superior's name.
        member: the superior.
        matter: an extension or new demands, on a case within their reach.
        approve: or refuse.
        seen: the version of the case that their screen shows.

    Raises:
        Problem: 403 if it needs another's word; 409 if it is settled already, the case has changed, or it is
            not legal any more.
    """
    case = act.session.get_one(Case, matter.case_id)
    cases.hold(act.session, case)
    act.session.refresh(matter)
    if matter.settled_at is not None:
        raise Problem(409, "settled_already", "这一项已经批过了，请刷新页面。")
    if not may_settle(member, case, matter):
        raise Problem(403, "not_your_duty", _needs(case, matter))
    matter.settled_at, matter.settled_by, matter.approved = act.now, member.public_id, approve
    if approve:
        _let_it_happen(act, member, case, matter, seen)


def may_settle(member: StaffMember, case: Case, matter: CaseMatter) -> bool:
    """Tell whether somebody's word is what a matter waits for."""
    if matter.kind == "extension" and case.is_joint:
        return has_duty(member, Duty.GOVERNMENT)
    return has_duty(member, Duty.SUPERVISE)


def waiting(session: Session, member: StaffMember, kinds: Sequence[str]) -> list[tuple[CaseMatter, Case]]:
    """The open matters of some kinds on cases within somebody's reach, the oldest first, at most `MOST`."""
    reachable = cases.within_reach_of(session, member).subquery()
    wanted = (
        select(CaseMatter, Case)
        .join(Case, Case.id == CaseMatter.case_id)
        .where(CaseMatter.settled_at.is_(None), CaseMatter.kind.in_(kinds))
        .where(CaseMatter.case_id.in_(select(reachable.c.id)))
    )
    rows = session.execute(wanted.order_by(CaseMatter.id).limit(MOST)).all()
    return [(row[0], row[1]) for row in rows]


def of_case(session: Session, case: Case) -> Sequence[CaseMatter]:
    """What is open about one case."""
    return session.scalars(select(CaseMatter).filter_by(case_id=case.id, settled_at=None).order_by(CaseMatter.id)).all()


def find(session: Session, member: StaffMember, public_id: str) -> CaseMatter:
    """Find a matter on a case within reach.

    Raises:
        Problem: 404.
    """
    found = session.scalar(select(CaseMatter).filter_by(public_id=public_id))
    if found is None:
        raise Problem(404, "matter_not_found", "没有这一项，可能已经处理了，请刷新页面。")
    cases.find_at_work(session, member, session.get_one(Case, found.case_id).public_id)
    return found


def _let_it_happen(act: Act, superior: StaffMember, case: Case, matter: CaseMatter, seen: int) -> None:
    facts = dict(matter.proposal or {})
    if matter.kind == "extension":
        facts |= {"approved_by": superior.public_id}
        cases.do(act, superior, case, cases.read_fact(facts), seen=seen)
        return
    facts |= {"superior": superior.public_id}
    asker = find_colleague(act.session, str(matter.asked_by))
    asked = cases.acting(act.session, By("staff", asker.public_id), act.now)
    cases.do(asked, asker, case, cases.read_fact(facts), seen=seen)


def _needs(case: Case, matter: CaseMatter) -> str:
    joint = matter.kind == "extension" and case.is_joint
    return f"这一项要由{'本级政府负责人' if joint else '分管领导'}批。"


def _open(act: Act, case: Case, kind: str, **more: Any) -> CaseMatter:
    matter = CaseMatter(case_id=case.id, kind=kind, asked_at=act.now, **more)
    act.session.add(matter)
    act.session.flush()
    return matter


def _settle_all(act: Act, case: Case, kinds: Collection[str]) -> None:
    still = update(CaseMatter).filter_by(case_id=case.id, settled_at=None).where(CaseMatter.kind.in_(kinds))
    act.session.execute(still.values(settled_at=act.now))
