"""What the chat window in a browser gets."""

import threading
import time

import pytest

from tests.simulator.conftest import HTTP
from wechat_simulator import APOLOGY, window_api


class Window:
    """A browser."""

    def __init__(self, url):
        self.url = url
        self.name = self.post("", {}).json()["name"]

    def post(self, path, body):
        return HTTP.post(f"{self.url}/window/citizens{path}", json=body)

    def push(self, **body):
        return self.post(f"/{self.name}/pushes", body).status_code

    def events(self, after=0):
        url = f"{self.url}/window/citizens/{self.name}/events"
        return HTTP.get(url, params={"after": after}, timeout=5).json()["events"]


@pytest.fixture
def window(sim):
    return Window(sim.url)


def test_a_conversation(sim, callback, window, api):
    callback.answer = lambda heard: "您好"
    assert window.push(kind="text", text="我想开个饭店") == 202
    [event] = window.events()
    assert event.items() >= {"n": 1, "kind": "delivery", "via": "passive", "msgtype": "text", "text": "您好"}.items()
    assert event["raw"]["Content"] == "您好"
    api.post("/cgi-bin/message/custom/typing", {"touser": sim.citizen(window.name).openid, "command": "Typing"})
    api.say(sim.citizen(window.name), "再说一句")
    kinds = [(event["kind"], event.get("via")) for event in window.events(after=1)]
    assert kinds == [("typing", None), ("delivery", "custom")]


def test_what_is_acknowledged_or_broken(callback, window):
    window.push(kind="text", text="一")
    assert window.events()[0].items() >= {"n": 1, "kind": "acknowledged"}.items()
    callback.answer = lambda heard: b"rubbish"
    window.push(kind="text", text="二")
    assert window.events(after=1)[0].items() >= {"n": 2, "kind": "broken", "text": APOLOGY}.items()


def test_a_poll_waits(window, monkeypatch):
    waiting = threading.Timer(0.2, window.push, kwargs={"kind": "image"})
    waiting.start()
    began = time.monotonic()
    assert len(window.events()) == 1
    assert time.monotonic() - began >= 0.2
    monkeypatch.setattr(window_api, "POLL", 0.1)
    assert window.events(after=1) == []


PUSHES = [
    ({"kind": "text", "text": "满意"}, {"MsgType": "text", "Content": "满意"}),
    ({"kind": "text", "text": "满意", "menu_id": "101"}, {"Content": "满意", "bizmsgmenuid": "101"}),
    ({"kind": "text", "text": "满意", "menu_id": None}, {"Content": "满意"}),
    ({"kind": "voice", "recognition": "开饭店"}, {"MsgType": "voice", "Recognition": "开饭店"}),
    ({"kind": "voice", "recognition": None}, {"MsgType": "voice"}),
    ({"kind": "image"}, {"MsgType": "image"}),
    ({"kind": "location", "latitude": 32.6, "longitude": 110.8, "label": "十堰"}, {"Location_X": "32.6"}),
    ({"kind": "link"}, {"MsgType": "link"}),
    ({"kind": "subscribe", "scene": None}, {"Event": "subscribe", "EventKey": ""}),
    ({"kind": "subscribe", "scene": "hall7"}, {"Event": "subscribe", "EventKey": "qrscene_hall7"}),
    ({"kind": "unsubscribe"}, {"Event": "unsubscribe"}),
    ({"kind": "scan", "scene": "hall7"}, {"Event": "SCAN", "EventKey": "hall7"}),
    ({"kind": "click", "key": "ASK"}, {"Event": "CLICK", "EventKey": "ASK"}),
]


@pytest.mark.parametrize(("body", "fields"), PUSHES)
def test_pushes(callback, window, body, fields):
    assert window.push(**body) == 202
    window.events()
    assert callback.heard[0].inner.items() >= fields.items()


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"kind": "raw"},
        {"kind": ["text"]},
        {"kind": "text"},
        {"kind": "text", "text": ""},
        {"kind": "text", "text": "长" * 2001},
        {"kind": "text", "text": 1},
        {"kind": "location", "latitude": "north", "longitude": 1, "label": "x"},
        {"kind": "location", "latitude": None, "longitude": 1, "label": "x"},
        {"kind": "scan"},
    ],
)
def test_pushes_that_are_none(callback, window, body):
    assert window.post(f"/{window.name}/pushes", body).status_code == 400
    assert callback.heard == []


def test_bounds(sim, window, callback, monkeypatch):
    assert window.post(f"/{window.name}/pushes", {"text": "x" * 70_000}).status_code == 413
    monkeypatch.setattr(window_api, "PENDING", 2)
    release = threading.Event()
    callback.answer = lambda heard: release.wait(5) and b"success"
    assert [window.push(kind="image") for _ in range(3)] == [202, 202, 429]
    release.set()
    monkeypatch.setattr(window_api, "CITIZENS", 1)
    assert window.post("", {}).status_code == 503


def test_unknown_citizens(sim, window):
    for name in ("nobody", "a" * 41, "a.b"):
        assert window.post(f"/{name}/pushes", {"kind": "image"}).status_code == 404
        assert HTTP.get(f"{sim.url}/window/citizens/{name}/events").status_code == 404


def test_only_json_makes_a_citizen(sim):
    assert HTTP.post(f"{sim.url}/window/citizens", data={}).status_code == 415


def test_files(sim):
    page = HTTP.get(f"{sim.url}/")
    assert page.headers["content-type"].startswith("text/html")
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["content-security-policy"].startswith("default-src 'self'")
    script = HTTP.get(f"{sim.url}/window/main.js")
    assert "javascript" in script.headers["content-type"]
    for path in ("nothing.js", "..%2Faccount.py", "%2e%2e%2faccount.py"):
        assert HTTP.get(f"{sim.url}/window/{path}").status_code == 404


def test_closing_lets_polls_go(sim, window):
    events = []
    poll = threading.Thread(target=lambda: events.extend(window.events()))
    poll.start()
    time.sleep(0.1)
    sim.close()
    poll.join(2)
    assert not poll.is_alive()
