"""Signed messages between systems: `v1=HMAC-SHA256(secret, timestamp.delivery.body)`, in hexadecimal."""

from __future__ import annotations

import hmac
import time

TIMESTAMP, DELIVERY, SIGNATURE = "X-Daoban-Timestamp", "X-Daoban-Delivery", "X-Daoban-Signature"
WINDOW = 300
"""Seconds by which the clocks of both sides may differ."""


def headers(secret: bytes, delivery: str, body: bytes, now: float | None = None) -> dict[str, str]:
    """Give the headers that prove where a message comes from."""
    timestamp = str(int(time.time() if now is None else now))
    return {TIMESTAMP: timestamp, DELIVERY: delivery, SIGNATURE: _sign(secret, timestamp, delivery, body)}


def is_signed(secret: bytes, given: dict[str, str], body: bytes, now: float | None = None) -> bool:
    """Tell whether a message is signed, and recently; in the same time whatever is wrong with it.

    Args:
        secret: of whom it says it is from.
        given: the three headers, empty where one is missing.
        body: as it came.
        now: seconds since 1970.
    """
    timestamp, now = given[TIMESTAMP], time.time() if now is None else now
    recent = timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12 and abs(now - int(timestamp)) <= WINDOW
    right = _sign(secret, timestamp, given[DELIVERY], body)
    return hmac.compare_digest(right.encode(), given[SIGNATURE].encode()) and recent


def _sign(secret: bytes, timestamp: str, delivery: str, body: bytes) -> str:
    said = f"{timestamp}.{delivery}.".encode() + body
    return f"v1={hmac.digest(secret, said, 'sha256').hex()}"
