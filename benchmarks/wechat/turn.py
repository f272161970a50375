"""A turn through the WeChat door, sealed, against the same turn through the web chat."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable
from http.client import HTTPConnection
from statistics import median
from time import perf_counter
from urllib.parse import urlencode, urlsplit

import httpx

from benchmarks.figures import Figure
from benchmarks.wechat.system import System, running
from wechat_simulator import Citizen, pushes
from wechat_simulator.envelope import open_reply, seal

TURNS = 200
REST = 0.05
"""Seconds after each turn, so that what a server does after its answer falls on nobody else's turn."""

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

_WITHOUT_RASA = "智能理解暂时"

Way = Callable[[str], float]
"""Says something, and gives the seconds until the answer was read."""


def figures() -> list[Figure]:
    """Measure; the ways are asked in turn, each beginning as often as the others."""
    with running() as system:
        ways = [_sealed(system), _web(system), _simulated(system.wechat.citizen("simulated"))]
        for text in (OPENING, *TEXTS, *TEXTS):  # both processes have met Rasa then
            for way in ways:
                way(text)
        times: list[list[float]] = [[] for _ in ways]
        for number in range(TURNS):
            for turn in range(len(ways)):
                which = (number + turn) % len(ways)
                times[which].append(ways[which](TEXTS[number % len(TEXTS)]))
                time.sleep(REST)
    sealed, web, simulated = (median(each) for each in times)
    what = f"{TURNS} turns each, in turn, one run: {sealed * 1e3:.1f} ms ÷ {web * 1e3:.1f} ms; safe mode"
    slower = f"{simulated * 1e3:.1f} ms ÷ the same; sealing, opening and the simulator's own work counted too"
    return [
        Figure("wechat.turn_ratio", sealed / web, "", "≤ 1.15", f"{what}; one plain client, new connections"),
        Figure("wechat.turn_ratio_simulator", simulated / web, "", "", slower),
    ]


def _sealed(system: System) -> Way:
    """Through the door; sealed before the clock runs, and opened after."""
    account, citizen = system.wechat.account, system.wechat.citizen("sealed")
    numbers = itertools.count(time.time_ns())

    def say(text: str) -> float:
        document = pushes.text(text).document(account.original_id, citizen.openid, int(time.time()), str(next(numbers)))
        query, body = seal(account, document, citizen.openid)
        seconds, reply = _post(system.api, f"/wechat?{urlencode(query)}", body, {"Content-Type": "text/xml"})
        answer = open_reply(account, reply)
        _expect(_WITHOUT_RASA not in answer["Content"], answer)
        return seconds

    return say


def _web(system: System) -> Way:
    """Through the web chat."""
    token = httpx.post(f"{system.api}/api/v1/visitors", json={}, trust_env=False).json()["token"]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}

    def say(text: str) -> float:
        body = json.dumps({"text": text}).encode()
        seconds, reply = _post(system.api, "/api/v1/chat/messages", body, headers)
        answer = json.loads(reply)["messages"][0]["text"]
        _expect(_WITHOUT_RASA not in answer, answer)
        return seconds

    return say


def _simulated(citizen: Citizen) -> Way:
    """Through the door, as a citizen of the simulator sees it."""

    def say(text: str) -> float:
        started = perf_counter()
        outcome = citizen.text(text)
        seconds = perf_counter() - started
        _expect(outcome.kind == "passive" and _WITHOUT_RASA not in outcome.text, outcome)
        return seconds

    return say


def _post(address: str, path: str, body: bytes, headers: dict[str, str]) -> tuple[float, bytes]:
    """Post over a connection of its own; gives the seconds from before connecting until all was read."""
    connection = HTTPConnection(urlsplit(address).netloc, timeout=30)
    started = perf_counter()
    connection.request("POST", path, body, headers)
    response = connection.getresponse()
    reply = response.read()
    seconds = perf_counter() - started
    connection.close()
    _expect(response.status == 200, (response.status, reply))
    return seconds, reply


def _expect(fine: bool, seen: object) -> None:
    if not fine:
        raise RuntimeError(f"not the turn that was to be timed: {seen}")
