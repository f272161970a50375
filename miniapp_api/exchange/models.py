"""Tables of the exchange with other systems."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now

PUSH_STATES = ("waiting", "leased", "sent", "failed", "skipped")


class ExchangeDelivery(Base):
    """What another system sent us once; the same delivery again gets the same answer.

    Attributes:
        digest: SHA-256 of the body.
    """

    __tablename__ = "exchange_deliveries"

    partner: Mapped[str] = mapped_column(String(32), primary_key=True)
    delivery: Mapped[str] = mapped_column(String(64), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime] = mapped_column(default=utc_now)


class ExchangePush(Base):
    """An event of a case that is owed to another system; written in the event's own transaction.

    Attributes:
        public_id: sent along, so that the receiver knows an event that came twice.
        seq: of the event in its case; the events of one case are sent in this order.
        fault: why the last try failed: a status, or the name of an error.
    """

    __tablename__ = "exchange_pushes"
    __table_args__ = (
        UniqueConstraint("partner", "case_id", "seq"),
        CheckConstraint(f"state IN {PUSH_STATES}", name="state"),
        Index("ix_exchange_pushes_due", "partner", "state", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    partner: Mapped[str] = mapped_column(String(32))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    seq: Mapped[int]
    state: Mapped[str] = mapped_column(String(16), default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime] = mapped_column(default=utc_now)
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    fault: Mapped[str | None] = mapped_column(String(80))
