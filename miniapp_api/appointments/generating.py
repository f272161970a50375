"""Making the slots of the days to come, again and again: what is there already is brought in line.

A booking is never dropped silently. Places that are taken cannot be taken away, only noted; what is
closed is taken back from its citizens by `changing.revoke`, who are told and can book anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row, case, insert, select, update
from sqlalchemy.orm import Session

from miniapp_api.appointments import changing, claiming
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.models import Booking, BookingSlot, DayOverride, SessionRun, Slot
from miniapp_api.appointments.planning import Counters, Decision, Planned, plan
from miniapp_api.calendar.service import Calendar, calendar
from miniapp_api.sites.service import Pool, Site

GONE = "办理时间有调整"
CALLED_OFF = "预约人数不够，这一场不办"


@dataclass(slots=True)
class Report:
    """What generating changed.

    Attributes:
        crowded: slots with more people than places, as there are fewer places now: (pool, day, minute).
        revoked: public ids of the bookings that could not be kept; their citizens are told.
    """

    created: int = 0
    changed: int = 0
    closed: int = 0
    crowded: list[tuple[int, date, int]] = field(default_factory=list)
    revoked: list[str] = field(default_factory=list)

    def add(self, other: Report) -> None:
        """Add what another part changed."""
        self.created += other.created
        self.changed += other.changed
        self.closed += other.closed
        self.crowded += other.crowded
        self.revoked += other.revoked


def generate(act: Act, pool: Pool, first: date, last: date) -> Report:
    """Bring the slots of a pool in line with its schedule, from one day to another, both inclusive."""
    claiming.alone(act.session, pool.id)
    report = Report()
    days = calendar(act.session)
    counters = _counters(pool)
    existing = _existing(act.session, pool, first, last)
    decisions = _decisions(act.session, pool, first, last)
    called_off = _called_off(act.session, pool, first, last)
    fresh: list[Planned] = []
    wanted: set[tuple[date, int]] = set()
    for planned in _planned(act, counters, days, decisions, (first, last)):
        wanted.add((planned.day, planned.start))
        if (planned.day, planned.session) in called_off:
            continue
        slot = existing.get((planned.day, planned.start))
        if slot is None:
            fresh.append(planned)
        else:
            _bring_in_line(act, slot, planned, report)
    for key, slot in existing.items():
        if key not in wanted and slot.status != "closed":
            _close(act, slot, GONE, report)
    _insert(act.session, pool, fresh)
    report.created = len(fresh)
    return report


def scheduled(session: Session, locality: str | None = None) -> Sequence[int]:
    """Ids of the pools that have slots, of one city or of all."""
    wanted = select(Pool.id).join(Site).where(Pool.active, Site.active, Pool.schedule.is_not(None))
    if locality:
        wanted = wanted.where(Site.locality == locality)
    return session.scalars(wanted.order_by(Pool.id)).all()


def generate_ahead(act: Act, pools: Iterable[Pool]) -> Report:
    """Bring the slots of pools in line for as many days as the schedules say."""
    report = Report()
    for pool in pools:
        if pool.schedule:
            report.add(generate(act, pool, act.today, act.today + timedelta(days=act.schedules.ahead_days)))
    return report


def close_session(act: Act, pool: Pool, day: date, session_kind: str) -> Report:
    """Close a session that too few people booked."""
    claiming.alone(act.session, pool.id)
    report = Report()
    for slot in _existing(act.session, pool, day, day).values():
        if (slot.session, slot.status) == (session_kind, "open"):
            _close(act, slot, CALLED_OFF, report)
    return report


def _counters(pool: Pool) -> Counters:
    count = sum(counter.active for counter in pool.counters)
    return Counters(f"{pool.site.code}.{pool.code}", pool.grid, max(1, count), pool.schedule or "")


def _planned(
    act: Act,
    counters: Counters,
    days: Calendar,
    decisions: dict[date, list[Decision]],
    span: tuple[date, date],
) -> Iterable[Planned]:
    for day in days.days(*span):
        yield from plan(counters, day, days, act.schedules, decisions.get(day.date, ()))


def _existing(session: Session, pool: Pool, first: date, last: date) -> dict[tuple[date, int], Row[Any]]:
    """The slots that are there, as rows: of a hundred thousand, few will change."""
    wanted = select(*(getattr(Slot, name) for name in ("id", "pool_id", "day", "start", *_COLUMNS)))
    slots = session.execute(wanted.where(Slot.pool_id == pool.id, Slot.day.between(first, last))).all()
    return {(slot.day, slot.start): slot for slot in slots}


def _decisions(session: Session, pool: Pool, first: date, last: date) -> dict[date, list[Decision]]:
    """What staff decided for the pool or its whole site, by day, in the order in which they did."""
    wanted = select(DayOverride).where(
        DayOverride.site_id == pool.site_id,
        (DayOverride.pool_id.is_(None)) | (DayOverride.pool_id == pool.id),
        DayOverride.day.between(first, last),
        DayOverride.withdrawn_at.is_(None),
    )
    found: dict[date, list[Decision]] = {}
    for row in session.scalars(wanted.order_by(DayOverride.id)).all():
        part = {} if row.start is None or row.end is None else {"start": row.start, "end": row.end}
        decision = Decision(
            row.action, row.reason, rule=row.rule, cap_total=row.cap_total, cap_online=row.cap_online, **part
        )
        found.setdefault(row.day, []).append(decision)
    return found


def _called_off(session: Session, pool: Pool, first: date, last: date) -> set[tuple[date, str]]:
    wanted = select(SessionRun.day, SessionRun.session).where(
        SessionRun.pool_id == pool.id, SessionRun.day.between(first, last), SessionRun.state == "off"
    )
    return set(session.execute(wanted).all())


_COLUMNS = ("end", "session", "rule", "policy", "cap_total", "cap_online", "status", "reason", "release_at")
_COLUMNS += ("book_until", "pooled_at")


def _bring_in_line(act: Act, slot: Row[Any], planned: Planned, report: Report) -> None:
    """Change what differs; capacity goes no lower than what is taken."""
    values = {name: getattr(planned, name) for name in _COLUMNS if getattr(slot, name) != getattr(planned, name)}
    if not values:
        return
    if planned.status == "closed":
        _close(act, slot, planned.reason or GONE, report)
        return
    report.changed += 1
    if "cap_total" in values or "cap_online" in values:
        taken = Slot.used_total + Slot.cooling
        values["cap_total"] = case((taken > planned.cap_total, taken), else_=planned.cap_total)
    swap = update(Slot).where(Slot.id == slot.id).values(values)
    act.session.execute(swap, execution_options={"synchronize_session": False})
    if act.session.scalar(select(Slot.cap_total).where(Slot.id == slot.id)) > planned.cap_total:
        report.crowded.append((slot.pool_id, slot.day, slot.start))


def _close(act: Act, slot: Row[Any], reason: str, report: Report) -> None:
    """Close a slot, whatever is booked meanwhile: who waited for its row finds it closed."""
    swap = update(Slot).where(Slot.id == slot.id, (Slot.status != "closed") | (Slot.reason != reason))
    closed = act.session.execute(
        swap.values(status="closed", reason=reason), execution_options={"synchronize_session": False}
    )
    if closed.rowcount != 1:
        return
    report.closed += 1
    booked = select(Booking).join(BookingSlot).where(BookingSlot.slot_id == slot.id).order_by(Booking.id)
    for booking in act.session.scalars(booked).all():
        if changing.revoke(act, booking, reason):
            report.revoked.append(booking.public_id)


def _insert(session: Session, pool: Pool, fresh: Sequence[Planned]) -> None:
    rows = [
        {"pool_id": pool.id, **{name: getattr(slot, name) for name in ("day", "start", *_COLUMNS)}} for slot in fresh
    ]
    if rows:
        session.execute(insert(Slot), rows)
