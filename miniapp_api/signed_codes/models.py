"""Tables of signed codes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base


class SignedCode(Base):
    """One code that was issued. What it stands for, the domain knows that issued it.

    Attributes:
        id: 12 hex digits, random: they tell nothing, not even how many there are.
        kind: a `code.Kind`.
        kid: number of the key that signed it.
        issued_on: in China.
        revoke_reason: for staff; strangers are not told.
    """

    __tablename__ = "signed_codes"
    __table_args__ = (
        CheckConstraint("kid BETWEEN 0 AND 31", name="kid"),
        CheckConstraint("kind BETWEEN 0 AND 255", name="kind"),
        Index(None, "kid", "revoked_at"),
    )

    id: Mapped[str] = mapped_column(String(12), primary_key=True)
    kind: Mapped[int]
    kid: Mapped[int]
    issued_on: Mapped[date]
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str | None] = mapped_column(String(200))
