"""Adding an event to a case: the one way in which a case changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.cases import clock, wording
from miniapp_api.cases.acting import Act, Step, listeners
from miniapp_api.cases.course import OVER, Course, State
from miniapp_api.cases.events import By, Event, Fact, read_fact
from miniapp_api.cases.models import Case, CaseEvent
from miniapp_api.cases.rules import IllegalEventError, fold, follow
from miniapp_api.cases.terms import Terms
from miniapp_api.errors import Problem


def record(act: Act, case: Case, fact: Fact, *, seen: int | None = None) -> CaseEvent:
    """Add an event, and bring the case up to date with it.

    Args:
        act: in whose name.
        case: held until the end of the transaction from here on.
        fact: what happened.
        seen: the version that whoever does this has seen; None if that does not matter.

    Raises:
        Problem: 409 if somebody else did something meanwhile, or the event may not follow.
    """
    hold(act.session, case, seen=seen)
    rows = rows_of(act.session, case)
    before, event = course_from(act, case, rows), Event(act.now, act.by, fact)
    try:
        after = follow(before, event, act.calendar)
    except IllegalEventError as illegal:
        raise Problem(409, illegal.code, illegal.reason) from None
    row = _append(act.session, case, event, rows[-1].chain if rows else "")
    case.version, case.changed_at = row.seq, row.at
    if row.kind == "taken_up":
        case.review_by = row.by_id
    bring_up_to_date(act, case, after)
    act.session.flush()
    for listener in listeners():
        listener(act, case, Step(row, event, before, after))
    return row


def hold(session: Session, case: Case, *, seen: int | None = None) -> None:
    """Hold a case until the end of the transaction, as it is now.

    Raises:
        Problem: 409 if it has changed since the version that was seen.
    """
    session.flush()
    session.refresh(case, with_for_update=True)
    if seen is not None and seen != case.version:
        raise Problem(409, "case_changed", _changed(rows_of(session, case)), extra={"version": case.version})


def course_of(act: Act, case: Case) -> Course:
    """Work out the course of a case from its events."""
    return course_from(act, case, rows_of(act.session, case))


def course_from(act: Act, case: Case, rows: Sequence[CaseEvent]) -> Course:
    """Work out the course of a case from its events, where they were read already."""
    return fold(Terms.model_validate(case.terms), [as_event(row) for row in rows], act.calendar)


def rows_of(session: Session, case: Case) -> Sequence[CaseEvent]:
    """The events of a case, in order."""
    return session.scalars(select(CaseEvent).filter_by(case_id=case.id).order_by(CaseEvent.seq)).all()


def as_event(row: CaseEvent) -> Event:
    """Read a stored event."""
    return Event(row.at, By(row.by_kind, row.by_id), read_fact(row.fact))


def chain(before: str, row: CaseEvent) -> str:
    """The link of an event to the one before it, 64 hexadecimal digits."""
    said = [row.seq, row.kind, row.at.astimezone(UTC).isoformat(), row.by_kind, row.by_id, row.fact, row.said]
    return hashlib.sha256(f"{before}{json.dumps(said, sort_keys=True)}".encode()).hexdigest()


def broken_at(rows: Sequence[CaseEvent]) -> int | None:
    """The number of the first event that was changed or follows a gap; None if all are as they were written."""
    before = ""
    for seq, row in enumerate(rows, 1):
        if row.seq != seq or row.chain != chain(before, row):
            return seq
        before = row.chain
    return None


def _append(session: Session, case: Case, event: Event, before: str) -> CaseEvent:
    row = CaseEvent(
        case_id=case.id,
        seq=case.version + 1,
        kind=event.fact.kind,
        at=event.at,
        by_kind=event.by.kind,
        by_id=event.by.id,
        fact=event.fact.model_dump(mode="json"),
        said=wording.say(event.fact),
    )
    row.chain = chain(before, row)
    session.add(row)
    return row


def bring_up_to_date(act: Act, case: Case, course: Course) -> None:
    """Let lists show what the events say."""
    for field, value in projection(act, course).items():
        setattr(case, field, value)


def projection(act: Act, course: Course) -> dict[str, Any]:
    """What lists show of a course, by column of `cases`."""
    promised, statutory = clock.promised(course, act.calendar), clock.statutory(course, act.calendar)
    open_ = course.state not in OVER and course.decided_on is None
    last_days = [
        due.day
        for due in (
            clock.notice(course, act.calendar),
            clock.delivery(course, act.calendar),
            promised if open_ else None,
            statutory if open_ else None,
        )
        if due and due.day
    ]
    return {
        "state": (course.state or State.RECEIVED).value,
        "outcome": course.outcome,
        "decided_on": course.decided_on,
        "closed_on": _closed_on(course),
        "promised_due": promised.day if promised else None,
        "statutory_due": statutory.day if statutory else None,
        "next_due": min(last_days, default=None),
    }


def _closed_on(course: Course) -> date | None:
    return course.last_on if course.state in OVER else None


def _changed(rows: Sequence[CaseEvent]) -> str:
    return f"这个件刚刚有变化：{rows[-1].said}请刷新页面，看过再办。"
