"""Tables of a day at the hall."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now

WAITING = ("waiting", "parked")
AT_COUNTER = ("called", "serving")
OVER = ("finished", "missed", "left")
STATES = (*WAITING, *AT_COUNTER, *OVER)

_AT_COUNTER_ONLY = text(f"state IN {AT_COUNTER}")


class QueueDay(Base):
    """The last number given out in a queue on a day; a queue is a pool's."""

    __tablename__ = "queue_days"

    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    last_number: Mapped[int] = mapped_column(default=0)


class Ticket(Base):
    """A number in a queue.

    Attributes:
        issued_pool_id: whose number it is; it stays when the ticket is transferred.
        pool_id: in which queue it stands.
        prefix: the letter before the number.
        kind: `special` care, `booked`, `walk_in`.
        eligible_at: from when it may be called: nobody is called before the time they booked.
        rank_at: order of calling; see `ranking`.
        counter_id: where it is called or served; of one that is parked or over, where that was done.
        calls: how often it was called out since it last left the queue.
        called_at: when it was called out last.
        requeued: how often it was put back after it was missed.
        back_until: until when a missed one may be put back, None if it may not.
        announced: its visitor was told that it is nearly their turn.
        key: whoever asks twice for the same ticket gets the same one.
    """

    __tablename__ = "tickets"
    __table_args__ = (
        UniqueConstraint("issued_pool_id", "day", "number"),
        CheckConstraint("kind IN ('special', 'booked', 'walk_in')", name="kind"),
        CheckConstraint(f"state IN {STATES}", name="state"),
        CheckConstraint(f"state NOT IN {AT_COUNTER} OR counter_id IS NOT NULL", name="counter"),
        Index("ix_tickets_queue", "pool_id", "day", "state", "rank_at"),
        Index(
            "uq_tickets_at_counter",
            "counter_id",
            unique=True,
            sqlite_where=_AT_COUNTER_ONLY,
            postgresql_where=_AT_COUNTER_ONLY,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    issued_pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"))
    day: Mapped[date]
    prefix: Mapped[str] = mapped_column(String(4))
    number: Mapped[int]
    kind: Mapped[str] = mapped_column(String(8))
    service: Mapped[str | None] = mapped_column(String(48))
    booking_id: Mapped[int | None] = mapped_column(ForeignKey("bookings.id", ondelete="SET NULL"), unique=True)
    visitor_id: Mapped[int | None] = mapped_column(ForeignKey("visitors.id", ondelete="SET NULL"), index=True)
    key: Mapped[str | None] = mapped_column(String(80), unique=True)
    state: Mapped[str] = mapped_column(String(8), default="waiting")
    eligible_at: Mapped[datetime]
    rank_at: Mapped[datetime]
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id", ondelete="SET NULL"))
    calls: Mapped[int] = mapped_column(default=0)
    called_at: Mapped[datetime | None]
    requeued: Mapped[int] = mapped_column(default=0)
    back_until: Mapped[datetime | None]
    announced: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class TicketEvent(Base):
    """What happened to a ticket; rows are only ever added, and times of waiting and serving follow from them.

    Attributes:
        before, after: states; each event begins with the state in which the one before it ended.
        what: name of the move; see `moves`.
        actor: `visitor`, `system`, or `staff:` and their public id.
    """

    __tablename__ = "ticket_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    ticket_id: Mapped[int] = mapped_column(ForeignKey("tickets.id", ondelete="CASCADE"), index=True)
    before: Mapped[str | None] = mapped_column(String(8))
    after: Mapped[str] = mapped_column(String(8))
    what: Mapped[str] = mapped_column(String(16))
    actor: Mapped[str] = mapped_column(String(40))
    counter_id: Mapped[int | None] = mapped_column(ForeignKey("counters.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(default=utc_now)


class Serving(Base):
    """An open counter, and who sits at it: one clerk at a counter, and a clerk at one counter.

    Attributes:
        staff: public id of the clerk.
    """

    __tablename__ = "servings"

    counter_id: Mapped[int] = mapped_column(ForeignKey("counters.id", ondelete="CASCADE"), primary_key=True)
    staff: Mapped[str] = mapped_column(String(32), unique=True)
    since: Mapped[datetime] = mapped_column(default=utc_now)
