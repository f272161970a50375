"""Somebody who uses the system while others do worse things to it: from a process of its own.

It must wait for nobody but the server; in the process that plays WeChat and a hundred citizens it
would wait for these.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context

import httpx

PAUSE = 0.02
"""Seconds between two rounds of requests."""

WARM_UP = 3.0
"""Seconds whose answers do not count."""

LONGEST_GUIDE = 30
"""Answers; as many as a citizen may give."""


@contextmanager
def process() -> Iterator[ProcessPoolExecutor]:
    """A process in which to `watch`; it starts with the first."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        yield pool


def watch(address: str, seconds: float) -> dict[str, list[float]]:
    """Walk a guide by tapping, and probe the health address.

    Args:
        address: of the API.
        seconds: how long, after the warm-up.

    Returns:
        By `health` and `guide` the seconds that each answer took.
    """
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        token = client.post("/api/v1/visitors", json={}).json()["token"]
        client.headers["Authorization"] = f"Bearer {token}"
        walker = _Walker(client)
        walker.walk(WARM_UP)
        return walker.walk(seconds)


class _Walker:
    def __init__(self, client: httpx.Client) -> None:
        self._client = client
        self._asked = 0
        self._guide = ""

    def walk(self, seconds: float) -> dict[str, list[float]]:
        times: dict[str, list[float]] = {"health": [], "guide": []}
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._begin_anew()
            times["health"].append(self._timed("GET", "/healthz"))
            times["guide"].append(self._timed("GET", f"/api/v1/guides/{self._guide}/checklist"))
            times["guide"].append(self._timed("POST", f"/api/v1/guides/{self._guide}/answers", self._answer()))
            time.sleep(PAUSE)
        return times

    def _begin_anew(self) -> None:
        if self._asked % LONGEST_GUIDE == 0:
            self._guide = self._client.post("/api/v1/guides", json={"theme": "open-restaurant"}).json()["id"]
        self._asked += 1

    def _answer(self) -> dict[str, object]:
        return {"fact": "location", "value": ("street", "mall")[self._asked % 2]}

    def _timed(self, method: str, path: str, body: dict[str, object] | None = None) -> float:
        started = time.perf_counter()
        self._client.request(method, path, json=body).raise_for_status()
        return time.perf_counter() - started
