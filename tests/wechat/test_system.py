"""The whole system as `make run` starts it: a citizen talks through the chat window of the simulated WeChat."""

import shutil

import httpx
import pytest

from deploy.background import running_system
from deploy.processes import free_port
from tests.no_secrets import LOGS, find

pytestmark = [pytest.mark.system, pytest.mark.xdist_group("rasa")]

PATIENCE = 60


class Window:
    """The chat window, as its page speaks with the simulator."""

    def __init__(self, address):
        self.client = httpx.Client(base_url=address, timeout=PATIENCE, trust_env=False)
        self.name = self.client.post("/window/citizens", json={}).json()["name"]
        self.seen = 0

    def push(self, **push):
        """Do something; gives the event that comes of it."""
        assert self.client.post(f"/window/citizens/{self.name}/pushes", json=push).status_code == 202
        while True:
            events = self.client.get(f"/window/citizens/{self.name}/events", params={"after": self.seen}).json()
            for event in events["events"]:
                self.seen = event["n"]
                if event["kind"] in {"delivery", "broken"}:
                    return event

    def say(self, text, **more):
        """Type something; gives the text of the answer."""
        event = self.push(kind="text", text=text, **more)
        assert event["kind"] == "delivery", event
        return event["text"]


@pytest.fixture(scope="module")
def log(tmp_path_factory):
    """Say where everything logs to; looked through once more when all is over."""
    path = tmp_path_factory.mktemp("wechat-system") / "log.txt"
    yield path
    shutil.copy(path, LOGS / "system.log")


@pytest.fixture(scope="module")
def window(log):
    """Start everything."""
    port = free_port()
    with running_system(log.parent, simulator_port=port):
        yield Window(f"http://127.0.0.1:{port}")


def test_a_citizen_is_guided_through_the_wechat_door(window):
    assert "您说想办什么事" in window.push(kind="subscribe", scene=None)["text"]
    assert "店开在什么样的房子里？" in window.say("我想开个饭店要办什么")
    assert "店里打算卖哪些东西" in window.say("1")
    assert "打算用什么身份办手续？" in window.say("1、3")
    assert "近五年有过下面哪些情况" in window.say("新办个体户")
    assert "建筑面积：130 平方米" in window.say("一百三十平")
    listed = window.say("看看现在的清单")
    assert "食品经营许可" in listed
    assert ">我的清单</a>" in listed + (window.say("继续") if "接着看" in listed else "")


def test_a_code_opens_its_theme(window):
    fresh = Window(window.client.base_url)
    assert "店开在什么样的房子里？" in fresh.push(kind="subscribe", scene="theme.open-restaurant")["text"]


def test_the_districts_name_answers_from_a_location(window):
    fresh = Window(window.client.base_url)
    fresh.say("我想开个饭店要办什么")
    answer = fresh.push(kind="location", latitude=32.6, longitude=110.8, label="湖北省十堰市茅箭区北京中路38号")
    assert "茅箭" in answer["text"]


def test_nothing_secret_is_in_its_log(log, window):
    assert "/wechat" in log.read_text()
    assert find(log.read_text()) == []
