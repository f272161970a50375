"""Tables of appointments.

A slot is a row with counters; a booking is a row with a state. Whoever takes a place inserts the
booking and raises the counters in one transaction, guarded by both: see `claiming`.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now

SESSIONS = ("normal", "lunch", "weekend", "special")
"""平时, 午间延时, 双休日预约, 专场."""

LIVE = ("held", "confirmed", "checked_in")
"""States of a booking that takes up its places."""

ENDED = ("served", "missed", "cancelled", "revoked", "expired")
"""Done; nobody came; given up by the citizen; taken back by the hall; held and not confirmed in time."""

CHANNELS = ("mini", "chat", "desk", "phone", "kiosk", "waiting")
"""Where a booking came from; `waiting` is an offer to somebody on the waiting list."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without characters that are taken for one another when they are read out."""

_LIVE_ONLY = text(f"status IN {LIVE}")

_HAS_PLACE = text("status = 'open' AND cap_total > used_total + cooling")
"""This way round: SQLite turns comparisons so that a lone column comes first, and only then looks for the index."""


class Slot(Base):
    """One grid step of a pool on a day: how many may come, and how many will.

    Attributes:
        start, end: minutes after midnight in China.
        rule: id of the session rule that made it.
        policy: id of the booking policy.
        cap_total: places; `cap_online` of them for citizens, the rest for staff who book for others.
        used_total, used_online: places taken by live bookings.
        cooling: places given back that nobody may take yet (`SlotReturn`).
        release_at: from when citizens may book; None: not decided, as the day is provisional.
        book_until: from when they no longer may.
        pooled_at: from when the places kept for staff are for citizens too.
        reason: why it is not open.
    """

    __tablename__ = "slots"
    __table_args__ = (
        UniqueConstraint("pool_id", "day", "start"),
        CheckConstraint(f"session IN {SESSIONS}", name="session"),
        CheckConstraint("status IN ('open', 'paused', 'closed')", name="status"),
        CheckConstraint('start >= 0 AND start < 1440 AND "end" > start', name="time"),
        CheckConstraint("cap_online BETWEEN 0 AND cap_total", name="caps"),
        CheckConstraint("used_online >= 0 AND used_online <= used_total AND cooling >= 0", name="counters"),
        CheckConstraint("used_total + cooling <= cap_total", name="not_oversold"),
        Index(
            "ix_slots_free",
            "pool_id",
            "day",
            "start",
            sqlite_where=_HAS_PLACE,
            postgresql_where=_HAS_PLACE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"))
    day: Mapped[date]
    start: Mapped[int]
    end: Mapped[int]
    session: Mapped[str] = mapped_column(String(8))
    rule: Mapped[str] = mapped_column(String(48))
    policy: Mapped[str] = mapped_column(String(48))
    cap_total: Mapped[int]
    cap_online: Mapped[int]
    used_total: Mapped[int] = mapped_column(default=0)
    used_online: Mapped[int] = mapped_column(default=0)
    cooling: Mapped[int] = mapped_column(default=0)
    status: Mapped[str] = mapped_column(String(8), default="open")
    reason: Mapped[str | None] = mapped_column(String(100))
    release_at: Mapped[datetime | None]
    book_until: Mapped[datetime]
    pooled_at: Mapped[datetime]


class Booking(Base):
    """That somebody will come.

    Attributes:
        code: eight characters that can be said over the telephone.
        visitor_id: whose telephone it is on; None if staff booked.
        person_id: who will come or be helped; None once that person was forgotten.
        subject_key: the person, the same whoever books for them; see `people`.
        policy_key: what the person may have one live booking of, such as a day.
        hold_until: until when a held place waits to be confirmed.
        sign: id of the signed code on its confirmation.
        guide: public id of the guide whose list it is for.
        moves: how often it was rescheduled.
        online: its places count against the citizens' quota.
        care: elderly or otherwise in need of care: called first, and exempt from the conduct rules.
        version: counts changes, for compare-and-swap and reminders.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint(f"status IN {LIVE + ENDED}", name="status"),
        CheckConstraint(f"channel IN {CHANNELS}", name="channel"),
        CheckConstraint("(status = 'held') = (hold_until IS NOT NULL)", name="hold"),
        Index(
            "uq_bookings_live_policy",
            "subject_key",
            "policy_key",
            unique=True,
            sqlite_where=_LIVE_ONLY,
            postgresql_where=_LIVE_ONLY,
        ),
        Index(
            "uq_bookings_live_service",
            "subject_key",
            "service",
            unique=True,
            sqlite_where=_LIVE_ONLY,
            postgresql_where=_LIVE_ONLY,
        ),
        Index("ix_bookings_visitor", "visitor_id", "id"),
        Index("ix_bookings_pool_day", "pool_id", "day", "start"),
        Index(
            "ix_bookings_holds",
            "hold_until",
            sqlite_where=text("status = 'held'"),
            postgresql_where=text("status = 'held'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    code: Mapped[str] = mapped_column(
        String(8), unique=True, default=lambda: "".join(secrets.choice(_ALPHABET) for _ in range(8))
    )
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id", ondelete="SET NULL"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("people.id", ondelete="SET NULL"))
    subject_key: Mapped[str] = mapped_column(String(64))
    name_mask: Mapped[str] = mapped_column(String(40))
    relation: Mapped[str] = mapped_column(String(16))
    service: Mapped[str] = mapped_column(String(48))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"))
    day: Mapped[date]
    start: Mapped[int]
    end: Mapped[int]
    session: Mapped[str] = mapped_column(String(8))
    policy_key: Mapped[str] = mapped_column(String(64))
    channel: Mapped[str] = mapped_column(String(8))
    online: Mapped[bool]
    care: Mapped[bool] = mapped_column(default=False)
    status: Mapped[str] = mapped_column(String(12))
    hold_until: Mapped[datetime | None]
    sign: Mapped[str | None] = mapped_column(String(12), unique=True)
    guide: Mapped[str | None] = mapped_column(String(32))
    moves: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class BookingSlot(Base):
    """Which slots a live booking takes; a long visit takes several in a row."""

    __tablename__ = "booking_slots"

    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id"), primary_key=True, index=True)


class BookingEvent(Base):
    """What happened to a booking; rows are only ever added.

    Attributes:
        actor: `visitor`, `system`, or `staff:` and their public id.
    """

    __tablename__ = "booking_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(12))
    after: Mapped[str] = mapped_column(String(12))
    actor: Mapped[str] = mapped_column(String(40))
    reason: Mapped[str | None] = mapped_column(String(200))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class SlotReturn(Base):
    """Places given back, free again at a moment that nobody can guess: scalpers cannot pass them on."""

    __tablename__ = "slot_returns"

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"), index=True)
    due_at: Mapped[datetime] = mapped_column(index=True)


class SessionRun(Base):
    """Whether a session that takes place only if enough people book does: decided once, at its cut-off."""

    __tablename__ = "session_runs"
    __table_args__ = (CheckConstraint("state IN ('on', 'off')", name="state"),)

    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    session: Mapped[str] = mapped_column(String(8), primary_key=True)
    state: Mapped[str] = mapped_column(String(4))
    bookings: Mapped[int]
    decided_at: Mapped[datetime] = mapped_column(default=utc_now)


class DayOverride(Base):
    """An exception that staff made for a day, of a pool or a whole site.

    Attributes:
        action: `close` takes slots away; `open` makes some where the rules have none; `cap` changes how many.
        start, end: the part of the day, minutes; the whole day if None.
        schedule_session: for `open`, the rule of the pool's schedule after whose manner it is open.
    """

    __tablename__ = "day_overrides"
    __table_args__ = (
        CheckConstraint("action IN ('close', 'open', 'cap')", name="action"),
        CheckConstraint('(start IS NULL) = ("end" IS NULL)', name="part"),
        CheckConstraint("action != 'cap' OR cap_total IS NOT NULL", name="cap"),
        Index("ix_day_overrides_site_day", "site_id", "day"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    pool_id: Mapped[int | None] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"))
    day: Mapped[date]
    action: Mapped[str] = mapped_column(String(8))
    start: Mapped[int | None]
    end: Mapped[int | None]
    rule: Mapped[str | None] = mapped_column(String(48))
    cap_total: Mapped[int | None]
    cap_online: Mapped[int | None]
    reason: Mapped[str] = mapped_column(String(100))
    actor: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    withdrawn_at: Mapped[datetime | None]


class Waiting(Base):
    """Somebody who wants a place that is not there.

    Attributes:
        site: code of the only site that will do, None for any in the city.
        first_day, last_day: of the days that will do.
        first, last: of the minutes of a day that will do, the last exclusive.
        booking_id: what is held for them while they are offered it.
    """

    __tablename__ = "waiting"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'offered', 'booked', 'ended')", name="state"),
        CheckConstraint("first_day <= last_day AND first < last", name="range"),
        Index("ix_waiting_service", "service", "state", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id", ondelete="CASCADE"))
    subject_key: Mapped[str] = mapped_column(String(64), index=True)
    locality: Mapped[str] = mapped_column(String(48))
    service: Mapped[str] = mapped_column(String(48))
    site: Mapped[str | None] = mapped_column(String(64))
    first_day: Mapped[date]
    last_day: Mapped[date]
    first: Mapped[int] = mapped_column(default=0)
    last: Mapped[int] = mapped_column(default=1440)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    offers: Mapped[int] = mapped_column(default=0)
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class AttendanceMark(Base):
    """Points for a place that was not used: they expire, and staff can waive them.

    Attributes:
        kind: `no_show` or `late_cancel`.
        halves: points, in halves.
    """

    __tablename__ = "attendance_marks"

    id: Mapped[int] = mapped_column(primary_key=True)
    booking_id: Mapped[int] = mapped_column(ForeignKey("bookings.id", ondelete="CASCADE"), unique=True)
    subject_key: Mapped[str] = mapped_column(String(64), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    halves: Mapped[int]
    at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    waived_by: Mapped[str | None] = mapped_column(String(40))
    waive_reason: Mapped[str | None] = mapped_column(String(200))


class Restriction(Base):
    """That a person may not book weekend and lunch sessions online for a while.

    Attributes:
        appeal: what the person says against it; staff `lifted` it or let it stand.
    """

    __tablename__ = "restrictions"
    __table_args__ = (CheckConstraint("state IN ('standing', 'appealed', 'upheld', 'lifted')", name="state"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    subject_key: Mapped[str] = mapped_column(String(64), index=True)
    from_at: Mapped[datetime] = mapped_column(default=utc_now)
    until_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), default="standing")
    appeal: Mapped[str | None] = mapped_column(String(500))
    decided_by: Mapped[str | None] = mapped_column(String(40))


class BookingTalk(Base):
    """What the chat remembers about an appointment that a visitor is arranging; see `talking.state`."""

    __tablename__ = "booking_talks"

    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), primary_key=True)
    state: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
