"""How a ticket goes from state to state: by compare-and-swap, and each time with an event."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, update
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.hall.models import AT_COUNTER, WAITING, Ticket, TicketEvent
from miniapp_api.hall.queues import label

SYSTEM = "system"
VISITOR = "visitor"


class Move(NamedTuple):
    """A move: its name, from which states it leads, and where to."""

    what: str
    of: tuple[str, ...]
    to: str


CALL = Move("called", ("waiting",), "called")
RECALL = Move("recalled", ("called",), "called")
START = Move("started", ("called",), "serving")
FINISH = Move("finished", AT_COUNTER, "finished")
MISS = Move("missed", ("called",), "missed")
REQUEUE = Move("requeued", ("missed",), "waiting")
PARK = Move("parked", AT_COUNTER, "parked")
UNPARK = Move("unparked", ("parked",), "waiting")
TRANSFER = Move("transferred", ("waiting", *AT_COUNTER), "waiting")
LEAVE = Move("left", (*WAITING, "called"), "left")

_STATES = {
    "waiting": "正在排队",
    "parked": "已经挂起",
    "called": "正在叫号",
    "serving": "正在办理",
    "finished": "已经办结",
    "missed": "已经过号",
    "left": "已经取消",
}

BACK_IN_LINE: dict[str, Any] = {"counter_id": None, "calls": 0, "called_at": None, "back_until": None}
"""What a ticket that waits again has lost; its rank it keeps."""


def actor_of(public_id: str) -> str:
    """Name a member of staff in an event."""
    return f"staff:{public_id}"


def state_text(state: str) -> str:
    """A state in Chinese."""
    return _STATES[state]


def move(
    session: Session,
    ticket: Ticket,
    way: Move,
    *,
    actor: str,
    now: datetime,
    guard: tuple[ColumnElement[bool], ...] = (),
    **values: Any,
) -> Ticket:
    """Move a ticket, if it still is as it was read.

    Args:
        session: in whose transaction it is.
        ticket: as the caller knows it.
        way: the move.
        actor: see `TicketEvent`.
        now: the moment.
        guard: what else must still hold.
        values: columns that change with it.

    Returns:
        The ticket as it is now.

    Raises:
        Problem: 409 if it is in a state from which the move does not lead, or somebody was faster.
    """
    before = ticket.state
    if before not in way.of:
        detail = f"{label(ticket)} 号{state_text(before)}，不能这样操作。请刷新页面，看它现在的状态。"
        raise Problem(409, "wrong_state", detail, extra={"state": before})
    at_counter = ticket.counter_id
    guarded = update(Ticket).where(Ticket.id == ticket.id, Ticket.state == before, *guard)
    swapped = guarded.values(state=way.to, **values).returning(Ticket)
    options = {"synchronize_session": False, "populate_existing": True}
    if session.scalar(swapped, execution_options=options) is None:
        raise Problem(409, "ticket_changed", "这个号刚刚被别人操作过，没有再改。请刷新页面，看它现在的状态。")
    record(session, ticket, before, way.what, actor=actor, now=now, counter_id=ticket.counter_id or at_counter)
    return ticket


def record(
    session: Session,
    ticket: Ticket,
    before: str | None,
    what: str,
    *,
    actor: str,
    now: datetime,
    counter_id: int | None = None,
) -> None:
    """Write down what just happened to a ticket."""
    session.add(
        TicketEvent(
            ticket_id=ticket.id,
            before=before,
            after=ticket.state,
            what=what,
            actor=actor,
            counter_id=counter_id,
            at=now,
        )
    )
    session.flush()
