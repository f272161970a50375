"""A case as one member of staff sees it: what they may know of it, and what they may do with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.casedesk import people
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import Act, Case, CaseEvent, CaseMaterial, Course
from miniapp_api.privacy.service import PersonalRead, mask_mobile, mask_name, mask_number
from miniapp_api.staff.service import Duty, StaffMember, has_duty

KINDS = {"person": "个人", "company": "企业或者其他单位"}

LABELS = {"name": "姓名或单位名称", "number": "证件号", "mobile": "手机", "agent": "代办人", "query": "查询码"}
"""What `personal` holds, besides `kind`."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What the page of a case is made of.

    Attributes:
        events: what happened, in order.
        materials: the list, in order.
        anonymous: whose case it is stays hidden (审批人对申请人匿名).
    """

    act: Act
    member: StaffMember
    case: Case
    course: Course
    events: Sequence[CaseEvent]
    materials: tuple[CaseMaterial, ...]
    anonymous: bool


def look(act: Act, member: StaffMember, case: Case) -> Sight:
    """Look at a case."""
    events = cases.rows_of(act.session, case)
    rows = act.session.scalars(select(CaseMaterial).filter_by(case_id=case.id).order_by(CaseMaterial.position))
    return Sight(act, member, case, cases.course_from(act, case, events), events, tuple(rows), is_anonymous_to(member))


def is_anonymous_to(member: StaffMember) -> bool:
    """Tell whether somebody is not to know whose cases they work on: who reviews, and who does not meet applicants."""
    return has_duty(member, Duty.REVIEW) or not any(
        has_duty(member, duty) for duty in (Duty.COUNTER, Duty.DELIVER, Duty.SUPERVISE)
    )


def masked(sight: Sight) -> list[tuple[str, str]]:
    """Whose case it is, masked, as pairs of label and text; empty where it is hidden or erased."""
    opened = {} if sight.anonymous else cases.personal(sight.case)
    if not opened:
        return []
    masks = {"name": mask_name, "number": mask_number, "mobile": mask_mobile, "agent": mask_name}
    shown = [(LABELS[field], mask(text)) for field, mask in masks.items() if (text := opened.get(field))]
    return [("申请人", KINDS.get(opened.get("kind") or "", "")), *shown]


def shown_fields(sight: Sight) -> list[str]:
    """What is shown in full for a reason; who reviews has no use for the query code."""
    return [field for field in LABELS if field != "query" or not sight.anonymous]


def in_full(sight: Sight) -> list[tuple[str, str]]:
    """Whose case it is, in full; a trace was left before (`privacy.reveal`)."""
    opened = cases.personal(sight.case)
    return [(LABELS[field], text) for field in shown_fields(sight) if (text := opened.get(field))]


def history(sight: Sight) -> list[dict[str, Any]]:
    """What happened, the latest first, with who did it and what was remarked."""
    rows = sight.events
    remarks = cases.remarks(sight.act, sight.case)
    known = people.names(sight.act.session, [*(row.by_id for row in rows), *(row.staff for row, _ in remarks)])
    said: dict[int, list[tuple[str, str]]] = {}
    for remark, text in remarks:
        said.setdefault(remark.seq, []).append((known.get(remark.staff, "离岗人员"), text))
    return [
        {
            "seq": row.seq,
            "at": row.at,
            "said": row.said,
            "by": known.get(row.by_id or "") or people.KINDS.get(row.by_kind, "离岗人员"),
            "remarks": said.get(row.seq, []),
        }
        for row in reversed(rows)
    ]


def missed(sight: Sight, seen: int) -> list[dict[str, Any]]:
    """What happened after the version that somebody saw."""
    return [line for line in history(sight) if line["seq"] > seen]


def with_names(session: Session, rows: Iterable[PersonalRead]) -> list[dict[str, Any]]:
    """Who read personal data, when and why."""
    rows = list(rows)
    known = people.names(session, [row.staff_public_id for row in rows])
    return [
        {"at": row.at, "who": known.get(row.staff_public_id, "离岗人员"), "why": row.reason, "subject": row.subject}
        for row in rows
    ]
