"""Faults of the API: what a test wants to go wrong."""

from __future__ import annotations

import threading
from dataclasses import dataclass


@dataclass
class _Fault:
    errcode: int | None = None
    errcode_times: int | None = None
    seconds: float = 0
    drops: int = 0
    after: bool = False


class Faults:
    """Faults by endpoint, for example `/cgi-bin/token`; a leading slash may be left out."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: dict[str, _Fault] = {}

    def always(self, endpoint: str, errcode: int, times: int | None = None) -> None:
        """Answer with an errcode and do nothing; for ever, or so many times."""
        with self._lock:
            fault = self._of(endpoint)
            fault.errcode, fault.errcode_times = errcode, times

    def slow(self, endpoint: str, seconds: float) -> None:
        """Wait before anything is done."""
        with self._lock:
            self._of(endpoint).seconds = seconds

    def drop(self, endpoint: str, times: int, after: bool = False) -> None:
        """Close the connection without an answer; with `after`, do what was asked first."""
        with self._lock:
            fault = self._of(endpoint)
            fault.drops, fault.after = times, after

    def reset(self) -> None:
        """All is well again."""
        with self._lock:
            self._faults.clear()

    def delay(self, endpoint: str) -> float:
        """Seconds to wait."""
        with self._lock:
            return self._of(endpoint).seconds

    def errcode(self, endpoint: str) -> int | None:
        """The errcode to answer with now, if any."""
        with self._lock:
            fault = self._of(endpoint)
            if fault.errcode is None or fault.errcode_times == 0:
                return None
            if fault.errcode_times is not None:
                fault.errcode_times -= 1
            return fault.errcode

    def dropping(self, endpoint: str, after: bool) -> bool:
        """Whether to close the connection now."""
        with self._lock:
            fault = self._of(endpoint)
            if not fault.drops or fault.after != after:
                return False
            fault.drops -= 1
            return True

    def _of(self, endpoint: str) -> _Fault:
        return self._faults.setdefault("/" + endpoint.lstrip("/"), _Fault())
