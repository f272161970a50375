"""Citizens who do everything one after the other: a guide, halls and days, a booking, a look-up, a scanned receipt."""

from __future__ import annotations

import itertools
import json
import os
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.client import HTTPConnection
from statistics import quantiles
from typing import Any

from sqlalchemy import select

from benchmarks.appointments import network
from benchmarks.appointments.application import application
from benchmarks.appointments.databases import database
from benchmarks.appointments.serving import Serving, serving
from benchmarks.figures import Figure
from deploy.processes import HOST
from miniapp_api.cases.events import By
from miniapp_api.cases.receiving import Applicant, Application, personal, receive
from miniapp_api.cases.service import acting
from miniapp_api.extensions import db
from miniapp_api.papers.models import Paper
from miniapp_api.signed_codes.models import SignedCode
from miniapp_api.signed_codes.service import link_of

CLIENTS = 12
SECONDS = 40
CASES = 400
POOLS = 40
"""So that bookings find places."""

THEME = "open-restaurant"
ITEM = "open-restaurant:register-individual"


@dataclass(frozen=True, slots=True)
class Known:
    """What a citizen holds: number and query code, and the path of the QR code on the receipt."""

    number: str
    query: str
    scan: str


@dataclass
class Seen:
    """What was answered: milliseconds, by step; and answers that are none."""

    times: list[float] = field(default_factory=list)
    errors: Counter[str] = field(default_factory=Counter)
    steps: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)


def figures() -> list[Figure]:
    """Measure on PostgreSQL and Redis, as the product runs in production."""
    load = os.getloadavg()[0]
    with database("postgresql") as url, serving(url) as running:
        known = _prepare(url, running)
        seen = _travel(running, known)
    rate, p99 = len(seen.times) / SECONDS, quantiles(seen.times, n=100)[98]
    told = f"{CLIENTS} clients for {SECONDS} s, PostgreSQL and Redis, {dict(seen.steps)}; load {load:.1f}"
    return [
        Figure("cases.journey_rate", rate, "requests/s", "", told),
        Figure("cases.journey_p99", p99, "ms", "", "of all steps"),
        Figure(
            "cases.journey_errors",
            sum(seen.errors.values()),
            "",
            "= 0",
            f"500 and above, or broken: {dict(seen.errors)}",
        ),
    ]


def _prepare(url: str, running: Serving) -> list[Known]:
    with application(url, running.catalogue, secret_key=running.key, public_url=f"http://{HOST}:{running.port}") as app:
        schedules = app.extensions["schedules"]
        for place in range(POOLS):
            network.generate(db.session, network.add_pool(db.session, f"journey-{place}"), schedules)
        db.session.commit()
        applicant = Applicant("person", "王小明", "11010519491231002X", "13912345678")
        known = []
        for _ in range(CASES):
            act = acting(db.session, By("staff", "receiver"))
            case = receive(act, Application(ITEM, "shiyan", "journey-0", applicant))
            code = db.session.scalars(select(Paper.code_id).filter_by(subject=case.public_id)).one()
            scan = "/r/" + link_of(db.session.get_one(SignedCode, code)).rsplit("/", 1)[1]
            known.append(Known(case.number, str(personal(case)["query"]), scan))
            db.session.commit()
    return known


def _travel(running: Serving, known: list[Known]) -> Seen:
    seen, until, turns = Seen(), time.monotonic() + SECONDS, itertools.count()

    def citizen(seed: int) -> None:
        draw, one = random.Random(seed), Citizen(running.port, seen)
        while time.monotonic() < until:
            with seen.lock:
                mine = known[next(turns) % len(known)]  # each in turn: one number may be asked for so often only
            one.journey(mine, draw)

    with ThreadPoolExecutor(CLIENTS) as citizens:
        list(citizens.map(citizen, range(CLIENTS)))
    return seen


class Citizen:
    """One telephone, with one connection."""

    def __init__(self, port: int, seen: Seen) -> None:
        self._connection = HTTPConnection(HOST, port, timeout=30)
        self._seen = seen
        self._headers: dict[str, str] = {}

    def journey(self, known: Known, draw: random.Random) -> None:
        """Do all there is to do once."""
        self._headers = {}
        token = self.ask("enter", "POST", "/api/v1/visitors", {}).get("token", "")
        self._headers = {"Authorization": f"Bearer {token}"}
        guide = self.ask("guide", "POST", "/api/v1/guides", {"theme": THEME})
        for _ in range(4):
            guide = self._answer(guide, draw)
        self.ask("halls", "GET", "/api/v1/appointments/halls?service=food-licence")
        pool = f"journey-{draw.randrange(POOLS)}.hall"
        days = self.ask("days", "GET", f"/api/v1/appointments/days?pool={pool}&service=food-licence").get("days", [])
        free = [day["day"] for day in days if day["state"] == "open"]
        if free:
            self._book(pool, draw.choice(free), draw)
        self.ask("look-up", "POST", "/api/v1/case-lookups", {"number": known.number, "query_code": known.query})
        self.ask("scan", "GET", known.scan)

    def _answer(self, guide: dict[str, Any], draw: random.Random) -> dict[str, Any]:
        question = guide.get("question") or {}
        options = question.get("options") or []
        if not question:
            return guide
        value = draw.choice(options)["value"] if options and question.get("type") != "multi" else "unknown"
        body = {"fact": question["fact"], "value": value}
        return self.ask("answer", "POST", f"/api/v1/guides/{guide['id']}/answers", body)

    def _book(self, pool: str, day: str, draw: random.Random) -> None:
        times = self.ask("times", "GET", f"/api/v1/appointments/times?pool={pool}&service=food-licence&day={day}")
        if not times.get("times"):
            return
        born = f"{draw.randrange(1950, 2005)}{draw.randrange(1, 13):02}{draw.randrange(1, 28):02}"
        number = f"110105{born}{draw.randrange(1000):03}"
        person = {"name": "王小明", "number": number + _check(number), "relation": "self"}
        added = self.ask("person", "POST", "/api/v1/people", person)
        wish = {"pool": pool, "service": "food-licence", "day": day, "time": draw.choice(times["times"])["time"]}
        self.ask("book", "POST", "/api/v1/appointments", wish | {"person": added.get("id")})

    def ask(self, step: str, method: str, path: str, body: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Ask for something; refusals in words are answers too."""
        headers = self._headers | {"Content-Type": "application/json", "Idempotency-Key": uuid.uuid4().hex}
        started = time.perf_counter()
        try:
            self._connection.request(method, path, json.dumps(body) if body is not None else None, headers)
            answer = self._connection.getresponse()
            content, status = answer.read(), answer.status
        except OSError as error:
            self._connection.close()
            content, status = b"{}", 599
            step = type(error).__name__
        took = (time.perf_counter() - started) * 1000
        with self._seen.lock:
            self._seen.times.append(took)
            self._seen.steps[f"{step} {status}"] += 1
            if status >= 500:
                self._seen.errors[f"{step} {status}"] += 1
        return json.loads(content) if content.startswith(b"{") else {}


def _check(number: str) -> str:
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number))
    return "10X98765432"[total % 11]
