"""Sessions: random tokens in a cookie, known here by their digests only.

A session ends 30 minutes after a person last did something, and 12 hours after it began. Who has passed
the first of two steps has none yet, only a token of five minutes for the second.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import delete, or_, update
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.staff.models import StaffHalfSignIn, StaffMember, StaffSession

IDLE = timedelta(minutes=30)
LASTING = timedelta(hours=12)

HALF_WAY = timedelta(minutes=5)
"""How long the second step may take."""

PRECISION = timedelta(minutes=1)
"""Of `last_seen_at`, so that not every look at a page is a write."""


def begin(session: Session, member: StaffMember, *, second_factor: bool = False) -> str:
    """Begin a session, and forget all that are over.

    Args:
        session: of the caller, who commits.
        member: who has signed in.
        second_factor: whether they have shown one.

    Returns:
        Its token, which says nothing.
    """
    now = utc_now()
    over = or_(StaffSession.expires_at <= now, StaffSession.last_seen_at <= now - IDLE)
    session.execute(delete(StaffSession).where(over))
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSession(
            digest=digest(token),
            member_id=member.id,
            last_seen_at=now,
            expires_at=now + LASTING,
            second_factor=second_factor,
        )
    )
    session.flush()
    return token


def begin_half(session: Session, member: StaffMember) -> str:
    """Remember that somebody has passed the first step, and forget who did not come to the second.

    Returns:
        The token of the second step, which says nothing.
    """
    now = utc_now()
    session.execute(delete(StaffHalfSignIn).where(StaffHalfSignIn.expires_at <= now))
    token = secrets.token_urlsafe(32)
    session.add(StaffHalfSignIn(digest=digest(token), member_id=member.id, expires_at=now + HALF_WAY))
    session.flush()
    return token


def find_half(session: Session, token: str) -> StaffMember | None:
    """Find who is to show a second factor; None if nobody is, or it took too long, or they may not enter any more."""
    half = session.get(StaffHalfSignIn, digest(token), populate_existing=True)
    if half is None or half.expires_at <= utc_now():
        return None
    member = session.get_one(StaffMember, half.member_id, populate_existing=True)
    return member if member.active else None


def end_half(session: Session, token: str) -> bool:
    """End the second step: it leads to one session; tells whether it was still there."""
    gone = delete(StaffHalfSignIn).where(StaffHalfSignIn.digest == digest(token)).returning(StaffHalfSignIn.member_id)
    return session.scalar(gone) is not None


def strengthen(session: Session, token: str) -> None:
    """Note that in this session a second factor was shown."""
    session.execute(update(StaffSession).where(StaffSession.digest == digest(token)).values(second_factor=True))


def find(session: Session, token: str) -> StaffSession | None:
    """Find the session of a token, with whose it is; None if there is none, or it is over, or theirs no more."""
    found = session.get(StaffSession, digest(token), populate_existing=True)
    now = utc_now()
    if found and now < found.expires_at and now - found.last_seen_at < IDLE and found.member.active:
        return found
    return None


def is_stale(found: StaffSession) -> bool:
    """Tell whether it is time to note that somebody is still there."""
    return utc_now() - found.last_seen_at >= PRECISION


def touch(session: Session, token: str) -> None:
    """Note that somebody is still there."""
    session.execute(update(StaffSession).where(StaffSession.digest == digest(token)).values(last_seen_at=utc_now()))


def end(session: Session, token: str) -> StaffMember | None:
    """End a session; gives whose it was, None if there was none."""
    found = session.get(StaffSession, digest(token))
    if found is None:
        return None
    session.delete(found)
    session.flush()
    return found.member


def end_all(session: Session, member: StaffMember, *, but: str = "") -> None:
    """End all sessions of one person, and those they are about to begin; all but that of a token, if one is given."""
    theirs = delete(StaffSession).where(StaffSession.member_id == member.id)
    session.execute(theirs.where(StaffSession.digest != digest(but)) if but else theirs)
    session.execute(delete(StaffHalfSignIn).where(StaffHalfSignIn.member_id == member.id))


def forgery_token(key: str, token: str) -> str:
    """Derive what a page of this session sends back, to show that it is ours.

    Args:
        key: the signing key of this installation.
        token: the session's.
    """
    return hmac.new(key.encode(), f"daoban.staff.csrf.{token}".encode(), hashlib.sha256).hexdigest()


def digest(token: str) -> str:
    """Give what is kept of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
