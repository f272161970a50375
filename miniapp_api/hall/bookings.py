"""All that the hall asks of appointments, and tells them: the only place where it reaches them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import service as appointments
from miniapp_api.appointments.service import Actor, Booking
from miniapp_api.hall.models import Ticket, TicketEvent
from miniapp_api.sites.service import Site

__all__ = ["Booking", "absent", "attended", "check_in", "of_day", "of_sign", "own", "served"]

HALL_IS_LATE = timedelta(minutes=30)
"""Whoever was kept waiting longer than this before the first call is not blamed for being gone."""


def of_sign(session: Session, sign: str) -> Booking | None:
    """The booking whose signed code this is."""
    return appointments.booking_of_sign(session, sign)


def own(session: Session, visitor: Visitor, public_id: str) -> Booking:
    """One of a visitor's bookings.

    Raises:
        Problem: 404, also if it is somebody else's.
    """
    return appointments.find(session, visitor, public_id)


def of_day(session: Session, site: Site, day: date) -> Sequence[Booking]:
    """The bookings of a site on a day that were not given up, by time."""
    return appointments.bookings_of_day(session, site.id, day)


def check_in(session: Session, booking: Booking, now: datetime, actor: str) -> Booking:
    """Note that somebody has come.

    Raises:
        Problem: 409 if it is not the time, or the booking is not one that is waited for.
    """
    return appointments.check_in(session, booking.id, now, _named(actor))


def served(session: Session, ticket: Ticket, actor: str) -> None:
    """Note that a ticket's booking was served, if it has one."""
    if ticket.booking_id is not None:
        appointments.served(session, ticket.booking_id, _named(actor))


def attended(session: Session, ticket: Ticket, actor: str) -> None:
    """Note that whoever had a ticket's booking came, but went unserved.

    Appointments know no such end. They kept the appointment, so nothing is held against them; what really
    became of it, the ticket tells.
    """
    served(session, ticket, actor)


def absent(session: Session, ticket: Ticket, actor: str) -> None:
    """Note that whoever had a ticket's booking did not answer its calls, unless the hall was late itself."""
    if ticket.booking_id is None:
        return
    calls = select(func.min(TicketEvent.at)).filter_by(ticket_id=ticket.id, what="called")
    first = session.scalar(calls)
    if first and first > ticket.eligible_at + HALL_IS_LATE:
        attended(session, ticket, actor)
    else:
        appointments.missed(session, ticket.booking_id, _named(actor))


def _named(actor: str) -> Actor:
    kind, _, id_ = actor.partition(":")
    return Actor(kind, id_ or None)
