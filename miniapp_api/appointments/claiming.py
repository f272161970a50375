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
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Update, and_, bindparam, delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from miniapp_api.appointments.availability import open_to
from miniapp_api.appointments.looking import Ground
from miniapp_api.appointments.models import LIVE, Booking, BookingSlot, Slot, SlotReturn
from miniapp_api.database import UTCDateTime, add_if_new
from miniapp_api.sites.service import Pool

NO_COOLING = timedelta(hours=2)
"""Before the start; a place given back later than that is free at once, or nobody would use it."""


TRIES = 3
"""At inserting a booking when what was in its way is not there."""


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


class GoneError(PlaceError):
    """The person, or whoever books, is not there any more."""


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
        GoneError: somebody that it refers to was forgotten at this very moment.
    """
    for _ in range(TRIES):  # its code may be taken, or the other booking be gone by now
        try:
            if add_if_new(session, booking):
                return
        except IntegrityError:
            raise GoneError from None
        existing = rival(session, booking.subject_key, (booking.policy_key, booking.service))
        if existing:
            raise SecondBookingError(existing)
    raise SecondBookingError(None)


def occupy(session: Session, booking: Booking, ground: Ground, now: datetime, *, freed: Sequence[Booking] = ()) -> None:
    """Take the slots of a visit for a booking that is inserted: all of them, or none.

    Args:
        session: in a transaction; where this raises, what is `freed` and cooled is free all the same.
        booking: for which.
        ground: what is taken, as the same transaction has found it.
        now: the moment.
        freed: bookings that have just ceased to be live; their places are given back first.

    Raises:
        NotFreeError: a slot is full, not released, closed, too near or not there.
    """
    _lock(session, [*ground.slots, *_slots_of(session, freed)])
    give_back(session, freed, cool=None, now=now)
    if ground.cooled:
        end_cooling(session, now, SlotReturn.slot_id.in_(ground.slots))
    _occupy(session, booking, ground, now)


def move(
    session: Session,
    booking: Booking,
    ground: Ground,
    now: datetime,
    *,
    policy_key: str,
    cool: tuple[int, int] | None,
    freed: Sequence[Booking] = (),
) -> Booking:
    """Take new places for a live booking and give its old ones back, in this order.

    Args:
        session: as `insert_booking`.
        booking: held by the caller's compare-and-swap.
        ground: as `occupy`; the new place.
        now: the moment.
        policy_key: of the new place.
        cool: as `give_back`.
        freed: as `occupy`.

    Returns:
        The booking at its new place.

    Raises:
        SecondBookingError, NotFreeError: as `insert_booking` and `occupy`.
    """
    place = ground.place
    there = {"pool_id": place.visit.pool_id, "day": place.day, "start": place.start, "end": place.end}
    change = update(Booking).where(Booking.id == booking.id)
    change = change.values(there | {"session": ground.session, "policy_key": policy_key})
    try:
        with session.begin_nested():
            session.execute(change, execution_options={"synchronize_session": False})
    except IntegrityError:
        existing = rival(session, booking.subject_key, (policy_key, booking.service), besides=booking.id)
        raise SecondBookingError(existing) from None
    session.refresh(booking)
    old, new = _slots_of(session, [booking]), ground.slots
    _lock(session, [*old, *new, *_slots_of(session, freed)])
    give_back(session, freed, cool=None, now=now)
    if ground.cooled:
        end_cooling(session, now, SlotReturn.slot_id.in_(new))
    kept = set(old) & set(new)  # a visit may move to times that overlap its own
    _release(session, booking, kept, cool=None, now=now)
    session.execute(delete(BookingSlot).where(BookingSlot.booking_id == booking.id))
    _occupy(session, booking, ground, now)
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


def _taking(now: datetime | ColumnElement[datetime], *, online: bool, several: bool) -> Update:
    """The UPDATE that takes slots that are free: of several, none is changed unless all can be."""
    free = open_to(citizens=online)

    def whole(slot: type[Slot]) -> ColumnElement[bool]:
        return and_(slot.id.in_(bindparam("slots", expanding=True)), slot.session == bindparam("kind"), free(slot, now))

    guard = whole(Slot)
    if several:
        every = aliased(Slot)
        guard &= select(func.count()).where(whole(every)).scalar_subquery() == bindparam("count")
    values = {"used_total": Slot.used_total + 1} | ({"used_online": Slot.used_online + 1} if online else {})
    return update(Slot).where(guard).values(values)


_MOMENT = bindparam("moment", type_=UTCDateTime())
_BY_CITIZENS = {several: _taking(_MOMENT, online=True, several=several) for several in (False, True)}
"""What most claims do, built once: building it takes longer than executing it."""


def _occupy(session: Session, booking: Booking, ground: Ground, now: datetime) -> None:
    """Take slots that are locked."""
    count = len(ground.slots)
    given = {"slots": ground.slots, "kind": ground.session} | ({"count": count} if count > 1 else {})
    if booking.online:
        taking, given["moment"] = _BY_CITIZENS[count > 1], now
    else:
        taking = _taking(now, online=False, several=count > 1)
    connection = session.connection()
    if count != ground.place.visit.units or connection.execute(taking, given).rowcount != count:
        raise NotFreeError
    connection.execute(insert(BookingSlot), [{"booking_id": booking.id, "slot_id": slot} for slot in ground.slots])


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


def _slots_of(session: Session, bookings: Sequence[Booking]) -> Sequence[int]:
    if not bookings:
        return ()
    taken = select(BookingSlot.slot_id).where(BookingSlot.booking_id.in_([booking.id for booking in bookings]))
    return session.scalars(taken).all()


def rival(session: Session, subject_key: str, keys: tuple[str, str], *, besides: int | None = None) -> Booking | None:
    """The live booking of a person that has the policy key or the service, of each of which they may have one."""
    policy_key, service = keys
    same = (Booking.policy_key == policy_key) | (Booking.service == service)
    wanted = select(Booking).where(Booking.subject_key == subject_key, Booking.status.in_(LIVE), same)
    return session.scalars(wanted.where(Booking.id != (besides or 0)).limit(1)).first()
