"""What is kept of everything that happened: deliveries to citizens, outcomes of pushes."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Literal

KEPT = 200_000
"""Entries of each kind that are kept, so that a long-running simulator does not grow for ever."""

APOLOGY = "该公众号暂时无法提供服务，请稍后再试"
"""What WeChat shows when a push brought no usable answer (official: 被动回复用户消息)."""


@dataclass(frozen=True)
class Delivery:
    """One message that reached a citizen.

    Attributes:
        text: all that can be read in it.
        via: passive is the reply to a push, custom a customer-service message, subscribe a
            subscription message of the mini-program.
        at: `time.monotonic()` when it arrived.
        msg_id: the push it answers, if that had a MsgId.
        raw: the message as it was sent.
        duplicate: a further reply to a push that was answered already. WeChat shows one; the
            record has all.
    """

    text: str
    via: Literal["passive", "custom", "subscribe"]
    msgtype: str
    at: float
    msg_id: str | None = None
    raw: dict[str, Any] = field(default_factory=dict)
    openid: str = ""
    duplicate: bool = False


@dataclass(frozen=True)
class Outcome:
    """How a push ended.

    Attributes:
        kind: passive: a reply was delivered; acknowledged: `success` or an empty body; broken: the
            citizen saw APOLOGY.
        text: what the citizen saw; empty if acknowledged.
        attempts: how often the push was sent; copies sent at the same moment count once.
        seconds: from the beginning of the first attempt to the end of the last.
        msg_id: None for events.
        reason: why it is broken, or why the last attempt before the final one was.
        openid: whose push it was.
    """

    kind: Literal["passive", "acknowledged", "broken"]
    text: str
    attempts: int
    seconds: float
    first_attempt_seconds: float
    msg_id: str | None
    reason: str = ""
    openid: str = ""


class Records:
    """Thread-safe lists of what happened."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._deliveries: deque[Delivery] = deque(maxlen=KEPT)
        self._outcomes: deque[Outcome] = deque(maxlen=KEPT)
        self._requests: Counter[str] = Counter()

    def delivered(self, delivery: Delivery) -> None:
        """Note a delivery."""
        with self._lock:
            self._deliveries.append(delivery)

    def ended(self, outcome: Outcome) -> None:
        """Note the end of a push."""
        with self._lock:
            self._outcomes.append(outcome)

    def requested(self, path: str) -> None:
        """Count a request to the API."""
        with self._lock:
            self._requests[path] += 1

    @property
    def deliveries(self) -> list[Delivery]:
        """All deliveries, in order of arrival."""
        with self._lock:
            return list(self._deliveries)

    @property
    def outcomes(self) -> list[Outcome]:
        """The outcomes of all pushes, in the order in which they ended."""
        with self._lock:
            return list(self._outcomes)

    @property
    def requests(self) -> Counter[str]:
        """Requests to the API by path."""
        with self._lock:
            return Counter(self._requests)
