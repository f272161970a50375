"""How often somebody may try to find a case by its number: nobody is to guess a secret of a few digits.

What is counted: tries for a number, whether it exists or not, before it is looked for; and tries of an
address that failed. Where the counts cannot be had nothing is looked up: a broken store opens no door.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar, cast

import structlog
from flask import Flask, current_app
from limits import RateLimitItem, parse
from limits.storage import Storage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from miniapp_api.config import Settings
from miniapp_api.errors import Problem

Way = Literal["code", "tail"]
"""By the query code on the receipt, or by the last four digits of the applicant's telephone."""

Answer = TypeVar("Answer")

_PATIENCE = {"socket_connect_timeout": 1, "socket_timeout": 1}

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Limits:
    """How many tries there are for a number and from an address."""

    number: RateLimitItem
    address: RateLimitItem


class Guesses:
    """The counts, on the same store as the other limits: Redis where there is one."""

    def __init__(self, settings: Settings) -> None:
        """Connect to the store when it is first needed."""
        options = _PATIENCE if settings.redis_url else {}
        self._store = cast(Storage, storage_from_string(settings.redis_url or "memory://", **options))
        self._window = MovingWindowRateLimiter(self._store)
        self._limits: dict[Way, Limits] = {
            "code": Limits(parse(settings.case_number_limit), parse(settings.case_address_limit)),
            "tail": Limits(parse(settings.case_tail_number_limit), parse(settings.case_tail_address_limit)),
        }

    def count(self, way: Way, number: str, address: str) -> None:
        """Count a try for a number, before anything is looked for.

        Raises:
            Problem: 429 if there were too many for it, or from that address; 503 if nobody can tell.
        """
        limits = self._limits[way]
        place, name = ("case-address", way, address), ("case-number", way, _short(number))
        if not self._ask(lambda: self._window.test(limits.address, *place)):
            raise self._too_many(limits.address, place, "您这里的网络查错的次数太多了")
        if not self._ask(lambda: self._window.hit(limits.number, *name)):
            raise self._too_many(limits.number, name, "这个编号查得太多了")

    def failed(self, way: Way, address: str) -> None:
        """Count a try that did not find anything.

        Raises:
            Problem: 503 if it cannot be counted.
        """
        self._ask(lambda: self._window.hit(self._limits[way].address, "case-address", way, address))

    def _too_many(self, limit: RateLimitItem, name: tuple[str, ...], what: str) -> Problem:
        reset = self._ask(lambda: self._window.get_window_stats(limit, *name).reset_time)
        seconds = max(1, round(reset - time.time()))
        detail = f"{what}，请过{_words(seconds)}再查。着急请拨打 12345，或者带身份证到窗口查。"
        return Problem(429, "too_many_lookups", detail, headers={"Retry-After": str(seconds)})

    def _ask(self, question: Callable[[], Answer]) -> Answer:
        try:
            return question()
        except self._failures as error:
            log.warning("lookup_counts_unavailable", error=type(error).__name__)
            detail = "现在不能用编号查询。请拨打 12345，或者带身份证到窗口查；过几分钟再试也可以。"
            raise Problem(503, "lookup_unavailable", detail) from None

    @property
    def _failures(self) -> tuple[type[Exception], ...]:
        known = self._store.base_exceptions
        return known if isinstance(known, tuple) else (known,)


def init_app(app: Flask) -> None:
    """Let the application count."""
    app.extensions["case_guesses"] = Guesses(app.extensions["settings"])


def guesses() -> Guesses:
    """Give the counts of the current application."""
    return cast(Guesses, current_app.extensions["case_guesses"])


def _short(number: str) -> str:
    """What stands for a number in the store, which others may read."""
    return hashlib.sha256(number.encode()).hexdigest()[:32]


def _words(seconds: int) -> str:
    """`40 分钟`: rounded up."""
    for length, name in ((86_400, "天"), (3_600, "小时"), (60, "分钟")):
        if seconds > length:
            return f" {-(-seconds // length)} {name}"
    return "一分钟"
