"""Putting people back, aside, or into another queue, and letting them go. Seniority is kept throughout."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.hall import bookings, counters
from miniapp_api.hall.models import Ticket
from miniapp_api.hall.moves import (
    BACK_IN_LINE,
    LEAVE,
    PARK,
    REQUEUE,
    TRANSFER,
    UNPARK,
    VISITOR,
    actor_of,
    move,
)
from miniapp_api.hall.queues import label
from miniapp_api.sites.service import Pool
from miniapp_api.staff.service import StaffMember


def requeue(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Put somebody who was missed back where they stood.

    Raises:
        Problem: 409 if it is too late, or was done before.
    """
    if ticket.state == REQUEUE.to:
        return ticket
    late = ticket.back_until is None or ticket.back_until < now
    if ticket.state == "missed" and late:
        detail = f"{label(ticket)} 号过号太久，或者已经重排过一次，不能再重排。请为他取一个新号。"
        raise Problem(409, "too_late_to_requeue", detail)
    guard = (Ticket.back_until >= now,)
    values = BACK_IN_LINE | {"requeued": ticket.requeued + 1}
    return move(session, ticket, REQUEUE, actor=actor_of(staff.public_id), now=now, guard=guard, **values)


def park(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Set somebody aside, such as while they copy a document; the counter is free for others.

    Raises:
        Problem: 409 if it is not at the clerk's counter.
    """
    counters.require_own(session, ticket, staff)
    if ticket.state == PARK.to:
        return ticket
    return move(session, ticket, PARK, actor=actor_of(staff.public_id), now=now)


def unpark(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Put somebody who was set aside back where they stood.

    Raises:
        Problem: 409 if it is not parked.
    """
    if ticket.state == UNPARK.to:
        return ticket
    return move(session, ticket, UNPARK, actor=actor_of(staff.public_id), now=now, **BACK_IN_LINE)


def transfer(session: Session, ticket: Ticket, to_pool: Pool, staff: StaffMember, now: datetime) -> Ticket:
    """Send somebody to another queue of the site; they keep their number and how long they have waited.

    Raises:
        Problem: 422 if the queue is elsewhere; 409 if the ticket is at another's counter, or over.
    """
    counters.require_own(session, ticket, staff)
    here = session.get_one(Pool, ticket.pool_id)
    if to_pool.site_id != here.site_id:
        raise Problem(422, invalid_params=[("pool", "只能转到本大厅的队列")])
    if ticket.state == TRANSFER.to and ticket.pool_id == to_pool.id:
        return ticket
    same_queue = (Ticket.pool_id == ticket.pool_id,)
    values = BACK_IN_LINE | {"pool_id": to_pool.id}
    return move(session, ticket, TRANSFER, actor=actor_of(staff.public_id), now=now, guard=same_queue, **values)


def leave(session: Session, ticket: Ticket, now: datetime) -> Ticket:
    """Let a citizen give up their place.

    Raises:
        Problem: 409 if they are being served, or it is over.
    """
    if ticket.state == LEAVE.to:
        return ticket
    gone = move(session, ticket, LEAVE, actor=VISITOR, now=now)
    bookings.attended(session, gone, VISITOR)
    return gone
