"""Access tokens: how they are issued, renewed and taken back.

Source: 获取接口调用凭据 (getAccessToken) and 获取稳定版接口调用凭据 (getStableAccessToken).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from wechat_simulator import identity
from wechat_simulator.errors import APIError

OVERLAP = 300
"""Seconds: how long a replaced token still works, and how early a stable one is renewed."""

FORCED_PER_DAY = 20
FORCED_APART = 30
DAY = 86_400


@dataclass
class _Token:
    app_id: str
    expires_at: float
    replaced: bool = False


class TokenBook:
    """All tokens of all apps. /token and /stable_token know nothing of each other."""

    def __init__(self, ttl: float, clock: Callable[[], float]) -> None:
        self._ttl = ttl
        self._clock = clock
        self._lock = threading.Lock()
        self._tokens: dict[str, _Token] = {}
        self._current: dict[tuple[str, str], str] = {}
        self._forced: dict[str, list[float]] = {}

    def fetch(self, app_id: str) -> tuple[str, int]:
        """Issue a new token; the one before works for five more minutes.

        Returns:
            The token, and the seconds that it lives.
        """
        with self._lock:
            self._replace(("token", app_id), OVERLAP)
            return self._issue("token", app_id)

    def fetch_stable(self, app_id: str, force: bool) -> tuple[str, int]:
        """Give the current stable token, or a new one in its last five minutes or by force.

        Raises:
            APIError: Forced too soon (45011) or too often (45009) [these two codes from memory].
        """
        with self._lock:
            current = self._current.get(("stable", app_id))
            if force:
                self._check_force(app_id)
                self._replace(("stable", app_id), 0)
            elif current and self._left(current) > min(OVERLAP, self._ttl / 2):
                return current, int(self._left(current))
            return self._issue("stable", app_id)

    def check(self, token: str | None) -> str:
        """Find the app that a token belongs to.

        Raises:
            APIError: None given (41001), never issued (40014), replaced (40001), expired (42001).
        """
        if not token:
            raise APIError(41001)
        with self._lock:
            known = self._tokens.get(token)
            if known is None:
                raise APIError(40014)
            if self._left(token) <= 0:
                raise APIError(40001 if known.replaced else 42001)
            return known.app_id

    def expire_all(self) -> None:
        """Let every token run out at once, as after a reset of the AppSecret."""
        with self._lock:
            for known in self._tokens.values():
                known.expires_at = self._clock()
            self._current.clear()

    def _left(self, token: str) -> float:
        return self._tokens[token].expires_at - self._clock()

    def _issue(self, kind: str, app_id: str) -> tuple[str, int]:
        token = identity.access_token()
        self._tokens[token] = _Token(app_id, self._clock() + self._ttl)
        self._current[kind, app_id] = token
        return token, int(self._ttl)

    def _replace(self, key: tuple[str, str], overlap: float) -> None:
        if current := self._current.get(key):
            known = self._tokens[current]
            known.replaced = True
            known.expires_at = min(known.expires_at, self._clock() + overlap)

    def _check_force(self, app_id: str) -> None:
        now = self._clock()
        today = [at for at in self._forced.get(app_id, []) if at > now - DAY]
        if today and now - today[-1] < FORCED_APART:
            raise APIError(45011)
        if len(today) >= FORCED_PER_DAY:
            raise APIError(45009)
        self._forced[app_id] = [*today, now]
