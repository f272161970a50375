"""What is free. One predicate says it: lists are made with it, and places are taken with it (`claiming`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import Session, aliased

from miniapp_api.appointments.models import Slot
from miniapp_api.calendar.service import CHINA
from miniapp_api.sites.service import Pool

AHEAD = timedelta(days=60)
"""As far as anybody looks who names no day."""


def open_for_citizens(slot: type[Slot], now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """Whether a citizen may take a place of a slot now, which may be a parameter of the statement."""
    theirs = or_(slot.used_online + slot.cooling < slot.cap_online, slot.pooled_at <= now)
    return and_(_has_place(slot), slot.release_at <= now, slot.book_until > now, theirs)


def open_for_staff(slot: type[Slot], now: datetime) -> ColumnElement[bool]:
    """Whether staff may take a place of a slot now: until it begins, and of the whole quota."""
    here = now.astimezone(CHINA)
    minute = here.hour * 60 + here.minute
    begins_later = or_(slot.day > here.date(), and_(slot.day == here.date(), slot.start > minute))
    return and_(_has_place(slot), slot.release_at <= now, begins_later)


Open = Callable[[type[Slot], Any], ColumnElement[bool]]
"""`open_for_citizens` or `open_for_staff`."""


def open_to(*, citizens: bool) -> Open:
    """The condition under which citizens, or staff, may take a place of a slot."""
    return open_for_citizens if citizens else open_for_staff


def _has_place(slot: type[Slot]) -> ColumnElement[bool]:
    """The condition of the index `ix_slots_free`, word for word: with a parameter in it no plan could use that."""
    return and_(slot.status == literal_column("'open'"), slot.cap_total > slot.used_total + slot.cooling)


def left(slot: type[Slot], now: datetime) -> ColumnElement[int]:
    """Places of a slot that citizens may take, if it is open for them."""
    total = slot.cap_total - slot.used_total - slot.cooling
    online = slot.cap_online - slot.used_online - slot.cooling
    return case((slot.pooled_at <= now, total), (online < total, online), else_=total)


@dataclass(frozen=True, slots=True)
class Visit:
    """A kind of visit to a pool: `units` slots in a row, within one session."""

    pool_id: int
    grid: int
    units: int

    @classmethod
    def of(cls, pool: Pool, units: int) -> Visit:
        """The visit of so many units to a pool."""
        return cls(pool.id, pool.grid, units)

    @property
    def minutes(self) -> int:
        """How long it takes."""
        return self.units * self.grid

    def starts_from(self, start: int) -> list[int]:
        """The starts of the slots that it takes, in minutes of the day."""
        return [start + step * self.grid for step in range(self.units)]


def _row(slot: type[Slot], visit: Visit, now: datetime, is_open: Open) -> tuple[type[Slot], list[ColumnElement[bool]]]:
    """The open slots that a visit takes which begins with a slot, that slot included."""
    one = aliased(Slot)
    in_row = one.start.between(slot.start, slot.start + (visit.units - 1) * visit.grid)
    same = and_(one.pool_id == slot.pool_id, one.day == slot.day, one.session == slot.session)
    return one, [same, in_row, is_open(one, now)]


def may_begin(slot: type[Slot], visit: Visit, now: datetime, is_open: Open = open_for_citizens) -> ColumnElement[bool]:
    """Whether a visit may begin with a slot: it and those after it, within its session, are open."""
    if visit.units == 1:
        return is_open(slot, now)
    _, row = _row(slot, visit, now, is_open)
    return and_(is_open(slot, now), select(func.count()).where(*row).scalar_subquery() == visit.units)


def left_for(slot: type[Slot], visit: Visit, now: datetime) -> ColumnElement[int]:
    """Places left for a visit that begins with a slot: those of its scarcest slot."""
    if visit.units == 1:
        return left(slot, now)
    one, row = _row(slot, visit, now, open_for_citizens)
    return select(func.min(left(one, now))).where(*row).scalar_subquery()


def free_times(session: Session, visit: Visit, day: date, now: datetime) -> Sequence[Row[Any]]:
    """The times of a day at which a visit may begin, as rows of (start, session, whole, left)."""
    found = select(Slot.start, Slot.session, Slot.cap_online.label("whole"), left_for(Slot, visit, now).label("left"))
    found = found.where(Slot.pool_id == visit.pool_id, Slot.day == day, may_begin(Slot, visit, now))
    return session.execute(found.order_by(Slot.start)).all()


def free_days(session: Session, visit: Visit, first: date, last: date, now: datetime) -> dict[date, int]:
    """By day on which a visit may begin, the places left, summed over its times."""
    found = select(Slot.day, func.sum(left_for(Slot, visit, now)))
    found = found.where(Slot.pool_id == visit.pool_id, Slot.day.between(first, last), may_begin(Slot, visit, now))
    return dict(session.execute(found.group_by(Slot.day)).all())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which times will do.

    Attributes:
        first, last: days, both inclusive.
        start, end: minutes of the day between which it should begin, the last exclusive.
        days: only these days, any if empty.
    """

    first: date
    last: date
    start: int = 0
    end: int = 1440
    days: tuple[date, ...] = ()


def next_free(session: Session, visits: Sequence[Visit], wanted: Wanted, now: datetime) -> dict[int, tuple[date, int]]:
    """The first time, by pool, at which each visit may begin; pools that have none are left out.

    Args:
        session: to read with.
        visits: at most one for each pool.
        wanted: which times will do.
        now: the moment.

    Returns:
        By id of the pool: day, and minute of the day.
    """
    found: dict[int, tuple[date, int]] = {}
    for shape in {(visit.grid, visit.units) for visit in visits}:
        pools = [visit.pool_id for visit in visits if (visit.grid, visit.units) == shape]
        found |= _first_of(session, pools, Visit(0, *shape), wanted, now)
    return found


def _first_of(
    session: Session, pools: Sequence[int], visit: Visit, wanted: Wanted, now: datetime
) -> dict[int, tuple[date, int]]:
    """One seek in the index of free slots for each pool, all in one statement."""
    one = aliased(Slot)
    seek = select(one.id).where(
        one.pool_id == Pool.id,
        one.day.between(wanted.first, wanted.last),
        one.start >= wanted.start,
        one.start < wanted.end,
        may_begin(one, visit, now),
    )
    if wanted.days:
        seek = seek.where(one.day.in_(wanted.days))
    first = seek.order_by(one.day, one.start).limit(1).correlate(Pool).scalar_subquery()
    found = select(Pool.id, Slot.day, Slot.start).join(Slot, Slot.id == first).where(Pool.id.in_(pools))
    return {pool: (day, start) for pool, day, start in session.execute(found)}
