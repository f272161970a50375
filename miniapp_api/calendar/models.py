"""Tables of the calendar: what the notices say. A day that is in none is what its weekday says."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class CalendarNotice(Base):
    """The notice of a year that counts.

    Attributes:
        source: where it was read.
        digest: of its days, see `notices.Notice.digest`.
    """

    __tablename__ = "calendar_notices"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    source: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    loaded_at: Mapped[datetime] = mapped_column(default=utc_now)


class CalendarDay(Base):
    """A day that a notice names, see `notices.SpecialDay`.

    Attributes:
        year: of the notice; days off at new year may lie in the December before.
    """

    __tablename__ = "calendar_days"
    __table_args__ = (CheckConstraint("kind IN ('holiday', 'in_lieu', 'makeup')", name="kind"),)

    year: Mapped[int] = mapped_column(ForeignKey("calendar_notices.year", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(64))
