"""What citizens see before they book: halls, days and times, and why something is not to be had."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Row, func, select

from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import (
    Visit,
    Wanted,
    free_days,
    free_times,
    may_begin,
    next_free,
    open_to,
)
from miniapp_api.appointments.models import Slot
from miniapp_api.appointments.wording import FULL, LEVELS, SESSIONS, day_text, level, rest_reason
from miniapp_api.calendar.service import CHINA, calendar
from miniapp_api.sites.service import Offer, offers


@dataclass(frozen=True, slots=True)
class HallOffer:
    """A pool that accepts the service, and the first time that will do there, if there is one."""

    offer: Offer
    first: tuple[date, int] | None


@dataclass(frozen=True, slots=True)
class DayOffer:
    """A day of a pool.

    Attributes:
        state: `open`, `full`, `not_released`, `provisional`, `over` (past its cut-off), `closed` or `rest`.
        level: how much is left, one of `wording.LEVELS`; None unless open or full.
        text: the state in words, with when or why.
        sessions: kinds of session that have slots that day.
    """

    day: date
    state: str
    level: str | None
    text: str
    sessions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TimeOffer:
    """A time at which a visit may begin."""

    start: int
    end: int
    session: str
    level: str


def halls(
    act: Act,
    locality: str,
    service: str,
    wanted: Wanted,
    *,
    near: tuple[float, float] | None = None,
    district: str | None = None,
) -> list[HallOffer]:
    """The pools where citizens may book a service, those with a time that will do first, then the nearest."""
    found = [each for each in offers(act.session, locality, service, near=near, district=district) if each.online]
    first = next_free(act.session, [Visit.of(each.pool, each.units) for each in found], wanted, act.now)
    listed = [HallOffer(each, first.get(each.pool.id)) for each in found]
    return sorted(listed, key=lambda each: each.first is None)


def days(act: Act, visit: Visit, first: date, last: date) -> list[DayOffer]:
    """Every day from one to another, both inclusive."""
    free = free_days(act.session, visit, first, last, act.now)
    known = calendar(act.session)
    made = {row.day: row for row in _summaries(act, visit, first, last)}
    listed = []
    for day in known.days(first, last):
        row = made.get(day.date)
        if row is None:
            listed.append(DayOffer(day.date, "rest", None, f"休息（{rest_reason(day)}）", ()))
            continue
        state, text = _state(row, free.get(day.date, 0))
        amount = level(free.get(day.date, 0), row.whole) if state in ("open", "full") else None
        sessions = tuple(kind for kind in SESSIONS if getattr(row, kind))
        listed.append(DayOffer(day.date, state, amount, LEVELS[amount] if amount else text, sessions))
    return listed


def first_of(act: Act, visit: Visit, wanted: Wanted) -> tuple[date, int] | None:
    """The first time of a pool that will do."""
    return next_free(act.session, [visit], wanted, act.now).get(visit.pool_id)


def times(act: Act, visit: Visit, day: date) -> list[TimeOffer]:
    """The times of a day at which a visit may begin."""
    rows = free_times(act.session, visit, day, act.now)
    return [TimeOffer(row.start, row.start + visit.minutes, row.session, level(row.left, row.whole)) for row in rows]


def staff_times(act: Act, visit: Visit, *, online: bool = False) -> dict[date, list[int]]:
    """The times from now on at which staff may book a visit, by day, as minutes after midnight.

    Args:
        act: at which moment.
        visit: of what length, and where.
        online: only what citizens could book too, as for a booking that one of them made.
    """
    begins = may_begin(Slot, visit, act.now, open_to(citizens=online))
    free = select(Slot.day, Slot.start).where(Slot.pool_id == visit.pool_id, Slot.day >= act.today, begins)
    times: dict[date, list[int]] = {}
    for day, start in act.session.execute(free.order_by(Slot.day, Slot.start)).all():
        times.setdefault(day, []).append(start)
    return times


def _state(row: Row[Any], free: int) -> tuple[str, str]:
    """The state of a day that has slots, and what to say about it if it is neither open nor full."""
    if free:
        return "open", ""
    if not row.open:
        return "closed", f"不办理（{row.reason or '临时停办'}）"
    if row.bookable:
        return "full", LEVELS[FULL]
    if row.released:
        return "over", "已截止预约，可以到窗口取号"
    if row.opens is None:
        return "provisional", "未放号（放假安排公布后放）"
    opens = row.opens.astimezone(CHINA)
    return "not_released", f"未放号（{day_text(opens.date())}{opens:%H:%M}放）"


def _summaries(act: Act, visit: Visit, first: date, last: date) -> Sequence[Row[Any]]:
    """By day: slots open, also by session, released and bookable, places in all, when it opens, why it is shut."""
    is_open = Slot.status == "open"
    released = is_open & (Slot.release_at <= act.now)
    wanted = select(
        Slot.day,
        func.count().filter(is_open).label("open"),
        func.count().filter(released).label("released"),
        func.count().filter(released & (Slot.book_until > act.now)).label("bookable"),
        func.sum(Slot.cap_online).label("whole"),
        func.min(Slot.release_at).filter(is_open).label("opens"),
        func.max(Slot.reason).label("reason"),
        *(func.count().filter(is_open & (Slot.session == kind)).label(kind) for kind in SESSIONS),
    ).where(Slot.pool_id == visit.pool_id, Slot.day.between(first, last))
    return act.session.execute(wanted.group_by(Slot.day)).all()
