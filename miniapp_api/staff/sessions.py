"""Sessions: random tokens in a cookie, known here by their digests only.

A session ends 30 minutes after a person last did something, and 12 hours after it began.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.staff.models import StaffMember, StaffSession

IDLE = timedelta(minutes=30)
LASTING = timedelta(hours=12)

PRECISION = timedelta(minutes=1)
"""Of `last_seen_at`, so that not every look at a page is a write."""


def begin(session: Session, member: StaffMember) -> str:
    """Begin a session, and forget all that are over.

    Returns:
        Its token, which says nothing.
    """
    now = utc_now()
    over = or_(StaffSession.expires_at <= now, StaffSession.last_seen_at <= now - IDLE)
    session.execute(delete(StaffSession).where(over))
    token = secrets.token_urlsafe(32)
    session.add(StaffSession(digest=_digest(token), member_id=member.id, last_seen_at=now, expires_at=now + LASTING))
    session.flush()
    return token


def find(session: Session, token: str) -> StaffSession | None:
    """Find the session of a token, with whose it is; None if there is none, or it is over, or theirs no more."""
    found = session.get(StaffSession, _digest(token), populate_existing=True)
    now = utc_now()
    if found and now < found.expires_at and now - found.last_seen_at < IDLE and found.member.active:
        return found
    return None


def is_stale(found: StaffSession) -> bool:
    """Tell whether it is time to note that somebody is still there."""
    return utc_now() - found.last_seen_at >= PRECISION


def touch(session: Session, token: str) -> None:
    """Note that somebody is still there."""
    session.execute(update(StaffSession).where(StaffSession.digest == _digest(token)).values(last_seen_at=utc_now()))


def end(session: Session, token: str) -> StaffMember | None:
    """End a session; gives whose it was, None if there was none."""
    found = session.get(StaffSession, _digest(token))
    if found is None:
        return None
    session.delete(found)
    session.flush()
    return found.member


def end_all(session: Session, member: StaffMember) -> None:
    """End all sessions of one person."""
    session.execute(delete(StaffSession).where(StaffSession.member_id == member.id))


def forgery_token(key: str, token: str) -> str:
    """Derive what a page of this session sends back, to show that it is ours.

    Args:
        key: the signing key of this installation.
        token: the session's.
    """
    return hmac.new(key.encode(), f"daoban.staff.csrf.{token}".encode(), hashlib.sha256).hexdigest()


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
