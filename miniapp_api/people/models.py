"""Tables of people."""

from __future__ import annotations

import secrets
from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now

RELATIONS = ("self", "parent", "spouse", "child", "grandparent", "other")
"""Whom a citizen books for: 本人, 父母, 配偶, 子女, 祖父母或外祖父母, 其他（已得本人同意）."""


class Person(Base):
    """Somebody whom a visitor books for, themselves included.

    Attributes:
        subject_key: the same for the same document, whoever entered it; HMAC-SHA256, hexadecimal.
        sealed: name, document number and telephone as JSON, encrypted (`vault`) for the row of this `public_id`.
        name_mask: 王**.
        number_tail: the last four characters of the document number.
        born: from the document; None if it does not tell.
    """

    __tablename__ = "people"
    __table_args__ = (CheckConstraint(f"relation IN {RELATIONS}", name="relation"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), index=True)
    relation: Mapped[str] = mapped_column(String(16))
    subject_key: Mapped[str] = mapped_column(String(64), index=True)
    sealed: Mapped[str] = mapped_column(Text)
    name_mask: Mapped[str] = mapped_column(String(40))
    number_tail: Mapped[str] = mapped_column(String(4))
    born: Mapped[date | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
