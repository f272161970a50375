"""What the database says after the crowd, counted anew from the bookings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from sqlalchemy import Integer, cast, func, select
from sqlalchemy.orm import Session

from miniapp_api.appointments.models import LIVE, Booking, BookingSlot, Slot, SlotReturn
from miniapp_api.database import create_engine


@dataclass(frozen=True, slots=True)
class Audit:
    """What is wrong; all zero if nothing is.

    Attributes:
        oversold: live bookings beyond the places of their slot, or beyond those for citizens.
        doubled: live bookings beyond the one that a person may have, and taps that gave two bookings.
        lost: bookings that were acknowledged and are not there.
        unheard: live bookings that no client was told of.
        drifted: slots whose counters are not the number of their live bookings and cooling places.
        torn: live bookings that have not as many slots as their time takes.
    """

    oversold: int = 0
    doubled: int = 0
    lost: int = 0
    unheard: int = 0
    drifted: int = 0
    torn: int = 0

    def __add__(self, other: Audit) -> Audit:
        return Audit(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


def audit(url: str, acknowledged: Mapping[str, set[str]], grid: int) -> Audit:
    """Look through a database.

    Args:
        url: of the database.
        acknowledged: public ids of bookings by the key under which they were asked for.
        grid: minutes of a slot.
    """
    engine = create_engine(url)
    with Session(engine) as session:
        told = {booking for ids in acknowledged.values() for booking in ids}
        there = set(session.scalars(select(Booking.public_id)))
        confirmed = set(session.scalars(select(Booking.public_id).where(Booking.status == "confirmed")))
        oversold, drifted = _slots(session)
        found = Audit(
            oversold=oversold,
            doubled=_doubled(session) + sum(len(ids) - 1 for ids in acknowledged.values()),
            lost=len(told - there),
            unheard=len(confirmed - told),
            drifted=drifted,
            torn=_torn(session, grid),
        )
    engine.dispose()
    return found


def _slots(session: Session) -> tuple[int, int]:
    """Places sold beyond what there is, and slots whose counters are wrong."""
    live = (
        select(
            BookingSlot.slot_id, func.count().label("total"), func.sum(cast(Booking.online, Integer)).label("online")
        )
        .join(Booking)
        .where(Booking.status.in_(LIVE))
        .group_by(BookingSlot.slot_id)
        .subquery()
    )
    cooling = select(SlotReturn.slot_id, func.count().label("places")).group_by(SlotReturn.slot_id).subquery()
    wanted = (
        select(
            *(Slot.cap_total, Slot.cap_online, Slot.used_total, Slot.used_online, Slot.cooling),
            func.coalesce(live.c.total, 0).label("total"),
            func.coalesce(live.c.online, 0).label("online"),
            func.coalesce(cooling.c.places, 0).label("places"),
        )
        .outerjoin(live, live.c.slot_id == Slot.id)
        .outerjoin(cooling, cooling.c.slot_id == Slot.id)
    )
    rows = session.execute(wanted).all()
    oversold = sum(max(0, row.total - row.cap_total, row.online - row.cap_online) for row in rows)
    right = [(row.used_total, row.used_online, row.cooling) == (row.total, row.online, row.places) for row in rows]
    return oversold, right.count(False)


def _doubled(session: Session) -> int:
    """Live bookings beyond the first of a person for a day, and for a service."""
    beyond = 0
    for what in (Booking.policy_key, Booking.service):
        counted = select(func.count().label("times")).where(Booking.status.in_(LIVE))
        by = counted.group_by(Booking.subject_key, what).subquery()
        beyond += session.scalar(select(func.coalesce(func.sum(by.c.times - 1), 0))) or 0
    return beyond


def _torn(session: Session, grid: int) -> int:
    slots = func.count(BookingSlot.slot_id)
    live = (
        select(Booking.id)
        .outerjoin(BookingSlot)
        .where(Booking.status.in_(LIVE))
        .group_by(Booking.id, Booking.start, Booking.end)
    )
    wrong = live.having(slots * grid != Booking.end - Booking.start)
    return len(session.scalars(wrong).all())
