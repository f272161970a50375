"""A simulator, a clock that can be turned, and a callback."""

import json
from contextlib import ExitStack

import httpx
import pytest

from tests.simulator.callback import Callback
from wechat_simulator import Account, Simulator

HTTP = httpx.Client(trust_env=False)


class Clock:
    """A clock that a test turns."""

    def __init__(self):
        self.now = 1_795_600_000.0

    def __call__(self):
        return self.now


class API:
    """The simulator's API as a client sees it."""

    def __init__(self, sim):
        self.sim = sim

    def token(self, app="official"):
        """The stable token of one of the two apps."""
        account = self.sim.account
        app_id = account.app_id if app == "official" else account.mini_app_id
        body = {"grant_type": "client_credential", "appid": app_id, "secret": account.secret_of(app_id)}
        return HTTP.post(f"{self.sim.url}/cgi-bin/stable_token", json=body).json()["access_token"]

    def get(self, path, app=None, **query):
        if app:
            query["access_token"] = self.token(app)
        return HTTP.get(self.sim.url + path, params=query)

    def post(self, path, body, app="official"):
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        return HTTP.post(self.sim.url + path, params={"access_token": self.token(app)}, content=content)

    def say(self, citizen, content="好"):
        """Send a customer-service text; gives the errcode."""
        body = {"touser": citizen.openid, "msgtype": "text", "text": {"content": content}}
        return self.post("/cgi-bin/message/custom/send", body).json()["errcode"]


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def start(clock):
    """Start a simulator with the fields of an account, and its callback."""
    with ExitStack() as stack:

        def start(seed=0, **fields):
            account = Account(**fields)
            callback = Callback(account)
            stack.callback(callback.close)
            sim = stack.enter_context(Simulator(account, callback.url, clock=clock, seed=seed))
            return sim, callback

        yield start


@pytest.fixture
def started(start):
    return start()


@pytest.fixture
def sim(started):
    return started[0]


@pytest.fixture
def callback(started):
    return started[1]


@pytest.fixture
def alice(sim):
    return sim.citizen("alice")


@pytest.fixture
def api(sim):
    return API(sim)
