"""Tables of content."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from miniapp_api.database import Base, utc_now


class PublishedRelease(Base):
    """The exact texts of a theme and a city that some guide was begun with.

    A guide goes on with the texts it began with, whatever is published meanwhile.
    """

    __tablename__ = "published_releases"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    theme: Mapped[str] = mapped_column(String(48))
    version: Mapped[str] = mapped_column(String(16))
    locality: Mapped[str] = mapped_column(String(48))
    texts: Mapped[bytes] = mapped_column(LargeBinary)
    published_at: Mapped[datetime] = mapped_column(default=utc_now)
