"""Tables of the chat."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class ChatMessage(Base):
    """One message; a visitor has one conversation in each channel."""

    __tablename__ = "chat_messages"
    __table_args__ = (
        CheckConstraint("sender IN ('citizen', 'bot')", name="sender"),
        Index("ix_chat_messages_conversation", "visitor_id", "channel", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(16))
    turn_id: Mapped[str] = mapped_column(String(32))
    sender: Mapped[str] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(Text)
    choices: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    kind: Mapped[str | None] = mapped_column(String(32))
    at: Mapped[datetime] = mapped_column(default=utc_now)
