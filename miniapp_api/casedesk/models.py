"""Tables of the staff's pages for cases."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base

KINDS = ("extension", "demands", "objection", "call", "check")
"""延期待批, 补正有新要求待批, 异议, 回电, 承诺待核查."""


class CaseMatter(Base):
    """Something about a case that waits for somebody's word; open until it is settled.

    Attributes:
        proposal: facts of the event that is asked for, None where there is nothing to approve.
        asked_by: public id of the member of staff who asks, None if it is the applicant, or the law.
        settled_by: public id of who gave the word, None if the case's course settled it.
        approved: of what was asked for; None where there was nothing to approve, or no need any more.
    """

    __tablename__ = "case_matters"
    __table_args__ = (
        CheckConstraint(f"kind IN {KINDS}", name="kind"),
        Index("ix_case_matters_open", "settled_at", "kind", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"), index=True)
    kind: Mapped[str] = mapped_column(String(16))
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    asked_by: Mapped[str | None] = mapped_column(String(32))
    asked_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = mapped_column(String(32))
    approved: Mapped[bool | None]
