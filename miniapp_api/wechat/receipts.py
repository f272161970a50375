"""What WeChat has taken, noted in Redis within a millisecond of its word.

The row is told too, but may have to wait for the database's one writer; a worker that dies meanwhile
leaves it saying that the message is still being sent. Then the receipt tells that it was.
"""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from redis import RedisError

from miniapp_api.wechat.platform.tokens import impatient_redis

KEPT = 3600
"""Seconds; whoever finds the row left behind asks within some."""

log = structlog.get_logger()


class Receipts:
    """Receipts of one installation. Any thread may use them; nothing of Redis is ever raised.

    Args:
        redis_url: where they are kept, or None: then there are none, and nobody who sends either.
    """

    def __init__(self, redis_url: str | None) -> None:
        self._redis = impatient_redis(redis_url) if redis_url else None

    def keep(self, turn_id: str) -> None:
        """Keep that the answer of a turn was taken."""
        if self._redis is None:
            return
        try:
            self._redis.set(_key(turn_id), 1, ex=KEPT)
        except RedisError as fault:
            log.warning("receipt_not_kept", error=type(fault).__name__)

    def kept(self, turn_ids: Sequence[str]) -> set[str] | None:
        """Those of some turns whose answers were taken; None if that cannot be told now."""
        if self._redis is None or not turn_ids:
            return set()
        try:
            found = self._redis.mget([_key(turn_id) for turn_id in turn_ids])
        except RedisError as fault:
            log.warning("receipts_not_read", error=type(fault).__name__)
            return None
        return {turn_id for turn_id, receipt in zip(turn_ids, found, strict=True) if receipt}


def _key(turn_id: str) -> str:
    return f"daoban:wechat:taken:{turn_id}"
