"""What WeChat was given, noted in Redis within a millisecond of its word, or of the writing of a reply.

The row is told too, but may have to wait for the database's one writer; a process that dies meanwhile
leaves it saying that the answer is still being given. Then the receipt tells that it was.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog
from redis import RedisError

from miniapp_api.wechat.platform.tokens import impatient_redis

KEPT = 3600
"""Seconds; whoever finds the row left behind asks within some."""

log = structlog.get_logger()


def receipt_of(turn_id: str, until: datetime | None) -> str:
    """Name a receipt: of the answer of a turn, given under the lease that ends then.

    A reply that was written and not heard is claimed anew, under another lease: the receipt is not that one's.
    """
    return f"{turn_id}:{until.isoformat() if until else ''}"


class Receipts:
    """Receipts of one installation. Any thread may use them; nothing of Redis is ever raised.

    Args:
        redis_url: where they are kept, or None: then there are none, and nobody who sends either.
    """

    def __init__(self, redis_url: str | None) -> None:
        self._redis = impatient_redis(redis_url) if redis_url else None

    def keep(self, receipt: str) -> None:
        """Keep a receipt (`receipt_of`)."""
        if self._redis is None:
            return
        try:
            self._redis.set(_key(receipt), 1, ex=KEPT)
        except RedisError as fault:
            log.warning("receipt_not_kept", error=type(fault).__name__)

    def kept(self, receipts: Sequence[str]) -> set[str] | None:
        """Those of some receipts that were kept; None if that cannot be told now."""
        if self._redis is None or not receipts:
            return set()
        try:
            found = self._redis.mget([_key(receipt) for receipt in receipts])
        except RedisError as fault:
            log.warning("receipts_not_read", error=type(fault).__name__)
            return None
        return {receipt for receipt, kept in zip(receipts, found, strict=True) if kept}


def _key(receipt: str) -> str:
    return f"daoban:wechat:taken:{receipt}"
