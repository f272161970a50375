"""How somebody proves who they are. A city's 统一身份认证 can stand in for the default.

An attempt is counted before its password is looked at, so that a hundred at the same moment are no
way around the lock; and no transaction is open while a password is computed.
"""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from typing import Protocol

import structlog
from sqlalchemy import Row, case, literal, update
from sqlalchemy.orm import Session

from miniapp_api.database import UTCDateTime, utc_now
from miniapp_api.staff import passwords
from miniapp_api.staff.models import StaffMember

MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)

log = structlog.get_logger()

Attempt = Row[int, str, str, bool, int]
"""A person as an attempt finds them: id, public_id, password_hash, active, failures."""


class SignIn(Protocol):
    """A way to sign in."""

    def authenticate(self, session: Session, username: str, password: str) -> StaffMember | None:
        """Find who this is, None if that is not proven; logs `sign_in_failed` with the public id, if any.

        What has to be remembered of a failure is committed here: the request that failed is rolled back.
        """


class LocalSignIn:
    """Usernames and passwords of our own."""

    def authenticate(self, session: Session, username: str, password: str) -> StaffMember | None:
        """Compare the password; unknown, locked and disabled people take as long as others."""
        attempt = _count(session, as_username(username))
        session.commit()
        allowed = attempt and attempt.active and attempt.failures <= MOST_FAILURES
        right = passwords.matches(attempt.password_hash if attempt and allowed else None, password)
        if attempt is None or not right:
            log.warning("sign_in_failed", staff=attempt.public_id if attempt else None)
            return None
        return _succeed(session, attempt, password)


def as_username(text: str) -> str:
    """Read a username as it was meant: in lower case, and not in full-width letters."""
    return unicodedata.normalize("NFKC", text[:64]).strip().lower()


def _count(session: Session, username: str) -> Attempt | None:
    """Count an attempt, and lock with the last that may fail; gives the person as they are then."""
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
            StaffMember.active,
            StaffMember.failures,
        )
        .execution_options(synchronize_session=False)
    )
    return session.execute(counting).one_or_none()


def _succeed(session: Session, attempt: Attempt, password: str) -> StaffMember | None:
    """Forget the failures and renew the hash, unless the person was changed in that moment."""
    renewed = passwords.hashed(password) if passwords.is_outdated(attempt.password_hash) else attempt.password_hash
    member = session.get_one(StaffMember, attempt.id, populate_existing=True, with_for_update=True)
    if not member.active or member.password_hash != attempt.password_hash:
        return None
    member.failures, member.locked_until, member.password_hash = 0, None, renewed
    return member
