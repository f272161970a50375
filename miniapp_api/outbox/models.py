"""Tables of the outbox."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now

BYTEWISE = String(120).with_variant(String(120, collation="C"), "postgresql")
"""Keys are compared byte by byte on both databases, so that a prefix is a range of the unique index."""


class OutboxMessage(Base):
    """A message that a citizen is owed, and what became of it.

    Attributes:
        dedupe_key: names the one thing to be told.
        topic: what it is about, such as `appointment.reminder`; may have a subscribe template.
        link: path on our web pages.
        fields: keyword of a subscribe template -> text.
        not_before: before it, nobody sees it.
        not_after: from then on it is useless, and not sent any more.
        due_at: when it is sent, or tried again.
        state: `waiting`; `leased` a worker sends it; `sent`; `inbox_only` no other way led to the citizen;
            `dropped` too late; `withdrawn` what it told was taken back; `failed` tried too often.
        lease: of the worker that sends it, until `leased_until`; then another may.
        tries: how often a worker took it.
        way: how it reached the citizen.
    """

    __tablename__ = "outbox_messages"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'leased', 'sent', 'inbox_only', 'dropped', 'withdrawn', 'failed')", name="state"
        ),
        CheckConstraint("way IN ('subscribe', 'custom', 'inbox')", name="way"),
        Index("ix_outbox_messages_due", "state", "due_at"),
        Index("ix_outbox_messages_late", "state", "not_after"),
        Index("ix_outbox_messages_inbox", "visitor_id", "not_before", "id"),
        Index("ix_outbox_messages_age", "not_before"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"))
    dedupe_key: Mapped[str] = mapped_column(BYTEWISE, unique=True)
    topic: Mapped[str] = mapped_column(String(48))
    title: Mapped[str] = mapped_column(String(40))
    text: Mapped[str] = mapped_column(Text)
    link: Mapped[str | None] = mapped_column(String(200))
    fields: Mapped[dict[str, Any]] = mapped_column(JSON)
    not_before: Mapped[datetime]
    not_after: Mapped[datetime | None]
    due_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    way: Mapped[str | None] = mapped_column(String(9))
    sent_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class NoticeConsent(Base):
    """How many more subscribe messages of a topic a citizen has agreed to (Tencent: 一次性订阅消息).

    It is what the mini-program told us; WeChat counts for itself, and what it refuses is not there.
    """

    __tablename__ = "notice_consents"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"),)

    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), primary_key=True)
    topic: Mapped[str] = mapped_column(String(48), primary_key=True)
    remaining: Mapped[int]
