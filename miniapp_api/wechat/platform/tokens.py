"""The access token of an account: one for all threads and processes, fetched by one of them.

stable_token hands out the same token until its last five minutes; only force_refresh replaces it
sooner, which is rationed to 20 a day, 30 s apart (获取稳定版接口调用凭据). With Redis the token is
shared there; without, or while Redis is away, each process has its own copy of the same token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from copy import copy
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic
from typing import Protocol, TypeVar

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import LockError, RedisError
from redis.lock import Lock as RedisLock
from redis.retry import Retry

MARGIN = 120
"""Seconds before its end at which a token is no longer used."""
RENEW_INTERVAL = 30
"""Seconds between two replacements of a refused token, over all processes."""
REDIS_TIMEOUT = 1.0
"""Seconds for one step of Redis."""
REDIS_REST = 5.0
"""Seconds for which Redis is not asked after it has failed."""

T = TypeVar("T")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Token:
    """A token as it is handed out: its text, of 512 characters and more, and the seconds it is good for."""

    text: str = field(repr=False)
    seconds: int


class Fetch(Protocol):
    """Fetches a token from WeChat; what it raises is passed on."""

    def __call__(self, *, force: bool) -> Token:
        """Fetch; `force` replaces a token that is still valid."""


class TokenStore:
    """The current token of one account. Any thread may ask; nothing of Redis is ever raised.

    Args:
        app_id: the account.
        fetch: fetches a token.
        redis_url: where processes share it, or None.
        patience: seconds to wait for another process that is fetching; then this one does it itself.
    """

    def __init__(self, app_id: str, fetch: Fetch, redis_url: str | None, patience: float) -> None:
        self._fetch = fetch
        self._patience = patience
        self._key = f"daoban:wechat:token:{app_id}"
        self._redis = impatient_redis(redis_url) if redis_url else None
        self._redis_from = 0.0
        self._own = _Copy()
        self._turn = Lock()
        self._renew_from = 0.0
        self._failure: Exception | None = None
        self._failed_at = 0.0

    def get(self) -> str:
        """The token to use. Threads that come while one fetches share what it gets, or what it raises."""
        came = monotonic()
        token = self._stored()
        if token is not None:
            return token
        with self._turn:
            return self._stored() or self._first(came)

    def renew(self, refused: str) -> str | None:
        """Another token in place of one that WeChat refuses.

        Returns:
            One that is stored meanwhile, else a new one; None within 30 s of the last replacement.
        """
        with self._turn, self._turn_of_processes():
            token = self._stored()
            if token not in {None, refused}:
                return token
            if not self._may_renew():
                return None
            log.warning("wechat_token_refused", key=self._key)
            token = self._fetched(force=False)  # another system may have replaced it; forcing would take theirs away
            return token if token != refused else self._fetched(force=True)

    def _first(self, came: float) -> str:
        if self._failure is not None and self._failed_at >= came:
            raise copy(self._failure)
        with self._turn_of_processes():
            return self._stored() or self._fetched(force=False)

    def _fetched(self, *, force: bool) -> str:
        try:
            token = self._fetch(force=force)
        except Exception as error:
            self._failure, self._failed_at = copy(error), monotonic()
            raise
        self._store(token)
        return token.text

    def _stored(self) -> str | None:
        return self._in_redis(lambda redis: redis.get(self._key), self._own.read)

    def _store(self, token: Token) -> None:
        seconds = max(token.seconds - MARGIN, token.seconds // 2, 1)
        self._own.write(token.text, seconds)
        self._in_redis(lambda redis: redis.set(self._key, token.text, ex=seconds), lambda: None)

    def _may_renew(self) -> bool:
        now = monotonic()
        if now < self._renew_from:
            return False
        claim = f"{self._key}:renewed"
        if not self._in_redis(lambda redis: redis.set(claim, 1, nx=True, ex=RENEW_INTERVAL), lambda: True):
            return False
        self._renew_from = now + RENEW_INTERVAL
        return True

    @contextmanager
    def _turn_of_processes(self) -> Iterator[None]:
        """Keep other processes from fetching; a lock that cannot be had delays, but never fails."""
        lock = self._in_redis(self._locked, lambda: None)
        try:
            yield
        finally:
            if lock is not None:
                self._in_redis(lambda _: _release(lock), lambda: None)

    def _locked(self, redis: Redis) -> RedisLock | None:
        lock = redis.lock(f"{self._key}:lock", timeout=self._patience, blocking_timeout=self._patience, sleep=0.02)
        return lock if lock.acquire() else None

    def _in_redis(self, work: Callable[[Redis], T], otherwise: Callable[[], T]) -> T:
        """Do it in Redis; without Redis, or while it is away, do the other thing."""
        if self._redis is not None and monotonic() >= self._redis_from:
            try:
                return work(self._redis)
            except RedisError as error:
                self._redis_from = monotonic() + REDIS_REST
                log.warning("wechat_token_redis_unavailable", error=type(error).__name__)
        return otherwise()


class _Copy:
    """The token as one process knows it."""

    def __init__(self) -> None:
        self._held: tuple[str, float] | None = None

    def read(self) -> str | None:
        held = self._held  # one read, since another thread may replace it
        return held[0] if held is not None and monotonic() < held[1] else None

    def write(self, text: str, seconds: int) -> None:
        self._held = (text, monotonic() + seconds)


def impatient_redis(url: str) -> Redis:
    """A Redis that fails quickly."""
    return Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=REDIS_TIMEOUT,
        socket_connect_timeout=REDIS_TIMEOUT,
        retry=Retry(NoBackoff(), 0),
    )


def _release(lock: RedisLock) -> None:
    with suppress(LockError):  # it ran out meanwhile, and may be another's
        lock.release()
