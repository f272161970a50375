"""Table of papers."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base
from miniapp_api.numbering.service import MAX_SERIES

MAX_SUBJECT = 64
MAX_ACTOR = 80
MAX_REASON = 200


class Paper(Base):
    """A paper that was issued; its number is never given again, even if it is void.

    Attributes:
        kind: one of `kinds.KINDS`.
        title: what it was called when it was issued.
        number: as it is printed, such as 十行审受字〔2026〕第00001号.
        series: what it is counted in, `numbering`.
        subject: public id of what it is about.
        sealed: its facts, and what it says, as JSON, sealed for the row; None once erased.
        code_id: its signed code.
        issued_by: public id of who issued it, or what did.
        sample: worth nothing (样章), for the bureau had no seal when it was issued.
        void_reason: for staff.
        pdf: the signed document, sealed for the row; None until somebody asks for it, or once erased.
        made_at: when that was made.
    """

    __tablename__ = "papers"
    __table_args__ = (
        CheckConstraint("(voided_at IS NULL) = (void_reason IS NULL)", name="void"),
        CheckConstraint("pdf IS NULL OR made_at IS NOT NULL", name="made"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    kind: Mapped[str] = mapped_column(String(24))
    title: Mapped[str] = mapped_column(String(30))
    number: Mapped[str] = mapped_column(String(80), unique=True)
    series: Mapped[str] = mapped_column(String(MAX_SERIES))
    subject: Mapped[str] = mapped_column(String(MAX_SUBJECT), index=True)
    sealed: Mapped[str | None] = mapped_column(Text)
    code_id: Mapped[str] = mapped_column(ForeignKey("signed_codes.id"), unique=True)
    issued_at: Mapped[datetime]
    issued_by: Mapped[str] = mapped_column(String(MAX_ACTOR))
    sample: Mapped[bool]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str | None] = mapped_column(String(MAX_REASON))
    pdf: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    made_at: Mapped[datetime | None]
