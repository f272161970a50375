"""The card of a case: what its owner reads, in the order in which they ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from miniapp_api.cases import clock, wording
from miniapp_api.cases.acting import Act
from miniapp_api.cases.course import OPEN, Course, State
from miniapp_api.cases.models import Case, CaseEvent, CaseMaterial
from miniapp_api.cases.recording import course_from, rows_of
from miniapp_api.sites.service import find_site


@dataclass(frozen=True, slots=True)
class Turn:
    """Whose turn it is (`you`, `bureau`, `others`, `nobody`), and what comes next."""

    who: str
    next: str


@dataclass(frozen=True, slots=True)
class Promise:
    """The promised last day, and how it came about.

    Attributes:
        day: None if nobody can tell yet, or there is no limit.
        text: it in words, or why there is none.
        first: the day that was promised first, if it moved.
        why: why it moved, in words.
        kept: whether it was kept; None while nothing is decided.
    """

    day: date | None
    text: str | None
    first: date | None
    why: list[str]
    kept: bool | None


@dataclass(frozen=True, slots=True)
class Card:
    """What the owner of a case reads."""

    public_id: str
    number: str
    item: str
    state: str
    stage: str
    turn: Turn
    promise: Promise
    statutory: date | None
    accepted_on: date | None
    stopped_now: str | None
    site: str
    phone: str
    materials: list[dict[str, Any]]
    history: list[dict[str, Any]]
    may: list[str]
    outside: str | None
    synced_at: datetime | None
    version: int
    as_of: datetime


def card(act: Act, case: Case) -> Card:
    """Make the card of a case, as of now."""
    rows = rows_of(act.session, case)
    course = course_from(act, case, rows)
    site = find_site(act.session, case.site_code)
    stop = clock.stop_on(course, act.today, act.calendar)
    stopped = f"正在{wording.CAUSES[stop.cause]}，时限暂停计算" if stop else None
    statutory = clock.statutory(course, act.calendar)
    return Card(
        public_id=case.public_id,
        number=case.number,
        item=case.item_name,
        state=case.state,
        stage=stage_of(case),
        turn=turn(act, course),
        promise=_promise(act, course),
        statutory=statutory.day if statutory else None,
        accepted_on=course.accepted_on,
        stopped_now=stopped,
        site=site.name if site else "政务服务大厅",
        phone=site.phone if site else "12345",
        materials=_materials(act, case),
        history=[_line(row) for row in rows],
        may=_may(case, course),
        outside=case.outside,
        synced_at=case.synced_at,
        version=case.version,
        as_of=act.now,
    )


def stage_of(case: Case) -> str:
    """The stage of a case in plain words."""
    stage = wording.STAGES[State(case.state)]
    decided = {"granted": "准予许可", "denied": "不予许可", "deemed_renewed": "视为准予延续"}.get(case.outcome or "")
    return f"{stage}（{decided}）" if decided else stage


def turn(act: Act, course: Course) -> Turn:
    """Whose turn it is, and what comes next."""
    by = wording.due_text
    match course.state:
        case State.RECEIVED:
            until = by(clock.notice(course, act.calendar))
            return Turn("bureau", f"工作人员看材料齐不齐，最晚{until}告诉您。到时没说缺什么，就算受理了。")
        case State.CORRECTING:
            until = wording.day_text(course.lacking_until) if course.lacking_until else ""
            return Turn("you", f"请在{until}前补齐：" + "、".join(sorted(course.lacking)) + "。")
        case State.ACCEPTED | State.UNDER_REVIEW if course.owed:
            until = wording.day_text(course.owed_until) if course.owed_until else ""
            return Turn("you", f"请在{until}前补齐：" + "、".join(sorted(course.owed)) + "。其他的照常在办。")
        case State.ACCEPTED | State.UNDER_REVIEW if stop := clock.stop_on(course, act.today, act.calendar):
            return Turn("others", f"等{wording.CAUSES[stop.cause]}的结果，您不用做什么。")
        case State.ACCEPTED:
            return Turn("bureau", "等审批人员审查，您不用做什么。")
        case State.UNDER_REVIEW:
            return Turn("bureau", "审批人员正在审查，您不用做什么。")
        case State.DECIDED:
            until = by(clock.delivery(course, act.calendar))
            return Turn("bureau", f"决定文书最晚{until}送到您手里。" if until else "等送达。")
        case _:
            return Turn("nobody", "这件事办完了。")


def _promise(act: Act, course: Course) -> Promise:
    due, first = clock.promised(course, act.calendar), clock.first_promised(course, act.calendar)
    day = due.day if due else None
    moved = first is not None and first.day != day
    return Promise(
        day=day,
        text=wording.due_text(due),
        first=first.day if first and moved else None,
        why=_why(act, course) if moved else [],
        kept=course.decided_on <= day if course.decided_on and day and course.accepted_on else None,
    )


def _why(act: Act, course: Course) -> list[str]:
    reasons = [f"{wording.day_text(stop.since)}起{wording.CAUSES[stop.cause]}，时限暂停" for stop in course.stops]
    lost = clock.workdays_stopped(course, act.today, act.calendar)
    if lost:
        reasons.append(f"到今天一共暂停了 {lost} 个工作日")
    if course.extension:
        reasons.append(f"经批准延长了 {course.extension} 个工作日")
    return reasons


def _materials(act: Act, case: Case) -> list[dict[str, Any]]:
    rows = act.session.scalars(select(CaseMaterial).filter_by(case_id=case.id).order_by(CaseMaterial.position))
    return [{"name": row.name, "state": row.state, "note": row.note} for row in rows]


def _line(row: CaseEvent) -> dict[str, Any]:
    return {"seq": row.seq, "kind": row.kind, "at": row.at, "said": row.said}


def _may(case: Case, course: Course) -> list[str]:
    """What the owner may do from the page."""
    if case.outside:
        return []
    return [*(["withdraw"] if course.state in OPEN else []), "object", "call"]
