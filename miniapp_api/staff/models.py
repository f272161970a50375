"""Tables of staff."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Enum, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from miniapp_api.database import Base, utc_now
from miniapp_api.staff.roles import Duty, Role


def _choice(kind: type[Role] | type[Duty]) -> Enum:
    """A column of an enumeration, kept by its values."""
    return Enum(kind, native_enum=False, length=16, values_callable=lambda members: [each.value for each in members])


class StaffMember(Base):
    """Somebody who works in the halls.

    Attributes:
        public_id: how other tables and the log name them.
        username: lower case; what they sign in with.
        password_hash: Argon2id, with its parameters.
        site_code: the one site at which they act; None is all sites, for administrators only.
        external_id: `sub` of who they are in the city's sign-in (统一身份认证), None if they have no account there.
        failures: attempts to sign in since the last that succeeded, or since the last lock ended.
        locked_until: neither password nor code is good before then.
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
    role: Mapped[Role] = mapped_column(_choice(Role))
    site_code: Mapped[str | None] = mapped_column(String(64))
    external_id: Mapped[str | None] = mapped_column(String(255), unique=True, index=True)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    password_changed_at: Mapped[datetime] = mapped_column(default=utc_now)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]

    duties: Mapped[list[StaffDuty]] = relationship(cascade="all, delete-orphan", order_by="StaffDuty.granted_at")


class StaffDuty(Base):
    """That somebody has a duty; `duties` gives and takes them."""

    __tablename__ = "staff_duties"
    __table_args__ = (CheckConstraint(f"duty IN {tuple(duty.value for duty in Duty)}", name="duty"),)

    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), primary_key=True)
    duty: Mapped[Duty] = mapped_column(_choice(Duty), primary_key=True)
    granted_at: Mapped[datetime] = mapped_column(default=utc_now)


class StaffFactor(Base):
    """Somebody's second factor: what their phone computes codes with.

    Attributes:
        secret: sealed (`vault`) for this person; None until a first code has shown that the phone has it.
        counter: time step of the last code that was good; that one and those before it are good no more.
        pending: sealed, of a phone that has not shown a code yet.
    """

    __tablename__ = "staff_factors"

    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str | None] = mapped_column(String(255))
    confirmed_at: Mapped[datetime | None]
    counter: Mapped[int] = mapped_column(BigInteger, default=0)
    pending: Mapped[str | None] = mapped_column(String(255))
    pending_at: Mapped[datetime | None]


class StaffRecoveryCode(Base):
    """A code on paper that stands in for the phone once; it is deleted when it is used.

    Attributes:
        digest: HMAC-SHA256 of it and of whose it is.
    """

    __tablename__ = "staff_recovery_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)


class StaffHalfSignIn(Base):
    """Somebody who has passed the first step of signing in and not the second.

    Attributes:
        digest: SHA-256 of the token in the cookie.
    """

    __tablename__ = "staff_half_sign_ins"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime]


class StaffDeparture(Base):
    """Somebody who was sent to the city's sign-in and is awaited.

    Attributes:
        digest: SHA-256 of `state`, which comes back from there and stays in the browser's cookie.
        nonce: what the ID token has to repeat.
        verifier: what shows that we are who asked (PKCE).
        wish: the page where they wanted to go.
    """

    __tablename__ = "staff_departures"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(String(64))
    verifier: Mapped[str] = mapped_column(String(128))
    wish: Mapped[str] = mapped_column(String(500))
    expires_at: Mapped[datetime]


class StaffSession(Base):
    """One sign-in, until it ends.

    Attributes:
        digest: SHA-256 of the token in the cookie; the token itself is nowhere kept.
        last_seen_at: when a person last did something, to within a minute.
        expires_at: when it ends however busy they are.
        second_factor: whether a code was shown, too.
    """

    __tablename__ = "staff_sessions"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[int] = mapped_column(ForeignKey("staff_members.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime]
    second_factor: Mapped[bool] = mapped_column(default=False)

    member: Mapped[StaffMember] = relationship(lazy="joined", innerjoin=True)
