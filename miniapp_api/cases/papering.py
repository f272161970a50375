"""Which papers each event calls for, and the facts on them; numbered in the transaction of the event itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from miniapp_api.cases import clock, items, wording
from miniapp_api.cases.acting import Act, Step
from miniapp_api.cases.clock import Due
from miniapp_api.cases.course import Course
from miniapp_api.cases.events import Cause, Event
from miniapp_api.cases.models import Case, CaseMaterial
from miniapp_api.cases.receiving import personal
from miniapp_api.errors import Problem
from miniapp_api.papers.service import KINDS, MissingCharacterError, issue, papers_of
from miniapp_api.sites.service import find_site
from miniapp_api.staff.service import name_of

Facts = dict[str, Any]
LastDay = date | str
"""A last day, or why nobody can tell it yet."""

BY_ITSELF = "系统"
NO_LIMIT = "没有法定时限"
HOW_TO_HAND_IN = "到窗口交，或者寄到收件的大厅，写明办件编号。"
ARTICLE = "《中华人民共和国行政许可法》"
COMMITTED = ("申请人承诺符合办理条件，提交的材料真实。",)
CONDITIONS = ("办理条件见本事项的办事指南，工作人员已当面告知。",)
CONSEQUENCES = ("承诺不实的，依法限期改正、撤销决定，记入信用记录，信用修复以前不再适用告知承诺。",)
WATCHED = "作出决定以后，对承诺的内容进行核查。"


def paper(act: Act, case: Case, step: Step) -> None:
    """Issue the papers that an event calls for; of a case of another system, it issues them itself.

    Raises:
        Problem: 422 if a name or a reason cannot be printed.
    """
    kind_of_event, by = step.event.fact.kind, step.event.by
    if case.outside or case.sealed is None or kind_of_event not in _CALLED_FOR:
        return
    moment = _moment(act, case, step)
    for kind, facts in _CALLED_FOR[kind_of_event](moment):
        try:
            issue(
                act.session,
                kind,
                _fitting(kind, moment.common) | facts,
                locality=case.locality,
                subject=case.public_id,
                actor=by.id or by.kind,
                now=act.now,
            )
        except MissingCharacterError as missing:
            raise Problem(422, "character_unprintable", str(missing)) from None


@dataclass(frozen=True, slots=True)
class Moment:
    """A case at one of its events, as papers see it.

    Attributes:
        before: the course up to the event.
        after: the course with it.
        common: facts that every paper has.
        who: whose name stands on the paper.
    """

    act: Act
    case: Case
    event: Event
    before: Course
    after: Course
    common: Facts
    who: str

    @property
    def fact(self) -> Any:
        """What happened; of the kind that the table says."""
        return self.event.fact

    @property
    def basis(self) -> str:
        """The laws that the item rests on."""
        item = items.find(self.case.item, self.case.locality, self.act.casework)
        return "、".join(item.basis) if item and item.basis else f"{ARTICLE}和本事项的设定依据"

    def query_code(self) -> str:
        """The query code in two groups of four."""
        code = personal(self.case)["query"] or ""
        return f"{code[:4]} {code[4:]}"

    def materials(self) -> list[dict[str, str]]:
        """What was handed in, as a table."""
        wanted = select(CaseMaterial.name).filter_by(case_id=self.case.id).where(CaseMaterial.state != "lacking")
        names = self.act.session.scalars(wanted.order_by(CaseMaterial.position)).all()
        return [{"name": name} for name in names] or [{"name": "申请表"}]

    def limits(self) -> Facts:
        """Both last days of the decision."""
        calendar = self.act.calendar
        return {
            "statutory_due": _due(clock.statutory(self.after, calendar)),
            "promised_due": _due(clock.promised(self.after, calendar)),
        }


def _moment(act: Act, case: Case, step: Step) -> Moment:
    by = step.event.by
    who = name_of(act.session, by.id) if by.kind == "staff" and by.id else None
    return Moment(act, case, step.event, step.before, step.after, _common(act, case), who or BY_ITSELF)


def _fitting(kind: str, common: Facts) -> Facts:
    known = {*KINDS[kind].needs, *KINDS[kind].may}
    return {name: fact for name, fact in common.items() if name in known}


def _common(act: Act, case: Case) -> Facts:
    applicant, site = personal(case), find_site(act.session, case.site_code)
    return {
        "case_number": case.number,
        "applicant": applicant["name"],
        "agent": applicant.get("agent"),
        "item": case.item_name,
        "contact": f"{site.name}，电话 {site.phone}" if site else "12345",
    }


def _due(due: Due | None) -> LastDay:
    if due is None:
        return NO_LIMIT
    return due.day or f"待定：{due.unknown}"


# ------------------------------------------------------------------ kinds

Papers = Iterator[tuple[str, Facts]]


def _received(moment: Moment) -> Papers:
    reply = _due(clock.notice(moment.after, moment.act.calendar))
    yield (
        "receipt",
        {
            "query_code": moment.query_code(),
            "materials": moment.materials(),
            "received_at": moment.event.at,
            "received_by": moment.who,
            "reply_by": reply,
        },
    )


def _correction(moment: Moment) -> Papers:
    yield (
        "correction",
        {
            "query_code": moment.query_code(),
            "received_at": moment.case.received_at,
            "missing": list(moment.fact.items),
            "correct_by": moment.fact.until,
            "informed_by": moment.who,
        },
    )


def _accepted(moment: Moment) -> Papers:
    facts = {
        "query_code": moment.query_code(),
        "materials": moment.materials(),
        "accepted_on": moment.after.accepted_on,
        "accepted_by": moment.who,
        **moment.limits(),
    }
    if moment.fact.owed:
        owed = {"owed": list(moment.fact.owed), "owed_how": HOW_TO_HAND_IN, "owed_until": moment.fact.owed_until}
        yield "provisional", facts | owed
    else:
        yield "acceptance", facts | {"provisional": False}
    if moment.fact.commitment:
        yield (
            "commitment",
            {
                "basis": moment.basis,
                "conditions": list(CONDITIONS),
                "consequences": list(CONSEQUENCES),
                "supervision": WATCHED,
                "commitments": list(COMMITTED),
                "disclosed": False,
            },
        )


def _deemed(moment: Moment) -> Papers:
    yield (
        "deemed_acceptance",
        {
            "query_code": moment.query_code(),
            "received_at": moment.case.received_at,
            "accepted_on": moment.after.accepted_on,
            **moment.limits(),
        },
    )


def _not_ours(moment: Moment) -> Papers:
    yield (
        "not_ours",
        {
            "reasons": moment.fact.reason,
            "basis": f"{ARTICLE}第三十二条第二项",
            "competent_body": moment.fact.go_to,
        },
    )


def _not_required(moment: Moment) -> Papers:
    yield "not_required", {"reasons": moment.fact.reason, "basis": f"{ARTICLE}第三十二条第一项"}


def _stopped(moment: Moment) -> Papers:
    yield (
        "clock_stop",
        {
            "cause": wording.CAUSES[Cause(moment.fact.cause)],
            "workdays": moment.fact.workdays,
            "stopped_on": moment.event.day,
        },
    )


def _extended(moment: Moment) -> Papers:
    calendar = moment.act.calendar
    yield (
        "extension",
        {
            "reasons": moment.fact.reason,
            "due_before": _due(clock.promised(moment.before, calendar)),
            "due_after": _due(clock.promised(moment.after, calendar)),
            "approved_by": name_of(moment.act.session, moment.fact.approved_by) or moment.who,
        },
    )


def _granted(moment: Moment) -> Papers:
    until = moment.fact.valid_until
    yield (
        "grant",
        {
            "decision": f"准予{moment.case.item_name}",
            "basis": moment.basis,
            "decided_on": moment.event.day,
            "deliver_by": _due(clock.delivery(moment.after, moment.act.calendar)),
            "valid": f"到{wording.day_text(until)}" if until else None,
        },
    )


def _denied(moment: Moment) -> Papers:
    yield (
        "denial",
        {
            "reasons": moment.fact.reason,
            "basis": moment.fact.basis,
            "decided_on": moment.event.day,
        },
    )


def _renewed(moment: Moment) -> Papers:
    yield "deemed_renewal", {"licence": moment.case.item_name, "expires_on": moment.before.expires}


def _delivered(moment: Moment) -> Papers:
    issued = papers_of(moment.act.session, moment.case.public_id)
    decisions = [f"{one.title} {one.number}" for one in issued if one.kind in {"grant", "denial", "deemed_renewal"}]
    yield (
        "delivery",
        {
            "documents": decisions or ["决定文书"],
            "way": wording.WAYS[moment.fact.way],
            "delivered_at": moment.event.at,
        },
    )


def _terminated(moment: Moment) -> Papers:
    yield "termination", {"reasons": moment.fact.reason, "ended_on": moment.event.day}


def _withdrawn(moment: Moment) -> Papers:
    yield "withdrawal", {"withdrawn_on": moment.event.day}


_CALLED_FOR: dict[str, Callable[[Moment], Papers]] = {
    "received": _received,
    "correction_requested": _correction,
    "accepted": _accepted,
    "deemed_accepted": _deemed,
    "not_ours": _not_ours,
    "not_required": _not_required,
    "stopped": _stopped,
    "extended": _extended,
    "granted": _granted,
    "denied": _denied,
    "deemed_renewed": _renewed,
    "delivered": _delivered,
    "terminated": _terminated,
    "withdrawn": _withdrawn,
}
"""By kind of event; other events call for none."""
