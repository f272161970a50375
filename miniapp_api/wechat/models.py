"""Tables of the WeChat door."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class WeChatIdentity(Base):
    """One citizen as one app (official account or mini-program) knows them.

    The row is also the lock of the citizen's conversation: whoever decides anything about their
    exchanges holds it.

    Attributes:
        unionid: the same for all apps of one Open Platform account.
        subscribed: follows the account; nobody else is sent anything unasked.
        menu: what was offered last, see `text.menus.Menu`.
        rest: pieces of an answer that wait for 「继续」.
        sending_until: until then one process alone gives this citizen anything; later, it died at that (see `sending`).
        session_key: of the mini-program's last login, encrypted.
    """

    __tablename__ = "wechat_identities"
    __table_args__ = (UniqueConstraint("app_id", "openid"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    app_id: Mapped[str] = mapped_column(String(32))
    openid: Mapped[str] = mapped_column(String(64))
    unionid: Mapped[str | None] = mapped_column(String(64), index=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), index=True)
    subscribed: Mapped[bool] = mapped_column(default=True)
    menu: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    rest: Mapped[list[str]] = mapped_column(JSON, default=list)
    sending_until: Mapped[datetime | None]
    session_key: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class WeChatExchange(Base):
    """One push that wants an answer, and what became of it.

    Attributes:
        key: the same for all copies of the push (`pushes.Push.key`).
        attempts: how often WeChat has sent it.
        asked_at: when it did so last.
        deed: what is to be done, see `deeds`; forgotten once done.
        turn_id: of the turn that it makes; the same however often it is tried.
        state: `new`, `running` (until `leased_until`, by the holder of `lease`), `answered`.
        answer: `{"messages": […], "links": […]}`, until it has long been delivered.
        reply: the text as it is sent.
        delivery: how it reaches the citizen. None: whoever waits may still reply. `passive`: in
            the reply to the push. `custom`: by customer-service message, or with the next reply.
        delivered_at: when it did, as far as is known: a reply was written, WeChat took a message.
        tries: how often turn or sending failed.
        not_before: when sending is tried again.
        refused: why WeChat will not take it now; then it waits for the citizen's next message.
    """

    __tablename__ = "wechat_exchanges"
    __table_args__ = (
        CheckConstraint("state IN ('new', 'running', 'answered')", name="state"),
        CheckConstraint("delivery IN ('passive', 'custom')", name="delivery"),
        Index("ix_wechat_exchanges_conversation", "identity_id", "id"),
        Index("ix_wechat_exchanges_open", "delivered_at", "asked_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("wechat_identities.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64), unique=True)
    attempts: Mapped[int] = mapped_column(default=1)
    received_at: Mapped[datetime] = mapped_column(default=utc_now)
    asked_at: Mapped[datetime] = mapped_column(default=utc_now)
    deed: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    turn_id: Mapped[str] = mapped_column(String(32), default=lambda: secrets.token_hex(16))
    state: Mapped[str] = mapped_column(String(8), default="new")
    lease: Mapped[str | None] = mapped_column(String(32))
    leased_until: Mapped[datetime | None]
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    reply: Mapped[str | None] = mapped_column(Text)
    delivery: Mapped[str | None] = mapped_column(String(8))
    delivered_at: Mapped[datetime | None]
    tries: Mapped[int] = mapped_column(default=0)
    not_before: Mapped[datetime | None]
    refused: Mapped[str | None] = mapped_column(String(16))


class JoinCode(Base):
    """A code by which a citizen says that they are the same one somewhere else; good for one time.

    Attributes:
        digest: SHA-256 of the code.
    """

    __tablename__ = "wechat_join_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    identity_id: Mapped[int] = mapped_column(ForeignKey("wechat_identities.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]
