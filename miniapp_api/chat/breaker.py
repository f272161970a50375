"""A circuit breaker: after repeated failures, stop asking for a while."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Breaker:
    """Opens after some failures in a row; then lets one probe through per `cooldown`.

    Args:
        threshold: Failures in a row that open it.
        cooldown: Seconds between probes while it is open.
        clock: Tells seconds, ever growing.
    """

    def __init__(self, threshold: int, cooldown: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._threshold = threshold
        self._cooldown = cooldown
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._next_probe = 0.0

    def allows(self) -> bool:
        """Tell whether to try now; while open, only the first to ask in each cooldown may."""
        with self._lock:
            if self._failures < self._threshold:
                return True
            if self._clock() < self._next_probe:
                return False
            self._next_probe = self._clock() + self._cooldown
            return True

    def succeeded(self) -> None:
        """Close it."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Count a failure; at the threshold it opens."""
        with self._lock:
            self._failures += 1
            self._next_probe = self._clock() + self._cooldown
