"""Identities as text. A signed token says whose it is and what it is for, and nothing personal.

The kind of a token chooses its signing salt, so one kind can never be taken for another; the
signature is compared in constant time by itsdangerous. The token of a session is not signed but
random, and only its digest is kept.
"""

from __future__ import annotations

import hashlib
import secrets
import time

from itsdangerous import BadData, URLSafeSerializer

_VISITOR = "v"
_DELEGATE = "d"
_LOGIN = "s"


def for_visitor(key: str, public_id: str) -> str:
    """Sign the lasting identity of a visitor; it ends when the visitor's row says so."""
    return f"{_VISITOR}.{_serializer(key, _VISITOR).dumps(public_id)}"


def for_delegate(key: str, public_id: str, seconds: int) -> str:
    """Sign an identity that acts as the visitor for a short while."""
    until = int(time.time()) + seconds
    return f"{_DELEGATE}.{_serializer(key, _DELEGATE).dumps([public_id, until])}"


def for_login() -> tuple[str, str]:
    """Make the token of a session, and the digest by which it is known; a token says nothing."""
    token = f"{_LOGIN}.{secrets.token_urlsafe(32)}"
    return token, hashlib.sha256(token.encode()).hexdigest()


def digest_of_login(token: str) -> str | None:
    """Give the digest of a session's token, None if it is a token of another kind."""
    return hashlib.sha256(token.encode()).hexdigest() if token.startswith(f"{_LOGIN}.") else None


def read(key: str, token: str) -> str | None:
    """Find out whose token this is.

    Args:
        key: The signing key of this installation.
        token: What the caller sent; anything at all.

    Returns:
        The public id of a visitor, or None if the token is forged, broken or past its time.
    """
    kind, _, signed = token.partition(".")
    if kind not in {_VISITOR, _DELEGATE}:
        return None
    try:
        content = _serializer(key, kind).loads(signed)
    except BadData:
        return None
    if kind == _VISITOR:
        return str(content)
    public_id, until = content
    return str(public_id) if time.time() < until else None


def _serializer(key: str, kind: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        key,
        salt=f"daoban.identity.{kind}",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )
