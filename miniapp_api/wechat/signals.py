"""Waking the threads of this process that wait for an answer; those of others look by themselves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Signals:
    """Who waits for what, and the places for waiting.

    Args:
        places: threads that may wait at a time.
    """

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(places)
        self._lock = threading.Lock()
        self._waiting: dict[int, list[threading.Event]] = {}

    @contextmanager
    def waiting(self, exchange_id: int) -> Iterator[threading.Event | None]:
        """Take a place; the event is set when this process has the answer. None if no place is free."""
        if not self._places.acquire(blocking=False):
            yield None
            return
        event = threading.Event()
        with self._lock:
            self._waiting.setdefault(exchange_id, []).append(event)
        try:
            yield event
        finally:
            with self._lock:
                self._waiting[exchange_id].remove(event)
                if not self._waiting[exchange_id]:
                    del self._waiting[exchange_id]
            self._places.release()

    def answered(self, exchange_id: int) -> None:
        """Wake whoever waits for an exchange."""
        with self._lock:
            for event in self._waiting.get(exchange_id, ()):
                event.set()
