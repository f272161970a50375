"""Codes that a phone computes from a shared secret and the time (RFC 6238: SHA-1, six digits, thirty seconds).

Pure: no Flask, no database.
"""

from __future__ import annotations

import hmac
from datetime import datetime

import pyotp

STEP = 30
"""Seconds for which a code is shown."""

DRIFT = 1
"""Steps by which a phone's clock may be wrong, either way (RFC 6238, 5.2)."""


def new_secret() -> str:
    """Make a secret of 160 bits, in base 32 (RFC 4226, 4)."""
    return pyotp.random_base32()


def counter_at(moment: datetime) -> int:
    """Number the step in which a moment lies."""
    return int(moment.timestamp()) // STEP


def code_at(secret: str, counter: int) -> str:
    """Compute the code of a step."""
    return pyotp.TOTP(secret).generate_otp(counter)


def matching(secret: str, code: str, moment: datetime, after: int) -> int | None:
    """Find the step whose code this is.

    Args:
        secret: the shared one.
        code: as it was typed, in ASCII.
        moment: now, by our clock.
        after: the last step that was used: that one and those before it are good no more.

    Returns:
        The step, at most `DRIFT` away from the moment; None if it is nobody's.
    """
    now = counter_at(moment)
    found = None
    for counter in range(now + DRIFT, now - DRIFT - 1, -1):  # all of them, whichever matches: it takes as long
        if hmac.compare_digest(code_at(secret, counter).encode(), code.encode()) and counter > after:
            found = counter
    return found


def address(secret: str, username: str, issuer: str) -> str:
    """Write what the phone's app scans, `otpauth://totp/…`."""
    return pyotp.TOTP(secret).provisioning_uri(name=username, issuer_name=issuer)


def grouped(secret: str) -> str:
    """Write a secret for typing: groups of four."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
