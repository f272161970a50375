"""Signing in at the city's OpenID provider: the browser goes there, comes back, and is known by who it is there.

Nobody gets an account by coming: `sub` has to be somebody's `external_id`.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from datetime import timedelta

import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.staff.models import StaffDeparture, StaffMember
from miniapp_api.staff.openid import Provider, RefusedError, UnavailableError
from miniapp_api.staff.sessions import digest
from miniapp_api.staff.signing_in import Departure

AWAY_FOR = timedelta(minutes=10)
"""How long somebody may take to sign in there."""

_LONGEST_WISH = 500

log = structlog.get_logger()


class OpenIdSignIn:
    """Signing in at one OpenID provider."""

    def __init__(self, provider: Provider) -> None:
        """Send browsers to this provider."""
        self._provider = provider

    def depart(self, session: Session, wish: str) -> Departure:
        """Remember who is sent away, and forget who did not come back.

        Raises:
            Problem: 503 if nobody answers there.
        """
        session.commit()  # nothing is held while the other side is asked
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        try:
            address = self._provider.address(state, nonce, verifier)
        except UnavailableError as error:
            raise _unavailable(error) from None
        now = utc_now()
        session.execute(delete(StaffDeparture).where(StaffDeparture.expires_at <= now))
        session.add(
            StaffDeparture(
                digest=digest(state),
                nonce=nonce,
                verifier=verifier,
                wish=wish if len(wish) <= _LONGEST_WISH else "",
                expires_at=now + AWAY_FOR,
            )
        )
        session.flush()
        return Departure(address, state)

    def arrive(self, session: Session, state: str, answer: Mapping[str, str]) -> tuple[StaffMember, str]:
        """Find who has come back; each departure is good for one arrival.

        Raises:
            Problem: 401 if it is not proven who this is; 403 if they have no account here; 503 if nobody answers.
        """
        departed = _take(session, state, answer.get("state", ""))
        session.commit()
        if departed is None:
            log.warning("sign_in_elsewhere_failed", reason="state")
            raise Problem(401, "sign_in_expired", "这次登录放得太久了，或者已经用过。请从头再登录一次。")
        nonce, verifier, wish = departed
        try:
            subject = self._provider.subject(answer, nonce, verifier)
        except UnavailableError as error:
            raise _unavailable(error) from None
        except RefusedError as error:
            log.warning("sign_in_elsewhere_failed", reason=str(error))
            raise Problem(
                401, "sign_in_failed", "统一身份认证没有确认您是谁，没有登录。请从头再试；一直不行，请找系统管理员。"
            ) from None
        return _known(session, subject), wish


def _take(session: Session, kept: str, brought: str) -> tuple[str, str, str] | None:
    """Use up a departure: nonce, verifier and wish; None if it was of another browser, or is over."""
    if not (kept and hmac.compare_digest(kept.encode(), brought.encode())):
        return None
    taking = delete(StaffDeparture).where(StaffDeparture.digest == digest(kept))
    columns = (StaffDeparture.nonce, StaffDeparture.verifier, StaffDeparture.wish, StaffDeparture.expires_at)
    row = session.execute(taking.returning(*columns)).one_or_none()
    return (row.nonce, row.verifier, row.wish) if row and utc_now() < row.expires_at else None


def _known(session: Session, subject: str) -> StaffMember:
    """Find whose identity this is here.

    Raises:
        Problem: 403; it tells the identifier to its owner, for the administrator.
    """
    member = session.scalar(select(StaffMember).filter_by(external_id=subject))
    if member is None or not member.active:
        log.warning("sign_in_elsewhere_failed", reason="no account", staff=member.public_id if member else None)
        raise Problem(
            403,
            "no_account",
            f"统一身份认证认出了您，但是这里没有您能用的账号。请把这个编号告诉系统管理员，请他关联：{subject}",
        )
    return member


def _unavailable(error: UnavailableError) -> Problem:
    log.error("sign_in_elsewhere_unavailable", reason=str(error))
    return Problem(
        503, "sign_in_elsewhere_unavailable", "统一身份认证现在连不上，没有登录。请过几分钟再试，急用请找系统管理员。"
    )
