"""Clients that book as fast as they are answered, and what they were told."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from random import Random
from typing import Any

from benchmarks.appointments.network import SERVICE, Citizen, days, starts
from deploy.processes import HOST

CLIENTS = 32
TIMEOUT = 30
"""Seconds that one answer may take."""

PATIENCE = 120
"""Seconds for which a client asks again, always with the same key, whose connection broke."""

MOST_ERRORS = 3
"""Answers of 500 and above after which a client gives up."""

PAUSE = 0.1
BROKEN = 0
SAME_PERSON = 0.3
TWICE = 0.05
"""Shares of the attempts: of somebody who tries on another telephone at the same moment; tapped twice."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One tap."""

    citizen: Citizen
    day: str
    time: str
    key: str


@dataclass
class Told:
    """What the clients were told.

    Attributes:
        answers: attempts by answer: `201`, else the kind of the refusal, `5xx`, or `broken` for good.
        bookings: public ids that were acknowledged, by the key of the attempt.
        errors: answers of 500 and above.
        broken: connections that broke before the answer came.
        seconds: that it all took.
    """

    answers: Counter[str] = field(default_factory=Counter)
    bookings: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    errors: int = 0
    broken: int = 0
    seconds: float = 0.0

    def __str__(self) -> str:
        kinds = ", ".join(f"{kind} {times}" for kind, times in self.answers.most_common())
        return f"{sum(self.answers.values())} attempts in {self.seconds:.0f} s: {kinds}"


def attempts(people: Sequence[Sequence[Citizen]], over: int, count: int, random: Random) -> list[Attempt]:
    """Draw attempts that fight: all move through the slots together, each slot wanted by many at a time.

    Args:
        people: each on two telephones; as many as attempts are enough.
        over: days.
        count: how many attempts.
        random: draws.
    """
    slots = [(str(day), f"{start // 60:02d}:{start % 60:02d}") for day in days(over) for start in starts()]
    found: list[Attempt] = []
    person = 0
    for number in range(count):
        if found and random.random() < TWICE:
            found.append(found[-1])
            continue
        telephone = int(random.random() < SAME_PERSON)
        person += 1 - telephone
        near = number * len(slots) // count + random.randrange(-1, 2)
        day, time_ = slots[min(max(near, 0), len(slots) - 1)]
        found.append(Attempt(people[person][telephone], day, time_, uuid.uuid4().hex))
    return found


def book(port: int, token: Callable[[str], str], pool: str, wanted: Sequence[Attempt]) -> Told:
    """Let the clients make the attempts, one after the other each, in the order given.

    Args:
        port: of the API.
        token: gives a visitor's, by their public id.
        pool: reference of the pool.
        wanted: the attempts.
    """
    told, lock, todo = Told(), threading.Lock(), iter(wanted)

    def client() -> None:
        caller = Caller(port)
        while True:
            with lock:
                attempt = next(todo, None)
            if attempt is None:
                return
            statuses, body = caller.book(pool, attempt, token(attempt.citizen.visitor))
            with lock:
                _note(told, attempt, statuses, body)

    started = time.monotonic()
    with ThreadPoolExecutor(CLIENTS) as clients:
        for done in [clients.submit(client) for _ in range(CLIENTS)]:
            done.result()
    told.seconds = time.monotonic() - started
    return told


def _note(told: Told, attempt: Attempt, statuses: list[int], body: dict[str, Any]) -> None:
    told.broken += statuses.count(BROKEN)
    told.errors += sum(status >= 500 for status in statuses)
    last = statuses[-1]
    if last == 201:
        told.bookings[attempt.key].add(body["id"])
    told.answers["201" if last == 201 else "broken" if last == BROKEN else str(body.get("code", last))] += 1


class Caller:
    """One client with one connection, which is made again when it breaks."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._connection = http.client.HTTPConnection(HOST, port, timeout=TIMEOUT)

    def book(self, pool: str, attempt: Attempt, token: str) -> tuple[list[int], dict[str, Any]]:
        """Ask until there is an answer that settles the attempt.

        Returns:
            The statuses in turn, `BROKEN` for a connection that broke, and the last body.
        """
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Idempotency-Key": attempt.key,
        }
        wish = {"pool": pool, "service": SERVICE, "day": attempt.day, "time": attempt.time}
        content = json.dumps(wish | {"person": attempt.citizen.person})
        statuses: list[int] = []
        deadline = time.monotonic() + PATIENCE
        while True:
            status, body = self._ask(content, headers)
            statuses.append(status)
            failed = sum(each >= 500 for each in statuses)
            if 0 < status < 500 or failed == MOST_ERRORS or time.monotonic() > deadline:
                return statuses, body
            time.sleep(PAUSE)

    def _ask(self, content: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
        try:
            self._connection.request("POST", "/api/v1/appointments", content, headers)
            answer = self._connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):  # half an answer is none
            self._connection.close()
            return BROKEN, {}
