"""Taking places and giving them back: the only code that changes a slot's counters.

A booking is inserted and its slots' counters are raised in one transaction. The unique keys of
bookings refuse a second one of the same person; the guarded UPDATE refuses what is not free; the
CHECK of slots is the backstop. Nothing outside the database decides. The same statements run on
SQLite, whose one writer comes first, and PostgreSQL, whose row locks make the guard be looked at
again (READ COMMITTED) by whoever waited.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api.appointments.availability import Visit, open_for_citizens, open_for_staff
from miniapp_api.appointments.models import LIVE, Booking, BookingSlot, Slot, SlotReturn

NO_COOLING = timedelta(hours=2)
"""Before the start; a place given back later than that is free at once, or nobody would use it."""


class PlaceError(Exception):
    """A place could not be had; nothing was changed beyond what the caller has to roll back."""


class NotFreeError(PlaceError):
    """The slots are not all free."""


class SecondBookingError(PlaceError):
    """The person has a live booking already of which there may be one.

    Attributes:
        existing: that booking; None if it is gone by now.
    """

    def __init__(self, existing: Booking | None) -> None:
        super().__init__()
        self.existing = existing


@dataclass(frozen=True, slots=True)
class Place:
    """Where and when a visit begins."""

    visit: Visit
    day: date
    start: int

    @property
    def end(self) -> int:
        """Minute of the day at which it ends."""
        return self.start + self.visit.minutes


def insert_booking(session: Session, booking: Booking) -> None:
    """Insert a new booking, before any slot is touched.

    Args:
        session: in the transaction that is to be rolled back if this or `occupy` raises.
        booking: complete save its slots.

    Raises:
        SecondBookingError: the person has one already.
    """
    try:
        with session.begin_nested():
            session.add(booking)
    except IntegrityError:
        raise SecondBookingError(_rival(session, booking)) from None


def occupy(session: Session, booking: Booking, place: Place, now: datetime) -> None:
    """Take the slots of a visit for a booking that is inserted: all of them, or none.

    Raises:
        NotFreeError: a slot is full, not released, closed, too near or not there.
    """
    ids = _ids(session, place, booking.session)
    if len(ids) != place.visit.units:
        raise NotFreeError
    _lock(session, ids)
    guard = open_for_citizens(Slot, now) if booking.online else open_for_staff(Slot, now)
    values = {"used_total": Slot.used_total + 1}
    if booking.online:
        values["used_online"] = Slot.used_online + 1
    free = _change(session, ids, guard, values)
    if free != len(ids):
        raise NotFreeError
    session.execute(insert(BookingSlot), [{"booking_id": booking.id, "slot_id": slot} for slot in ids])


def move(session: Session, booking: Booking, place: Place, now: datetime) -> None:
    """Take new places for a live booking and give its old ones back, in this order.

    Args:
        session: as `take`.
        booking: held by the caller's compare-and-swap; its day, start, end, session and policy key
            are already those of the new place.
        place: the new one.
        now: the moment.

    Raises:
        SecondBookingError, NotFreeError: as `take`.
    """
    old = _slots_of(session, booking.id)
    _lock(session, [*old, *_ids(session, place)])
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise SecondBookingError(_rival(session, booking)) from None
    kept = set(old) & set(_ids(session, place))
    _lower_counters(session, booking, sorted(kept))  # a visit may move to times that overlap its own
    session.execute(delete(BookingSlot).where(BookingSlot.booking_id == booking.id))
    occupy(session, booking, place, now)
    _lower_counters(session, booking, [slot for slot in old if slot not in kept])


def give_back(session: Session, booking: Booking, *, cool: tuple[int, int] | None, now: datetime) -> None:
    """Give the places of a booking back that has just ceased to be live, by the caller's compare-and-swap.

    Args:
        session: in the transaction of that swap.
        booking: whose.
        cool: least and most minutes until they are free again; None: at once.
        now: the moment.
    """
    slots = _slots_of(session, booking.id)
    _lower_counters(session, booking, slots, cooling=1 if cool else 0)
    session.execute(delete(BookingSlot).where(BookingSlot.booking_id == booking.id))
    if cool:
        due = now + timedelta(minutes=random.SystemRandom().uniform(*cool))
        session.execute(insert(SlotReturn), [{"slot_id": slot, "due_at": due} for slot in slots])


def end_cooling(session: Session, now: datetime, *, most: int = 500) -> int:
    """Free the places whose cooling is over.

    Returns:
        How many.
    """
    due = select(SlotReturn).where(SlotReturn.due_at <= now).order_by(SlotReturn.slot_id).limit(most)
    rows = session.scalars(due.with_for_update(skip_locked=True)).all()
    for row in rows:
        cooler = update(Slot).where(Slot.id == row.slot_id, Slot.cooling > 0).values(cooling=Slot.cooling - 1)
        session.execute(cooler, execution_options={"synchronize_session": False})
        session.delete(row)
    session.flush()
    return len(rows)


def _lower_counters(session: Session, booking: Booking, slots: Sequence[int], *, cooling: int = 0) -> None:
    values = {"used_total": Slot.used_total - 1, "cooling": Slot.cooling + cooling}
    if booking.online:
        values["used_online"] = Slot.used_online - 1
    _lock(session, slots)
    _change(session, slots, Slot.used_total > 0, values)


def _change(session: Session, slots: Sequence[int], guard: ColumnElement[bool], values: dict[str, object]) -> int:
    """Change slots that the guard lets; gives how many it let."""
    change = update(Slot).where(Slot.id.in_(slots), guard).values(values)
    return session.execute(change, execution_options={"synchronize_session": False}).rowcount


def _lock(session: Session, slots: Sequence[int]) -> None:
    """Lock several slots in one order for all, so that two who want the same do not wait for each other."""
    if len(slots) > 1:
        session.execute(select(Slot.id).where(Slot.id.in_(slots)).order_by(Slot.id).with_for_update())


def _ids(session: Session, place: Place, in_session: str | None = None) -> Sequence[int]:
    wanted = select(Slot.id).where(
        Slot.pool_id == place.visit.pool_id,
        Slot.day == place.day,
        Slot.start.in_(place.visit.starts_from(place.start)),
    )
    if in_session:
        wanted = wanted.where(Slot.session == in_session)
    return session.scalars(wanted.order_by(Slot.id)).all()


def _slots_of(session: Session, booking_id: int) -> Sequence[int]:
    return session.scalars(
        select(BookingSlot.slot_id).filter_by(booking_id=booking_id).order_by(BookingSlot.slot_id)
    ).all()


def _rival(session: Session, booking: Booking) -> Booking | None:
    """The live booking that stands in the way."""
    same = (Booking.policy_key == booking.policy_key) | (Booking.service == booking.service)
    wanted = select(Booking).where(Booking.subject_key == booking.subject_key, Booking.status.in_(LIVE), same)
    with session.no_autoflush:
        return session.scalars(wanted.where(Booking.id != (booking.id or 0)).limit(1)).first()
