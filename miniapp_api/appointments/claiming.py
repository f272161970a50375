"""Taking places and giving them back: the only code that changes a slot's counters.

A booking is inserted and its slots' counters are raised in one transaction. The unique keys of
bookings refuse a second one of the same person; the guarded UPDATE refuses what is not free; the
CHECK of slots is the backstop. Nothing outside the database decides. The same statements run on
SQLite, whose one writer comes first, and PostgreSQL, whose row locks make the guard be looked at
again (READ COMMITTED) by whoever waited.

Nobody waits in a circle, as everybody locks in this order: pools (`share`; whoever makes slots has
the pool alone, `alone`), then bookings and their unique keys, then slots, all at once and by id.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from miniapp_api.appointments.availability import Visit, open_to
from miniapp_api.appointments.models import LIVE, Booking, BookingSlot, Slot, SlotReturn
from miniapp_api.sites.service import Pool

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


def share(session: Session, *pool_ids: int) -> None:
    """Keep the slots of pools from being closed while bookings there change."""
    pools = select(Pool.id).where(Pool.id.in_(pool_ids)).order_by(Pool.id)
    session.execute(pools.with_for_update(read=True, key_share=True))


def alone(session: Session, *pool_ids: int) -> None:
    """Wait until nobody changes bookings of pools, and let nobody begin to; before anything that refers to them."""
    session.execute(select(Pool.id).where(Pool.id.in_(pool_ids)).order_by(Pool.id).with_for_update())


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
        existing = rival(session, booking.subject_key, (booking.policy_key, booking.service))
        raise SecondBookingError(existing) from None


def occupy(session: Session, booking: Booking, place: Place, now: datetime, *, freed: Sequence[Booking] = ()) -> None:
    """Take the slots of a visit for a booking that is inserted: all of them, or none.

    Args:
        session: in a transaction; where this raises, what is `freed` and cooled is free all the same.
        booking: for which.
        place: what is taken.
        now: the moment.
        freed: bookings that have just ceased to be live; their places are given back first.

    Raises:
        NotFreeError: a slot is full, not released, closed, too near or not there.
    """
    ids = _ids(session, place, booking.session)
    _lock(session, [*ids, *_slots_of(session, freed)])
    give_back(session, freed, cool=None, now=now)
    end_cooling(session, now, SlotReturn.slot_id.in_(ids))
    _occupy(session, booking, place, ids, now)


def move(
    session: Session,
    booking: Booking,
    place: Place,
    now: datetime,
    *,
    policy_key: str,
    session_kind: str,
    cool: tuple[int, int] | None,
    freed: Sequence[Booking] = (),
) -> Booking:
    """Take new places for a live booking and give its old ones back, in this order.

    Args:
        session: as `insert_booking`.
        booking: held by the caller's compare-and-swap.
        place: the new one.
        now: the moment.
        policy_key: of the new place.
        session_kind: of the new place.
        cool: as `give_back`.
        freed: as `occupy`.

    Returns:
        The booking at its new place.

    Raises:
        SecondBookingError, NotFreeError: as `insert_booking` and `occupy`.
    """
    there = {"pool_id": place.visit.pool_id, "day": place.day, "start": place.start, "end": place.end}
    change = update(Booking).where(Booking.id == booking.id)
    change = change.values(there | {"session": session_kind, "policy_key": policy_key})
    try:
        with session.begin_nested():
            session.execute(change, execution_options={"synchronize_session": False})
    except IntegrityError:
        existing = rival(session, booking.subject_key, (policy_key, booking.service), besides=booking.id)
        raise SecondBookingError(existing) from None
    session.refresh(booking)
    old, new = _slots_of(session, [booking]), _ids(session, place, session_kind)
    _lock(session, [*old, *new, *_slots_of(session, freed)])
    give_back(session, freed, cool=None, now=now)
    end_cooling(session, now, SlotReturn.slot_id.in_(new))
    kept = set(old) & set(new)  # a visit may move to times that overlap its own
    _release(session, booking, kept, cool=None, now=now)
    session.execute(delete(BookingSlot).where(BookingSlot.booking_id == booking.id))
    _occupy(session, booking, place, new, now)
    _release(session, booking, set(old) - kept, cool=cool, now=now)
    return booking


def give_back(session: Session, bookings: Sequence[Booking], *, cool: tuple[int, int] | None, now: datetime) -> None:
    """Give the places of bookings back that have just ceased to be live, by the caller's compare-and-swap.

    Args:
        session: in the transaction of that swap.
        bookings: whose.
        cool: least and most minutes until they are free again; None: at once.
        now: the moment.
    """
    if not bookings:
        return
    _lock(session, _slots_of(session, bookings))
    for booking in bookings:
        _release(session, booking, _slots_of(session, [booking]), cool=cool, now=now)
    ended = [booking.id for booking in bookings]
    session.execute(delete(BookingSlot).where(BookingSlot.booking_id.in_(ended)))


def end_cooling(session: Session, now: datetime, *which: ColumnElement[bool], most: int = 500) -> int:
    """Free the places whose cooling is over.

    Args:
        session: in a transaction that does nothing else, unless the slots of `which` are locked.
        now: the moment.
        which: the returns that are looked at, all by default.
        most: at most so many.

    Returns:
        How many.
    """
    due = select(SlotReturn).where(SlotReturn.due_at <= now, *which).order_by(SlotReturn.slot_id).limit(most)
    rows = session.scalars(due.with_for_update(skip_locked=True)).all()
    for row in rows:
        _change(session, [row.slot_id], Slot.cooling > 0, {"cooling": Slot.cooling - 1})
        session.delete(row)
    session.flush()
    return len(rows)


def _occupy(session: Session, booking: Booking, place: Place, ids: Sequence[int], now: datetime) -> None:
    """Take slots that are locked."""
    free = open_to(citizens=booking.online)
    guard = free(Slot, now)
    if len(ids) > 1:  # none is changed unless all can be
        every = aliased(Slot)
        guard &= select(func.count()).where(every.id.in_(ids), free(every, now)).scalar_subquery() == len(ids)
    values = {"used_total": Slot.used_total + 1}
    if booking.online:
        values["used_online"] = Slot.used_online + 1
    if len(ids) != place.visit.units or _change(session, ids, guard, values) != len(ids):
        raise NotFreeError
    session.execute(insert(BookingSlot), [{"booking_id": booking.id, "slot_id": slot} for slot in ids])


def _release(
    session: Session, booking: Booking, slots: Collection[int], *, cool: tuple[int, int] | None, now: datetime
) -> None:
    """Lower the counters of slots that are locked."""
    values = {"used_total": Slot.used_total - 1}
    if booking.online:
        values["used_online"] = Slot.used_online - 1
    if cool:
        values["cooling"] = Slot.cooling + 1
    _change(session, slots, Slot.used_total > 0, values)
    if cool and slots:
        due = now + timedelta(minutes=random.SystemRandom().uniform(*cool))
        session.execute(insert(SlotReturn), [{"slot_id": slot, "due_at": due} for slot in slots])


def _change(session: Session, slots: Collection[int], guard: ColumnElement[bool], values: dict[str, object]) -> int:
    """Change slots that the guard lets; gives how many it let."""
    change = update(Slot).where(Slot.id.in_(slots), guard).values(values)
    return session.execute(change, execution_options={"synchronize_session": False}).rowcount


def _lock(session: Session, slots: Collection[int]) -> None:
    """Lock several slots in one order for all, so that two who want the same do not wait for each other."""
    if len(slots) > 1:
        session.execute(select(Slot.id).where(Slot.id.in_(slots)).order_by(Slot.id).with_for_update())


def _ids(session: Session, place: Place, in_session: str) -> Sequence[int]:
    wanted = select(Slot.id).where(
        Slot.pool_id == place.visit.pool_id,
        Slot.day == place.day,
        Slot.start.in_(place.visit.starts_from(place.start)),
        Slot.session == in_session,
    )
    return session.scalars(wanted).all()


def _slots_of(session: Session, bookings: Sequence[Booking]) -> Sequence[int]:
    taken = select(BookingSlot.slot_id).where(BookingSlot.booking_id.in_([booking.id for booking in bookings]))
    return session.scalars(taken).all() if bookings else ()


def rival(session: Session, subject_key: str, keys: tuple[str, str], *, besides: int | None = None) -> Booking | None:
    """The live booking of a person that has the policy key or the service, of each of which they may have one."""
    policy_key, service = keys
    same = (Booking.policy_key == policy_key) | (Booking.service == service)
    wanted = select(Booking).where(Booking.subject_key == subject_key, Booking.status.in_(LIVE), same)
    return session.scalars(wanted.where(Booking.id != (besides or 0)).limit(1)).first()
