"""Handing answers to the threads of this process that wait for them; those of others look by themselves."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from miniapp_api.wechat.exchanges import Reply


@dataclass(eq=False)
class Waiter:
    """One who waits for an answer.

    Attributes:
        listening: tells whether WeChat has not hung up on them yet.
        called: set when there is something to look for.
        reply: what was claimed for them.
    """

    listening: Callable[[], bool]
    called: threading.Event = field(default_factory=threading.Event)
    reply: Reply | None = None


class Signals:
    """Who waits for what, and the places for waiting.

    Args:
        places: threads that may wait at a time.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._waiting: dict[int, list[Waiter]] = {}

    @contextmanager
    def waiting(self, exchange_id: int, listening: Callable[[], bool]) -> Iterator[Waiter | None]:
        """Take a place; one is called when this process has the answer. None if no place is free."""
        if not self._places.acquire(blocking=False):
            yield None
            return
        waiter = Waiter(listening)
        with self._lock:
            self._waiting.setdefault(exchange_id, []).append(waiter)
        try:
            yield waiter
        finally:
            with self._lock:
                self._waiting[exchange_id].remove(waiter)
                if not self._waiting[exchange_id]:
                    del self._waiting[exchange_id]
            self._places.release()

    def awaited(self, exchange_id: int) -> bool:
        """Whether somebody waits here for an exchange, and can be replied to."""
        with self._lock:
            waiters = list(self._waiting.get(exchange_id, ()))
        return any(waiter.listening() for waiter in waiters)

    def answered(self, exchange_id: int, reply: Reply | None) -> None:
        """Call whoever waits for an exchange, with the reply if one was claimed for them."""
        with self._lock:
            for waiter in self._waiting.get(exchange_id, ()):
                waiter.reply = reply
                waiter.called.set()
