"""How somebody proves who they are. A city's 统一身份认证 can stand in for the default.

An attempt is counted before its password is looked at, so that a hundred at the same moment are no
way around the lock; and no transaction is open while a password is computed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy import Row, case, literal, update
from sqlalchemy.orm import Session

from miniapp_api.database import UTCDateTime, utc_now
from miniapp_api.staff import passwords
from miniapp_api.staff.models import StaffMember
from miniapp_api.staff.roles import Role

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)

log = structlog.get_logger()

Attempt = Row[int, str, str, Role, bool, int]
"""A person as an attempt finds them: id, public_id, password_hash, role, active, failures."""


class SignIn(Protocol):
    """A way to sign in with a name and a password."""

    def authenticate(self, session: Session, username: str, password: str) -> StaffMember | None:
        """Find who this is, None if that is not proven; logs `sign_in_failed` with the public id, if any.

        What has to be remembered of a failure is committed here: the request that failed is rolled back.
        """


@dataclass(frozen=True, slots=True)
class Departure:
    """Where a browser is sent to sign in elsewhere.

    Attributes:
        address: of the page there.
        state: what it brings back, and keeps in a cookie meanwhile.
    """

    address: str
    state: str


class SignInElsewhere(Protocol):
    """A way to sign in that sends the browser away and back."""

    def depart(self, session: Session, wish: str) -> Departure:
        """Begin; `wish` is where they want to go afterwards.

        Raises:
            Problem: 503 if nobody answers there.
        """

    def arrive(self, session: Session, state: str, answer: Mapping[str, str]) -> tuple[StaffMember, str]:
        """Find who has come back, and where they wanted to go. Commits, and talks to the other side in between.

        Args:
            session: of the request.
            state: from the cookie.
            answer: what the browser brought: `code` and `state`, or `error`.

        Raises:
            Problem: 401 if it is not proven who this is; 403 if they have no account here; 503 as `depart`.
        """


class LocalSignIn:
    """Usernames and passwords of our own."""

    def __init__(self, least: Role = Role.CLERK) -> None:
        """Let in whoever has at least this role."""
        self.least = least

    def authenticate(self, session: Session, username: str, password: str) -> StaffMember | None:
        """Compare the password; unknown, locked and disabled people take as long as others."""
        attempt = count(session, as_username(username))
        session.commit()
        allowed = attempt and attempt.active and attempt.failures <= MOST_FAILURES and attempt.role >= self.least
        right = passwords.matches(attempt.password_hash if attempt and allowed else None, password)
        if attempt is None or not right:
            log.warning("sign_in_failed", staff=attempt.public_id if attempt else None)
            return None
        return _succeed(session, attempt, password)


def as_username(text: str) -> str:
    """Read a username as it was meant: in lower case, and not in full-width letters."""
    return unicodedata.normalize("NFKC", text[:64]).strip().lower()


def count(session: Session, username: str) -> Attempt | None:
    """Count an attempt, and lock with the last that may fail; gives the person as they are then.

    Of passwords and of codes: they have one lock.
    """
    now = utc_now()
    over = StaffMember.locked_until <= now
    last = StaffMember.failures + 1 == MOST_FAILURES
    counting = (
        update(StaffMember)
        .where(StaffMember.username == username)
        .values(
            failures=case((over, 1), else_=StaffMember.failures + 1),
            locked_until=case(
                (over, None), (last, literal(now + LOCKED_FOR, UTCDateTime())), else_=StaffMember.locked_until
            ),
        )
        .returning(
            StaffMember.id,
            StaffMember.public_id,
            StaffMember.password_hash,
            StaffMember.role,
            StaffMember.active,
            StaffMember.failures,
        )
        .execution_options(synchronize_session=False)
    )
    return session.execute(counting).one_or_none()


def forgive(session: Session, member: StaffMember) -> None:
    """Forget the failures of somebody who has shown all that is asked for."""
    session.refresh(member, with_for_update=True)  # they are counted past this object
    member.failures, member.locked_until = 0, None


def _succeed(session: Session, attempt: Attempt, password: str) -> StaffMember | None:
    """Take the attempt back and renew the hash, unless the person was changed in that moment."""
    renewed = passwords.hashed(password) if passwords.is_outdated(attempt.password_hash) else attempt.password_hash
    member = session.get_one(StaffMember, attempt.id, populate_existing=True, with_for_update=True)
    if not member.active or member.password_hash != attempt.password_hash:
        return None
    member.password_hash = renewed
    _take_back(member)
    return member


def _take_back(member: StaffMember) -> None:
    """Let an attempt not have happened.

    The others stay counted: whoever knows the password could else try codes for ever, with the password in between.
    """
    member.failures = max(0, member.failures - 1)
    if member.failures < MOST_FAILURES:
        member.locked_until = None
