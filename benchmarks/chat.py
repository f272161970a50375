"""A chat turn through API, Rasa and action server, against a bare Rasa echo turn; warm start."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

import httpx

from benchmarks.figures import Figure
from benchmarks.stock_bot.serve import running_stock_bot
from deploy.background import running_system

TURNS = 150
TEXTS = (
    *("沿街独立门面", "为什么问这个", "火锅和凉菜", "上一步", "你们几点下班"),
    *("不知道", "一百三十平", "看看现在的清单", "找人工", "上一步"),
)


def figures() -> list[Figure]:
    """Measure; both systems run at once and are asked in turn."""
    with tempfile.TemporaryDirectory() as folder:
        started = perf_counter()
        with running_system(Path(folder)) as address:
            ours = _citizen(address)
            ours("我想开个饭店要办什么")
            warm = perf_counter() - started
            with running_stock_bot() as stock:
                theirs = _echo(stock)
                for text in TEXTS:
                    theirs(text)
                pairs = [(_timed(ours, text), _timed(theirs, text)) for text in (TEXTS * (TURNS // len(TEXTS)))]
    mine, bare = median(a for a, _ in pairs), median(b for _, b in pairs)
    what = f"{len(pairs)} turns each, in turn, one run: {mine * 1e3:.1f} ms ÷ {bare * 1e3:.1f} ms"
    return [
        Figure("guide.chat_turn_ratio", mine / bare, "", "≤ 1.0", f"{what}; stock: Jieba, CountVectors, DIET, TED"),
        Figure("guide.warm_start", warm, "s", "≤ 45", "everything installed and trained; until the first chat answer"),
    ]


def _citizen(address: str) -> Callable[[str], object]:
    client = httpx.Client(base_url=address, timeout=30)
    token = client.post("/api/v1/visitors", json={}).json()["token"]
    client.headers["Authorization"] = f"Bearer {token}"

    def say(text: str) -> object:
        reply = client.post("/api/v1/chat/messages", json={"text": text}).raise_for_status().json()
        assert "智能理解暂时" not in reply["messages"][0]["text"], "Rasa did not answer"  # noqa: S101
        return reply

    return say


def _echo(address: str) -> Callable[[str], object]:
    client = httpx.Client(base_url=address, timeout=30)

    def say(text: str) -> object:
        body = {"sender": "bench", "message": text}
        return client.post("/webhooks/rest/webhook", json=body).raise_for_status().json()

    return say


def _timed(say: Callable[[str], object], text: str) -> float:
    started = perf_counter()
    say(text)
    return perf_counter() - started
