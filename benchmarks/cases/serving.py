"""A citizen's progress, by page and by API, beside an empty view of the same server in the same run."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.client import HTTPConnection
from statistics import median

from flask import Flask
from sqlalchemy import select

from benchmarks.appointments import network
from benchmarks.appointments.application import application
from benchmarks.appointments.databases import KINDS, database
from benchmarks.appointments.serving import serving
from benchmarks.cases.lookup import CATALOGUE
from benchmarks.figures import Figure
from deploy.processes import HOST
from miniapp_api.accounts.models import Visitor
from miniapp_api.cases.events import Accepted, By, Inspected, Stopped, TakenUp
from miniapp_api.cases.receiving import Applicant, Application, HandedIn, receive
from miniapp_api.cases.recording import record
from miniapp_api.cases.service import acting
from miniapp_api.extensions import db

CLIENTS = 8
SECONDS = 2.5
ROUNDS = 5
"""Every address is asked for so many times for so long, in turn."""


def figures() -> list[Figure]:
    """Measure."""
    return [figure for kind in KINDS for figure in _on(kind)]


def _on(kind: str) -> list[Figure]:
    load = os.getloadavg()[0]
    with database(kind) as url:
        with application(url, CATALOGUE) as app:
            visitor, case = _case(app)
        with serving(url, app="benchmarks.cases.with_empty_view:app", background=False) as running:
            headers = {"Authorization": f"Bearer {running.token(visitor)}"}
            asked = {
                "empty": ("/api/v1/empty", headers),
                "api": (f"/api/v1/cases/{case}", headers),
                "unchanged": (f"/api/v1/cases/{case}", headers),
                "page": (f"/cases/{case}", {}),
            }
            asked["unchanged"] = (asked["api"][0], headers | {"If-None-Match": _etag(running.port, *asked["api"])})
            rates: dict[str, list[float]] = {name: [] for name in asked}
            for _ in range(ROUNDS):
                for name, (path, given) in asked.items():
                    rates[name].append(_rate(running.port, path, given))
    rate = {name: median(found) for name, found in rates.items()}
    told = f"{CLIENTS} clients, {ROUNDS}×{SECONDS} s in turn, empty {rate['empty']:.0f} requests/s; load {load:.1f}"
    return [
        Figure(f"cases.page_to_empty_{kind}", rate["page"] / rate["empty"], "×", "≥ 0.5", told),
        Figure(f"cases.api_to_empty_{kind}", rate["api"] / rate["empty"], "×", "≥ 0.5", "the whole card of six events"),
        Figure(f"cases.unchanged_to_empty_{kind}", rate["unchanged"] / rate["empty"], "×", "", "If-None-Match, 304"),
    ]


def _case(app: Flask) -> tuple[str, str]:
    """A case in the midst of its life, and the public ids of who follows it and of the case."""
    del app
    network.add_pool(db.session, "center")
    visitor = Visitor(locality="shiyan")
    db.session.add(visitor)
    db.session.flush()
    applicant = Applicant("person", "王小明", "11010519491231002X", "13912345678")
    materials = [HandedIn(name) for name in ("申请表", "店面布局图", "食品安全管理制度目录")]
    item = "open-restaurant:food-licence"
    begun = acting(db.session).now
    steps = [
        ("receiver", Accepted()),
        ("reviewer", TakenUp()),
        ("reviewer", Inspected(inspectors=("one", "another"), passed=True)),
        ("reviewer", Stopped(cause="testing", workdays=5)),
    ]
    case = receive(
        acting(db.session, By("staff", "receiver"), begun - timedelta(minutes=10)),
        Application(item, "shiyan", "center", applicant, materials, visitor_id=visitor.id),
    )
    for minute, (who, fact) in enumerate(steps):
        record(acting(db.session, By("staff", who), begun - timedelta(minutes=9 - minute)), case, fact)
    db.session.commit()
    public_id = db.session.scalar(select(Visitor.public_id).where(Visitor.id == visitor.id)) or ""
    return public_id, case.public_id


def _etag(port: int, path: str, headers: Mapping[str, str]) -> str:
    connection = HTTPConnection(HOST, port, timeout=30)
    connection.request("GET", path, headers=dict(headers))
    answer = connection.getresponse()
    answer.read()
    return answer.headers["ETag"]


def _rate(port: int, path: str, headers: Mapping[str, str]) -> float:
    """Requests per second, each client on a connection of its own."""
    until = time.monotonic() + SECONDS

    def ask(_: int) -> int:
        connection, count = HTTPConnection(HOST, port, timeout=30), 0
        while time.monotonic() < until:
            connection.request("GET", path, headers=dict(headers))
            answer = connection.getresponse()
            answer.read()
            if answer.status not in (200, 304):
                raise AssertionError(f"{path} answered {answer.status}")
            count += 1
        return count

    with ThreadPoolExecutor(CLIENTS) as clients:
        return sum(clients.map(ask, range(CLIENTS))) / SECONDS
