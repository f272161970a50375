"""Tables of staff."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import CheckConstraint, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from miniapp_api.database import Base, utc_now
from miniapp_api.staff.roles import Role


class StaffMember(Base):
    """Somebody who works in the halls.

    Attributes:
        public_id: how other tables and the log name them.
        username: lower case; what they sign in with.
        password_hash: Argon2id, with its parameters.
        site_code: the one site at which they act; None is all sites, for administrators only.
        failures: attempts to sign in since the last that succeeded, or since the last lock ended.
        locked_until: no password is good before then.
    """

    __tablename__ = "staff_members"
    __table_args__ = (
        CheckConstraint(f"role IN {tuple(role.value for role in Role)}", name="role"),
        CheckConstraint("role = 'admin' OR site_code IS NOT NULL", name="site"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=lambda: secrets.token_hex(16))
    username: Mapped[str] = mapped_column(String(32), unique=True)
    name: Mapped[str] = mapped_column(String(40))
    password_hash: Mapped[str] = mapped_column(String(255))
    role: Mapped[Role] = mapped_column(
        Enum(Role, native_enum=False, length=16, values_callable=lambda roles: [role.value for role in roles])
    )
    site_code: Mapped[str | None] = mapped_column(String(64))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    password_changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]


class StaffSession(Base):
    """One sign-in, until it ends.

    Attributes:
        digest: SHA-256 of the token in the cookie; the token itself is nowhere kept.
        last_seen_at: when a person last did something, to within a minute.
        expires_at: when it ends however busy they are.
    """

    __tablename__ = "staff_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]

    member: Mapped[StaffMember] = relationship(lazy="joined", innerjoin=True)
