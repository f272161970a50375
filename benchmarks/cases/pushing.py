"""Events pushed to another system while workers are killed every 300 ms: none lost, none twice, each case in order."""

from __future__ import annotations

import base64
import json
import multiprocessing
import os
import signal
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.process import BaseProcess
from pathlib import Path
from random import Random
from threading import Lock, Thread

from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from benchmarks.appointments import network
from benchmarks.appointments.databases import KINDS, database
from benchmarks.figures import Figure
from miniapp_api.app import create_app
from miniapp_api.cases.events import Accepted, By, TakenUp
from miniapp_api.cases.models import CaseEvent
from miniapp_api.cases.receiving import Applicant, Application, receive
from miniapp_api.cases.recording import record
from miniapp_api.cases.service import acting
from miniapp_api.config import Settings
from miniapp_api.content.service import Content
from miniapp_api.conversation import service as guides
from miniapp_api.database import create_engine
from miniapp_api.exchange import pushing
from miniapp_api.exchange.models import ExchangePush
from miniapp_api.extensions import db
from miniapp_api.partner_settings import read_partners

CASES = 100
WORKERS = 3
EVERY = 0.3
FOR = 30
LONGEST = 150
"""Seconds: between kills, with kills, and in all."""

SLOW = 0.004
"""Seconds that the other side takes; now and then it answers 503, or takes an event and hangs up."""

SECRET = base64.urlsafe_b64encode(bytes(range(40))).decode()
CATALOGUE = Path(__file__).parents[2] / "catalogue"


@dataclass
class Partner:
    """The other system: what it heard, by case, each id once."""

    known: set[str] = field(default_factory=set)
    order: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    again: int = 0
    random: Random = field(default_factory=lambda: Random(5))
    lock: Lock = field(default_factory=Lock)

    def hear(self, told: dict[str, object]) -> bool:
        """Take an event; gives whether to answer."""
        with self.lock:
            if self.random.random() < 0.02:
                return False
            if told["id"] in self.known:
                self.again += 1
            else:
                self.known.add(str(told["id"]))
                case = told["case"]
                assert isinstance(case, dict)  # noqa: S101 - as we send it
                self.order[case["number"]].append(int(str(told["seq"])))
            return self.random.random() > 0.02


def figures() -> list[Figure]:
    """Measure."""
    load, found = os.getloadavg()[0], Counter[str]()
    for kind in KINDS:
        with database(kind) as url:
            found += _under_fire(url)
    told = (
        f"{found['events']} events of {2 * CASES} cases on {' and '.join(KINDS)}, {WORKERS} workers, "
        f"{found['kills']} SIGKILLs every {EVERY} s, 2 % of answers lost; {found['again']} came again; load {load:.1f}"
    )
    return [
        Figure("cases.events_lost", found["lost"], "", "= 0", told),
        Figure("cases.events_left", found["left"], "", "= 0", f"still owed {LONGEST} s after the first event"),
        Figure("cases.events_twice", found["twice"], "", "= 0", "effects after the receiver dropped known ids"),
        Figure("cases.events_out_of_order", found["disorder"], "", "= 0", "within one case"),
    ]


def _under_fire(url: str) -> Counter[str]:
    partner = Partner()
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(partner))
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}/"
    workers = [_worker(url, address) for _ in range(WORKERS)]
    kills = 0
    try:
        with _application(url, address).app_context():
            author = Thread(target=_write, args=(url, address), daemon=True)
            author.start()
            started = time.monotonic()
            random = Random(1)
            while time.monotonic() - started < LONGEST and (author.is_alive() or _owed()):
                time.sleep(EVERY)
                if time.monotonic() - started < FOR or author.is_alive():
                    kills += _kill(workers, random, url, address)
            left = _owed()
            events = db.session.scalar(select(func.count()).select_from(CaseEvent)) or 0
            db.session.rollback()
            db.engine.dispose()
    finally:
        for worker in workers:
            worker.kill()
        server.shutdown()
        server.server_close()
    heard = sum(len(seqs) for seqs in partner.order.values())
    return Counter(
        events=events,
        kills=kills,
        again=partner.again,
        left=left,
        lost=events - heard - left,
        twice=heard - len(partner.known),
        disorder=sum(seqs != sorted(seqs) for seqs in partner.order.values()),
    )


def _owed() -> int:
    """How many are not sent yet; what waits after a fault is made due at once, as nobody waits for hours here."""
    db.session.execute(update(ExchangePush).where(ExchangePush.state == "waiting").values(due_at=func.now()))
    db.session.commit()
    owed = db.session.scalar(select(func.count()).select_from(ExchangePush).where(ExchangePush.state != "sent"))
    db.session.rollback()
    return owed or 0


def _worker(url: str, address: str) -> BaseProcess:
    """Start a worker, from a process that has everything loaded: it is back in milliseconds."""
    forks = multiprocessing.get_context("forkserver")
    forks.set_forkserver_preload([__name__])
    worker = forks.Process(target=_work, args=(url, address), daemon=True)
    worker.start()
    return worker


def _kill(workers: list[BaseProcess], random: Random, url: str, address: str) -> int:
    place = random.randrange(WORKERS)
    victim = workers[place]
    if not victim.is_alive() or victim.pid is None:
        return 0
    os.kill(victim.pid, signal.SIGKILL)
    victim.join()
    workers[place] = _worker(url, address)
    return 1


def _application(url: str, address: str) -> Flask:
    partners = read_partners(f"name=province secret={SECRET} push={address}")
    settings = Settings(
        daoban_demo=True, database_url=url, catalogue_dir=CATALOGUE, log_level="ERROR", partners=partners
    )
    return create_app(settings, content=Content(CATALOGUE), guides=guides)


def _work(url: str, address: str) -> None:
    """A worker that pushes for as long as it lives: with the database and the partner, and nothing else."""
    pushing.LEASE = timedelta(seconds=2)
    (partner,) = read_partners(f"name=province secret={SECRET} push={address}")
    with Session(create_engine(url)) as session:
        while True:
            if not pushing.push(session, partner):
                time.sleep(0.05)
            session.rollback()


def _write(url: str, address: str) -> None:
    """Let cases happen."""
    with _application(url, address).app_context():
        network.add_pool(db.session, "center")
        db.session.commit()
        applicant = Applicant("person", "王小明", "11010519491231002X", "13912345678")
        for _ in range(CASES):
            act = acting(db.session, By("staff", "receiver"))
            case = receive(act, Application("open-restaurant:register-individual", "shiyan", "center", applicant))
            db.session.commit()
            for fact in (Accepted(), TakenUp()):
                record(acting(db.session, By("staff", "reviewer")), case, fact)
                db.session.commit()
        db.engine.dispose()


def _handler(partner: Partner) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            time.sleep(SLOW)
            if partner.hear(told):
                self.send_response(200)
                self.send_header("Content-Length", "0")
                self.end_headers()
            else:
                self.close_connection = True

        def log_message(self, *_arguments: object) -> None:
            """Say nothing."""

    return Handler
