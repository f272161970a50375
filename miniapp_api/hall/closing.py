"""What is left undone: days that are over, and missed tickets that nobody came back for."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from miniapp_api.hall import bookings
from miniapp_api.hall.models import OVER, Serving, Ticket
from miniapp_api.hall.moves import SYSTEM, Move, move
from miniapp_api.hall.times import moment

BATCH = 200
"""Tickets that one transaction settles; the next sweep takes the rest."""

_CLOSE = {
    "waiting": Move("closed", ("waiting",), "left"),
    "parked": Move("closed", ("parked",), "left"),
    "called": Move("closed", ("called",), "missed"),
    "serving": Move("closed", ("serving",), "finished"),
}
"""What becomes of a ticket that is open when its day is over; one that was being served surely was."""


def close_days(session: Session, today: date, now: datetime) -> int:
    """Settle tickets of the days before one, and close the counters that nobody closed.

    Returns:
        How many tickets were settled, at most `BATCH`.
    """
    session.execute(delete(Serving).where(Serving.since < moment(today, 0)))
    wanted = select(Ticket).where(Ticket.day < today, Ticket.state.not_in(OVER)).order_by(Ticket.id).limit(BATCH)
    tickets = session.scalars(wanted.with_for_update(skip_locked=True)).all()
    for ticket in tickets:
        move(session, ticket, _CLOSE[ticket.state], actor=SYSTEM, now=now)
        if ticket.state == "finished":
            bookings.served(session, ticket, SYSTEM)
        elif ticket.state == "missed":
            bookings.absent(session, ticket, SYSTEM)
        else:
            bookings.attended(session, ticket, SYSTEM)
    return len(tickets)


def end_returns(session: Session, now: datetime) -> int:
    """Settle missed tickets whose time for being put back is over.

    Returns:
        How many were settled, at most `BATCH`.
    """
    late = (Ticket.state == "missed", Ticket.back_until < now)
    ids = select(Ticket.id).where(*late).order_by(Ticket.id).limit(BATCH).with_for_update(skip_locked=True)
    ended = update(Ticket).where(Ticket.id.in_(ids), *late).values(back_until=None).returning(Ticket)
    options = {"synchronize_session": False, "populate_existing": True}
    tickets = session.scalars(ended, execution_options=options).all()
    for ticket in tickets:
        bookings.absent(session, ticket, SYSTEM)
    return len(tickets)
