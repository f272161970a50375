"""Made-up identifiers and secrets. Each carries a mark, so that a log can be searched for it."""

from __future__ import annotations

import base64
import hashlib
import secrets
import string

LETTERS = string.ascii_letters + string.digits
OPENID_LENGTH = 28
TOKEN_LENGTH = 157
"""Tencent asks to keep room for 512; at present they are about this long [from memory]."""


def openid(name: str, app_id: str) -> str:
    """A person's openid: the same for a name, another for each app."""
    return _derived("oSIM", f"{app_id}:{name}")


def unionid(name: str) -> str:
    """A person's unionid: the same in all apps of one Open Platform account."""
    return _derived("uSIM", f"open platform:{name}")


def access_token() -> str:
    """A new access_token."""
    return "ATSIM" + _random(TOKEN_LENGTH - len("ATSIM"))


def session_key() -> str:
    """A new session_key: base64 of 16 bytes, chosen so that its text begins with the mark."""
    return "SKSIM" + _random(16) + secrets.choice("AQgw") + "=="


def code(length: int) -> str:
    """A code that is exchanged once."""
    return _random(length)


def ticket() -> str:
    """The ticket of a QR code with a scene."""
    return "gQSIM" + _random(80)


def _derived(mark: str, text: str) -> str:
    digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return (mark + digest)[:OPENID_LENGTH]


def _random(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))
