"""What a chat window shows of one citizen: numbered events that a browser polls for."""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

KEPT = 500
"""Events that a browser can still ask for."""


class Feed:
    """A bounded, numbered list that can be waited for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._events: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._count = 0
        self._closed = False

    def add(self, kind: str, **fields: Any) -> None:
        """Add an event."""
        with self._changed:
            self._count += 1
            self._events.append({"n": self._count, "kind": kind, **fields})
            self._changed.notify_all()

    def after(self, number: int, seconds: float) -> list[dict[str, Any]]:
        """Give the events after a number, waiting for one if there is none."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._count > number, seconds)
            return [event for event in self._events if event["n"] > number]

    def close(self) -> None:
        """Let all who wait go."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
