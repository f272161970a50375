"""Tables of guides."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class Guide(Base):
    """One citizen's way through one theme, pinned to the release it began with.

    Attributes:
        revision: counts changes; a caller who has seen an older one is told so.
        active: the chat speaks about it; a visitor has at most one.
        dialogue: what the chat has to remember between two messages, see `turns.Dialogue`.
    """

    __tablename__ = "guides"
    __table_args__ = (Index(None, "visitor_id", "active"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    visitor_id: Mapped[int] = mapped_column(ForeignKey("visitors.id", ondelete="CASCADE"))
    theme: Mapped[str] = mapped_column(String(48))
    locality: Mapped[str] = mapped_column(String(48))
    release: Mapped[str] = mapped_column(ForeignKey("published_releases.digest"))
    revision: Mapped[int] = mapped_column(default=0)
    active: Mapped[bool] = mapped_column(default=True)
    dialogue: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    changed_at: Mapped[datetime] = mapped_column(default=utc_now)


class GuideStep(Base):
    """One entry of a guide's log: an answer, or a step back. Rows are only ever added.

    Attributes:
        answer: see `answers.encode`.
        retracts: for a step back, the turn whose answers no longer count.
        quote: the citizen's words, ID and phone numbers masked.
    """

    __tablename__ = "guide_steps"

    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    turn: Mapped[int]
    fact: Mapped[str | None] = mapped_column(String(48))
    answer: Mapped[Any | None] = mapped_column(JSON(none_as_null=True))
    source: Mapped[str | None] = mapped_column(String(16))
    quote: Mapped[str | None] = mapped_column(String(500))
    retracts: Mapped[int | None]
    at: Mapped[datetime] = mapped_column(default=utc_now)


class GuideMaterial(Base):
    """A material that the citizen has ticked off: it is ready."""

    __tablename__ = "guide_materials"

    guide_id: Mapped[int] = mapped_column(ForeignKey("guides.id", ondelete="CASCADE"), primary_key=True)
    material: Mapped[str] = mapped_column(String(48), primary_key=True)
