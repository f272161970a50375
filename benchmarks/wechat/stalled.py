"""Rasa stalls for a minute while a hundred citizens talk; everybody else goes on as before."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

import httpx

from benchmarks.figures import Figure
from benchmarks.wechat.system import running
from wechat_simulator import Citizen, Outcome

CITIZENS = 100
STALL = 60.0
WAVE = 20.0
"""Seconds between two messages of a citizen."""

FIRST = 4.0
"""Seconds within which all begin: each callback may take longer, so all wait at once."""

BASELINE = 30.0
PAUSE = 0.05
"""Seconds between two requests of the onlooker."""

LONGEST_GUIDE = 30
"""Answers."""

OPENING = "我想开个饭店要办什么"


def figures() -> list[Figure]:
    """Measure; the onlooker is timed before and during the stall, in one run."""
    with running() as system:
        citizens = [system.wechat.citizen(f"stalled-{number}") for number in range(CITIZENS)]
        look = _Onlooker(system.api)
        look.watch(lambda: False, 3)
        calm = look.watch(lambda: False, BASELINE)
        system.rasa.stall()
        over = threading.Event()
        with ThreadPoolExecutor(CITIZENS + 1) as pool:
            watching = pool.submit(look.watch, over.is_set, STALL + 5)
            talking = [pool.submit(_talk, citizen, n) for n, citizen in enumerate(citizens)]
            outcomes = [outcome for each in talking for outcome in each.result()]
            over.set()
            busy = watching.result()
        system.rasa.flow()
    slowest = max(outcome.first_attempt_seconds for outcome in outcomes)
    kinds = {kind: sum(outcome.kind == kind for outcome in outcomes) for kind in ("passive", "acknowledged", "broken")}
    what = f"{len(outcomes)} pushes of {CITIZENS} citizens in {STALL:.0f} s, all while Rasa stalls; {kinds}"
    figures = [
        Figure("wechat.stalled_callback", slowest, "s", "≤ 5", f"slowest callback; {what}"),
        Figure("wechat.stalled_broken", kinds["broken"], "", "= 0", "pushes without an answer of use"),
    ]
    for name in ("health", "guide"):
        before, during = _p99(calm[name]), _p99(busy[name])
        told = f"p99 {during * 1e3:.1f} ms (n={len(busy[name])}) ÷ {before * 1e3:.1f} ms (n={len(calm[name])})"
        figures.append(Figure(f"wechat.stalled_{name}_p99", during / before, "", "≤ 2", told))
    return figures


def _talk(citizen: Citizen, number: int) -> list[Outcome]:
    started = time.monotonic()
    outcomes = []
    for wave in range(int(STALL / WAVE)):
        at = started + wave * WAVE + number * (FIRST if wave == 0 else WAVE) / CITIZENS
        time.sleep(max(0.0, at - time.monotonic()))
        outcomes.append(citizen.text(OPENING if wave == 0 else f"面积{100 + wave}平"))
    return outcomes


def _p99(times: list[float]) -> float:
    return quantiles(times, n=100)[98]


class _Onlooker:
    """Somebody who walks a guide by tapping, and a probe of the health address."""

    def __init__(self, address: str) -> None:
        self._client = httpx.Client(base_url=address, timeout=30, trust_env=False)
        token = self._client.post("/api/v1/visitors", json={}).json()["token"]
        self._client.headers["Authorization"] = f"Bearer {token}"
        self._asked = 0
        self._guide = ""

    def watch(self, over: Callable[[], bool], seconds: float) -> dict[str, list[float]]:
        """Ask in turn until it is over; gives the seconds that each answer took."""
        times: dict[str, list[float]] = {"health": [], "guide": []}
        end = time.monotonic() + seconds
        while time.monotonic() < end and not over():
            self._begin_anew()
            times["health"].append(self._timed("GET", "/healthz"))
            times["guide"].append(self._timed("GET", f"/api/v1/guides/{self._guide}/checklist"))
            times["guide"].append(self._timed("POST", f"/api/v1/guides/{self._guide}/answers", self._answer()))
            time.sleep(PAUSE)
        return times

    def _begin_anew(self) -> None:
        """A guide of a length that a citizen's may have."""
        if self._asked % LONGEST_GUIDE == 0:
            self._guide = self._client.post("/api/v1/guides", json={"theme": "open-restaurant"}).json()["id"]
        self._asked += 1

    def _answer(self) -> dict[str, object]:
        return {"fact": "location", "value": ("street", "mall")[self._asked % 2]}

    def _timed(self, method: str, path: str, body: dict[str, object] | None = None) -> float:
        started = time.perf_counter()
        self._client.request(method, path, json=body).raise_for_status()
        return time.perf_counter() - started
