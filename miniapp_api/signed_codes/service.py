"""Use cases of signed codes, and the only module of it that others may import.

A code is evidence: it says that this bureau issued something of a kind on a day. It does nothing. What
is done with one (checking in, handing over) is a change of state in the domain that issued it.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.calendar.service import CHINA
from miniapp_api.calendar.service import today as today_in_china
from miniapp_api.code_settings import CodeKey
from miniapp_api.content.service import content
from miniapp_api.database import add_if_new, utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.signed_codes import installation
from miniapp_api.signed_codes.code import Claims, ForgedCodeError, Kind, check, sign
from miniapp_api.signed_codes.installation import codes_of
from miniapp_api.signed_codes.keys import NoSigningKeyError
from miniapp_api.signed_codes.models import SignedCode
from miniapp_api.signed_codes.policy import still_told
from miniapp_api.signed_codes.showing import KIND_NAMES, PublicView, Scan, Show
from miniapp_api.web.service import draw

__all__ = [
    "ForgedCodeError",
    "Kind",
    "PublicView",
    "Scan",
    "SignedCode",
    "UnknownCodeError",
    "host",
    "init_app",
    "issue",
    "keys",
    "link_of",
    "qr_svg",
    "read",
    "register",
    "revocations",
    "revoke",
    "scan",
]


class UnknownCodeError(LookupError):
    """The signature is ours, but nothing is known about the code."""


def init_app(app: Flask, today: Callable[[], date] = today_in_china) -> None:
    """Give the application its keys.

    Args:
        app: with its settings.
        today: the date in China.

    Raises:
        SettingsError: if no key may sign today.
    """
    installation.init_app(app, today)


def register(app: Flask, kind: Kind, show: Show) -> None:
    """Let a domain say what codes of a kind stand for; until one does, they are just genuine.

    Args:
        app: after `init_app`.
        kind: of code.
        show: gives the public view by session, id of the code, and visitor if the caller is one.

    Raises:
        ValueError: another domain does already.
    """
    shows = codes_of(app).shows
    if kind in shows:
        raise ValueError(f"two domains show {kind!r}")
    shows[kind] = show


def issue(session: Session, kind: Kind) -> SignedCode:
    """Issue a code.

    Returns:
        Its row, flushed; keep its `id` with what it stands for.

    Raises:
        Problem: 503 if the last key has run out.
    """
    codes = codes_of()
    today = codes.today()
    try:
        kid = codes.ring.signing(today).kid
    except NoSigningKeyError:
        raise Problem(503, "no_code_key", "现在发不出凭证，请稍后再试，或者到窗口办理。") from None
    while True:  # of ten million codes, one in 28 million ids that are drawn is taken
        code = SignedCode(id=secrets.token_hex(6), kind=int(kind), kid=kid, issued_on=today)
        if add_if_new(session, code):
            return code


def link_of(code: SignedCode) -> str:
    """Give the address at which a code can be checked: for one code always the same.

    Raises:
        LookupError: its key is no longer among ours.
        ValueError: of its key only the public half is kept.
    """
    codes = codes_of()
    key = codes.ring.find(code.kid)
    if key is None:
        raise LookupError(f"key {code.kid} is not among CODE_KEYS")
    return codes.address(sign(_claims(code), codes.host, key))


def qr_svg(code: SignedCode) -> str:
    """Draw the QR code of a code, as an SVG document."""
    return draw(link_of(code))


def read(session: Session, digits: str) -> SignedCode:
    """Find the row of a code that somebody scanned; it may be revoked.

    Args:
        session: asked only if the signature is ours.
        digits: what follows `/r/`, anything at all.

    Raises:
        ForgedCodeError: we did not issue it.
        UnknownCodeError: we did, as it seems, but it is not in the database.
    """
    codes = codes_of()
    claims = check(digits, codes.host, codes.ring, codes.today())
    code = session.get(SignedCode, claims.id)
    if code is None:
        raise UnknownCodeError(claims.id)
    if _claims(code) != claims:
        raise ForgedCodeError("an id of ours in other claims")  # whoever did that has one of our keys
    return code


def revoke(session: Session, code_id: str, reason: str) -> None:
    """Declare that a code counts no longer; once revoked it stays as it is.

    Args:
        session: that writes.
        code_id: 12 hex digits.
        reason: for staff, without anything personal, at most 200 characters.

    Raises:
        NoResultFound: there is no such code.
    """
    code = session.get_one(SignedCode, code_id, with_for_update=True)
    if code.revoked_at is None:
        code.revoked_at, code.revoke_reason = utc_now(), reason
        session.flush()


def scan(session: Session, digits: str, identify: Callable[[], Visitor | None]) -> Scan:
    """Say what a code tells whoever scans it.

    Args:
        session: that only reads.
        digits: anything at all.
        identify: finds out who asks; called for genuine codes only.

    Raises:
        ForgedCodeError: we did not issue it.
        UnknownCodeError: it is not in the database.
    """
    code = read(session, digits)
    kind = Kind(code.kind)
    genuine = Scan("archived", kind, KIND_NAMES[kind], _bureau(), code.issued_on)
    if code.revoked_at:
        return replace(genuine, state="revoked", revoked_on=code.revoked_at.astimezone(CHINA).date())
    codes = codes_of()
    show = codes.shows.get(kind)
    if show is None or not still_told(kind, code.issued_on, codes.today()):
        return genuine
    view = show(session, code.id, identify())
    return replace(genuine, state="valid", view=view) if view else genuine


def host() -> str:
    """Give the host that codes are issued for."""
    return codes_of().host


def keys(session: Session) -> list[tuple[CodeKey, int]]:
    """List our keys, each with the number of its codes that are revoked: it only ever grows."""
    counted = select(SignedCode.kid, func.count()).where(SignedCode.revoked_at.is_not(None)).group_by(SignedCode.kid)
    revoked = dict(session.execute(counted).all())
    return [(key, revoked.get(key.kid, 0)) for key in codes_of().ring]


def revocations(session: Session, kid: int) -> list[str]:
    """List the ids of a key's codes that are revoked, in order.

    Raises:
        Problem: 404 if there is no such key.
    """
    if codes_of().ring.find(kid) is None:
        raise Problem(404)
    revoked = select(SignedCode.id).where(SignedCode.kid == kid, SignedCode.revoked_at.is_not(None))
    return list(session.scalars(revoked.order_by(SignedCode.id)))


def _claims(code: SignedCode) -> Claims:
    return Claims(code.kid, Kind(code.kind), code.issued_on, code.id)


def _bureau() -> str:
    chosen = settings()
    return chosen.bureau_name or f"{content().locality(chosen.default_locality).name}行政审批局"
