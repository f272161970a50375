"""Looking at a place before it is claimed: all that a claim has to know first, in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, bindparam, literal_column, or_, select
from sqlalchemy.orm import Session

from miniapp_api.appointments.availability import Visit
from miniapp_api.appointments.models import Booking, Slot, SlotReturn
from miniapp_api.database import UTCDateTime
from miniapp_api.sites.service import Pool


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


@dataclass(frozen=True, slots=True)
class Ground:
    """What there is at a place. Whether it is free only the claim decides.

    Attributes:
        slots: ids of those that the visit takes, as far as they are there and of one session.
        session: of the first.
        policy: of the first.
        overdue: holds that are over are `in_the_way`.
        cooled: a place that was given back is free again and not yet counted so.
    """

    place: Place
    slots: Sequence[int]
    session: str
    policy: str
    overdue: bool
    cooled: bool


def over(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Holds that nobody confirmed in time; word for word the condition of their index."""
    return and_(Booking.status == literal_column("'held'"), Booking.hold_until <= now)


def in_the_way(
    subject_key: str | ColumnElement[str], pool_id: int | ColumnElement[int], day: date | ColumnElement[date]
) -> ColumnElement[bool]:
    """Bookings that a claim may have to be rid of: those of the person, and those of the pool on that day."""
    return or_(Booking.subject_key == subject_key, and_(Booking.pool_id == pool_id, Booking.day == day))


_NOW = bindparam("now", type_=UTCDateTime())
_OVERDUE = select(Booking.id).where(over(_NOW), in_the_way(bindparam("subject"), bindparam("pool"), bindparam("on")))
_COOLED = select(SlotReturn.id).where(SlotReturn.slot_id == Slot.id, SlotReturn.due_at <= _NOW)
_LOOK = (
    select(
        *(Slot.id, Slot.start, Slot.session, Slot.policy),
        _OVERDUE.exists().label("overdue"),
        _COOLED.exists().label("cooled"),
    )
    .join(Pool, Pool.id == Slot.pool_id)
    .where(
        Slot.pool_id == bindparam("pool"),
        Slot.day == bindparam("on"),
        Slot.start.in_(bindparam("starts", expanding=True)),
    )
    .order_by(Slot.start)
    .with_for_update(read=True, key_share=True, of=Pool)
)


def look(session: Session, place: Place, subject_key: str, now: datetime) -> Ground | None:
    """See what there is at a place, and `claiming.share` its pool.

    Args:
        session: in the transaction that claims.
        place: that is wanted.
        subject_key: who wants it.
        now: the moment.

    Returns:
        None if there is no slot that begins then.
    """
    wanted = {
        "pool": place.visit.pool_id,
        "on": place.day,
        "starts": place.visit.starts_from(place.start),
        "subject": subject_key,
        "now": now,
    }
    session.flush()
    rows = session.connection().execute(_LOOK, wanted).all()
    if not rows or rows[0].start != place.start:
        return None
    kind, policy = rows[0].session, rows[0].policy
    slots = [row.id for row in rows if row.session == kind]
    return Ground(place, slots, kind, policy, rows[0].overdue, any(row.cooled for row in rows))
