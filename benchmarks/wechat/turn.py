"""A turn through the WeChat door, sealed, against the same turn through the web chat."""

from __future__ import annotations

from collections.abc import Callable
from statistics import median
from time import perf_counter

import httpx

from benchmarks.figures import Figure
from benchmarks.wechat.system import running

TURNS = 200
OPENING = "我想开个饭店要办什么"
TEXTS = (
    "面积130平",
    "为什么问这个",
    "对",
    "上一步",
    "看看现在的清单",
    "不知道",
    "你们几点下班",
    "面积90平",
    "不对",
    "上一步",
)


def figures() -> list[Figure]:
    """Measure; the two are asked in turn."""
    with running() as system:
        citizen = system.wechat.citizen("turn")

        def through_wechat(text: str) -> None:
            outcome = citizen.text(text)
            assert outcome.kind == "passive" and "智能理解暂时" not in outcome.text, outcome  # noqa: S101

        through_web = _visitor(system.api)
        for text in (OPENING, *TEXTS, *TEXTS):  # both processes have met Rasa then
            through_wechat(text)
            through_web(text)
        pairs = []
        for number in range(TURNS):
            text = TEXTS[number % len(TEXTS)]
            ways = [("wechat", through_wechat), ("web", through_web)]
            timed = {name: _timed(way, text) for name, way in (ways if number % 2 else reversed(ways))}
            pairs.append((timed["wechat"], timed["web"]))
    sealed, web = median(a for a, _ in pairs), median(b for _, b in pairs)
    what = (
        f"{TURNS} turns each, in turn, one run: {sealed * 1e3:.1f} ms ÷ {web * 1e3:.1f} ms; safe mode, new connections"
    )
    return [Figure("wechat.turn_ratio", sealed / web, "", "≤ 1.15", what)]


def _visitor(address: str) -> Callable[[str], None]:
    client = httpx.Client(base_url=address, timeout=30, trust_env=False)
    token = client.post("/api/v1/visitors", json={}).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"

    def say(text: str) -> None:
        reply = client.post("/api/v1/chat/messages", json={"text": text}).raise_for_status().json()
        assert "智能理解暂时" not in reply["messages"][0]["text"]  # noqa: S101

    return say


def _timed(say: Callable[[str], None], text: str) -> float:
    started = perf_counter()
    say(text)
    return perf_counter() - started
