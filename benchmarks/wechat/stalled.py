"""Rasa stalls for a minute while a hundred citizens talk; everybody else goes on as before."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from statistics import quantiles

from benchmarks.figures import Figure
from benchmarks.wechat import onlooker
from benchmarks.wechat.system import running
from wechat_simulator import Citizen, Outcome

CITIZENS = 100
STALL = 60.0
WAVE = 20.0
"""Seconds between two messages of a citizen."""

FIRST = 4.0
"""Seconds within which all begin: each callback may take longer, so all wait at once."""

OPENING = "我想开个饭店要办什么"


def figures() -> list[Figure]:
    """Measure; the onlooker is timed as long before as during the stall, in one run."""
    with running() as system, onlooker.process() as other:
        citizens = [system.wechat.citizen(f"stalled-{number}") for number in range(CITIZENS)]
        calm = other.submit(onlooker.watch, system.api, STALL).result()
        watching = other.submit(onlooker.watch, system.api, STALL)
        time.sleep(onlooker.WARM_UP)  # from now on it counts
        system.rasa.stall()
        with ThreadPoolExecutor(CITIZENS) as pool:
            talking = [pool.submit(_talk, citizen, n) for n, citizen in enumerate(citizens)]
            outcomes = [outcome for each in talking for outcome in each.result()]
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
