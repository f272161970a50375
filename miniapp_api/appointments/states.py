"""The life of a booking: which state may follow which, changed by compare-and-swap, with an event for each."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, insert, select, update

from miniapp_api.appointments import claiming
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.models import Booking, BookingEvent

FOLLOWS = {
    "confirmed": ("held",),
    "checked_in": ("confirmed",),
    "served": ("checked_in",),
    "missed": ("confirmed", "checked_in"),
    "cancelled": ("held", "confirmed"),
    "revoked": ("held", "confirmed"),
    "expired": ("held",),
}
"""By state, those that it may follow."""


def change(
    act: Act, booking_id: int, after: str, *conditions: ColumnElement[bool], reason: str | None = None
) -> Booking | None:
    """Bring a booking into a state, if it is in one that this may follow and the conditions hold.

    Of several who try at once, one succeeds.

    Returns:
        The booking as it is now; None if it was not changed.
    """
    session = act.session
    claiming.share(session, session.scalar(select(Booking.pool_id).where(Booking.id == booking_id)) or 0)
    before = session.scalar(select(Booking.status).where(Booking.id == booking_id).with_for_update())
    if before not in FOLLOWS[after]:
        return None
    swap = update(Booking).where(Booking.id == booking_id, Booking.status == before, *conditions)
    values: dict[str, Any] = {"status": after, "hold_until": None, "version": Booking.version + 1}
    if session.execute(swap.values(values), execution_options={"synchronize_session": False}).rowcount != 1:
        return None
    note(act, booking_id, (before, after), reason)
    return session.get_one(Booking, booking_id, populate_existing=True)


def note(act: Act, booking_id: int, change: tuple[str | None, str], reason: str | None = None) -> None:
    """Add an event to a booking's history: the states before and after."""
    before, after = change
    event = {"booking_id": booking_id, "before": before, "after": after, "actor": str(act.actor), "reason": reason}
    act.session.connection().execute(insert(BookingEvent), event | {"at": act.now})
