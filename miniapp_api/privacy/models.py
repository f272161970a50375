"""Tables of privacy."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class PersonalRead(Base):
    """That a member of staff had personal data shown in full.

    Rows are only ever added: triggers of the database refuse to change one, and to delete one within
    six months.

    Attributes:
        staff_public_id: who looked; it stays when their account goes.
        subject: whose data it was, such as `case:` and its public id; no name and no number.
        fields: what was shown.
        reason: why, in their words; numbers in it are masked.
        route: the route on which it was shown, empty outside of requests.
    """

    __tablename__ = "personal_reads"
    __table_args__ = (
        Index("ix_personal_reads_subject", "subject", "id"),
        Index("ix_personal_reads_staff", "staff_public_id", "id"),
        Index("ix_personal_reads_at", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=utc_now)
    staff_public_id: Mapped[str] = mapped_column(String(32))
    subject: Mapped[str] = mapped_column(String(120))
    fields: Mapped[list[str]] = mapped_column(JSON)
    reason: Mapped[str] = mapped_column(String(200))
    route: Mapped[str] = mapped_column(String(120))
