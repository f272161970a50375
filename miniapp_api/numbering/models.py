"""Table of number series."""

from __future__ import annotations

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base

MAX_SERIES = 80


class NumberSeries(Base):
    """The last number given out in a series.

    Attributes:
        series: what is numbered together, such as `paper:十行审受字:2026`.
    """

    __tablename__ = "number_series"
    __table_args__ = (CheckConstraint("last >= 1", name="last"),)

    series: Mapped[str] = mapped_column(String(MAX_SERIES), primary_key=True)
    last: Mapped[int]
