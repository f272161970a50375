"""Who may see a booking: one filter, for a single one and for lists."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments.models import Booking, Restriction, Waiting
from miniapp_api.errors import Problem


def visible_to(visitor: Visitor) -> Select[Any]:
    """The bookings that a visitor may see and change: those on their own telephone."""
    return select(Booking).where(Booking.visitor_id == visitor.id)


def find(session: Session, visitor: Visitor, public_id: str) -> Booking:
    """Find one of them, fresh from the database.

    Raises:
        Problem: 404, whether there is none or it is another visitor's.
    """
    wanted = visible_to(visitor).where(Booking.public_id == public_id)
    booking = session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if booking is None:
        raise Problem(404, "booking_not_found", "没有找到这个预约，请在“我的预约”里重新打开。")
    return booking


def find_waiting(session: Session, visitor: Visitor, public_id: str) -> Waiting:
    """Find an entry of the visitor's in the waiting list.

    Raises:
        Problem: 404.
    """
    entry = session.scalar(select(Waiting).filter_by(visitor_id=visitor.id, public_id=public_id))
    if entry is None:
        raise Problem(404, "waiting_not_found", "没有找到这个候补，可能已经结束了。")
    return entry


def find_restriction(session: Session, subject_keys: list[str], public_id: str) -> Restriction:
    """Find a restriction of one of the visitor's people.

    Raises:
        Problem: 404.
    """
    wanted = select(Restriction).where(Restriction.public_id == public_id, Restriction.subject_key.in_(subject_keys))
    restriction = session.scalar(wanted)
    if restriction is None:
        raise Problem(404, "restriction_not_found", "没有找到这条限制，可能已经解除了。")
    return restriction
