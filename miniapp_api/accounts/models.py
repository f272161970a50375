"""Tables of accounts."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class Visitor(Base):
    """Somebody without a name: a random id and the city they ask about, nothing else."""

    __tablename__ = "visitors"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    locality: Mapped[str] = mapped_column(String(64))
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    revoked_at: Mapped[datetime | None]


class MergedVisitor(Base):
    """A visitor who turned out to be another one; all that was theirs is that one's now."""

    __tablename__ = "merged_visitors"

    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), primary_key=True)
    into_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), index=True)


class Login(Base):
    """One login of a visitor's: what the holder of an opaque session may do until it ends.

    Attributes:
        digest: SHA-256 of the session's token; the token itself is nowhere kept.
    """

    __tablename__ = "logins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
