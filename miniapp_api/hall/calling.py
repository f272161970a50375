"""Calling people to a counter, until they are served or do not come."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session, aliased

from miniapp_api.errors import Problem
from miniapp_api.hall import bookings, counters, places, queues
from miniapp_api.hall.models import Ticket
from miniapp_api.hall.moves import CALL, FINISH, MISS, RECALL, START, actor_of, move, record
from miniapp_api.hall.queues import label
from miniapp_api.hall.ranking import line
from miniapp_api.hall.times import day_of
from miniapp_api.sites.service import Counter
from miniapp_api.staff.service import StaffMember

MOST_CALLS = 3
"""Calls that nobody answers until a ticket is missed."""

PATIENCE = timedelta(seconds=30)
"""Between two calls: nobody walks through a hall faster."""

RETURN = timedelta(minutes=30)
"""Within which whoever was missed may be put back where they stood, once."""


def call_next(session: Session, counter: Counter, staff: StaffMember, now: datetime) -> Ticket | None:
    """Call the next in a counter's queue.

    Returns:
        The ticket, None if nobody waits.

    Raises:
        Problem: 409 if the counter is closed or another's, or still has a ticket.
    """
    counters.hold(session, counter, staff)
    counters.refuse_busy(session, counter)
    queues.hold(session, counter.pool_id, day_of(now))
    ticket = _take(session, counter, now)
    if ticket:
        record(session, ticket, "waiting", CALL.what, actor=actor_of(staff.public_id), now=now, counter_id=counter.id)
        places.announce(session, counter.pool_id, now)
    return ticket


def _take(session: Session, counter: Counter, now: datetime) -> Ticket | None:
    """Take the first in line, passing over whoever gives up at this moment."""
    other = aliased(Ticket)
    first = (
        select(other.id)
        .where(other.pool_id == counter.pool_id, other.day == day_of(now), other.state == "waiting")
        .order_by(*line(now, other))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    taken = (
        update(Ticket)
        .where(Ticket.id == first.scalar_subquery(), Ticket.state == "waiting")
        .values(state=CALL.to, counter_id=counter.id, calls=1, called_at=now)
        .returning(Ticket)
    )
    return session.scalar(taken, execution_options={"synchronize_session": False, "populate_existing": True})


def recall(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Call somebody once more; who does not come after the last call is missed.

    Raises:
        Problem: 409 if the last call was a moment ago, or it is not at the clerk's counter.
    """
    counters.require_own(session, ticket, staff)
    if ticket.state == "called" and ticket.called_at and now < ticket.called_at + PATIENCE:
        wait = math.ceil((ticket.called_at + PATIENCE - now).total_seconds())
        raise Problem(409, "called_just_now", f"刚刚叫过 {label(ticket)} 号，请过 {wait} 秒再叫。")
    if ticket.calls >= MOST_CALLS:
        return miss(session, ticket, staff, now)
    same_call = (Ticket.calls == ticket.calls,)
    actor = actor_of(staff.public_id)
    return move(session, ticket, RECALL, actor=actor, now=now, guard=same_call, calls=ticket.calls + 1, called_at=now)


def start_serving(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Note that somebody came; noting it again changes nothing.

    Raises:
        Problem: 409 if it is not called, or not at the clerk's counter.
    """
    counters.require_own(session, ticket, staff)
    if ticket.state == START.to:
        return ticket
    return move(session, ticket, START, actor=actor_of(staff.public_id), now=now)


def finish(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Note that somebody was served; noting it again changes nothing.

    Raises:
        Problem: 409 if it is not at the clerk's counter.
    """
    counters.require_own(session, ticket, staff)
    if ticket.state == FINISH.to:
        return ticket
    actor = actor_of(staff.public_id)
    done = move(session, ticket, FINISH, actor=actor, now=now)
    bookings.served(session, done, actor)
    return done


def miss(session: Session, ticket: Ticket, staff: StaffMember, now: datetime) -> Ticket:
    """Note that nobody came; the first time they may be put back for a while, after that it is over.

    Raises:
        Problem: 409 if it is not called, or not at the clerk's counter.
    """
    counters.require_own(session, ticket, staff)
    if ticket.state == MISS.to:
        return ticket
    actor = actor_of(staff.public_id)
    last = ticket.requeued > 0
    missed = move(session, ticket, MISS, actor=actor, now=now, back_until=None if last else now + RETURN)
    if last:
        bookings.absent(session, missed, actor)
    return missed
