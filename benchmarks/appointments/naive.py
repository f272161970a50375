"""The product with the claim that most systems have: count first, insert then. A negative control."""

from __future__ import annotations

from sqlalchemy import func, insert, select

from miniapp_api.appointments import api as appointments_api
from miniapp_api.appointments import booking as making
from miniapp_api.appointments import claiming
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.booking import Request
from miniapp_api.appointments.claiming import SecondBookingError
from miniapp_api.appointments.models import LIVE, Booking, BookingSlot, Slot
from miniapp_api.appointments.refusing import refuse_place, refuse_second
from miniapp_api.database import READ_ONLY
from miniapp_api.extensions import db
from miniapp_api.wsgi import app

__all__ = ["app"]


def _count_then_insert(act: Act, request: Request, booking: Booking, *_found: object) -> None:
    """Take a place if one is left by the count: of two who count at once, both find the last one."""
    act.session.commit()  # what was read so far; each statement by itself, as without a transaction
    place = request.place
    wanted = select(Slot.id, Slot.cap_online).where(
        Slot.pool_id == place.visit.pool_id,
        Slot.day == place.day,
        Slot.start.in_(place.visit.starts_from(place.start)),
    )
    taken = select(func.count()).select_from(BookingSlot).join(Booking).where(Booking.status.in_(LIVE))
    with db.engine.execution_options(**READ_ONLY).connect() as connection:
        slots = connection.execute(wanted).all()
        counts = [connection.scalar(taken.where(BookingSlot.slot_id == slot.id)) or 0 for slot in slots]
    if any(count >= slot.cap_online for count, slot in zip(counts, slots, strict=True)):
        raise refuse_place(act, place, online=True)
    try:
        claiming.insert_booking(act.session, booking)
    except SecondBookingError as refused:
        raise refuse_second(refused.existing, booking.visitor_id) from None
    act.session.execute(insert(BookingSlot), [{"booking_id": booking.id, "slot_id": slot.id} for slot in slots])


making._take = _count_then_insert
appointments_api.once_per_request = lambda _session, _visitor, _keyed, act: act()  # its row would be committed early
