"""What a citizen does arrives at the callback as Tencent would send it."""

import pytest
from wechatpy import parse_message

from wechat_simulator import Simulator, xml


@pytest.mark.parametrize("mode", ["plaintext", "compatible", "safe"])
def test_a_text_and_its_reply_in_every_mode(start, mode):
    sim, callback = start(mode=mode)
    alice = sim.citizen("alice")
    callback.answer = lambda heard: "您好，" + heard.inner["Content"]
    outcome = alice.text("我想开个饭店")
    assert (outcome.kind, outcome.text, outcome.attempts) == ("passive", "您好，我想开个饭店", 1)
    assert outcome.seconds >= outcome.first_attempt_seconds > 0
    assert outcome.msg_id == callback.heard[0].inner["MsgId"]
    [delivery] = alice.inbox
    assert (delivery.text, delivery.via, delivery.msgtype) == ("您好，我想开个饭店", "passive", "text")
    assert (delivery.msg_id, delivery.openid, delivery.duplicate) == (outcome.msg_id, alice.openid, False)
    assert sim.deliveries == [delivery]
    assert sim.outcomes == [outcome]


def test_the_head_of_a_push(sim, callback, alice, clock):
    alice.text("你好")
    heard = callback.heard[0]
    assert heard.inner["ToUserName"] == sim.account.original_id
    assert heard.inner["FromUserName"] == heard.query["openid"] == alice.openid
    assert heard.inner["CreateTime"] == heard.query["timestamp"] == str(int(clock()))


def test_the_callback_is_registered(sim, callback):
    assert sim.verify_callback()
    callback.account = type(callback.account)(token="another")
    assert not sim.verify_callback()


KINDS = {
    "tap": (lambda c: c.tap("满意", "101"), {"MsgType": "text", "Content": "满意", "bizmsgmenuid": "101"}),
    "voice": (lambda c: c.voice("开饭店"), {"MsgType": "voice", "Format": "amr", "Recognition": "开饭店"}),
    "image": (lambda c: c.image(), {"MsgType": "image"}),
    "video": (lambda c: c.video(), {"MsgType": "video"}),
    "location": (
        lambda c: c.location(32.6, 110.8, "十堰市"),
        {"MsgType": "location", "Location_X": "32.6", "Location_Y": "110.8", "Label": "十堰市"},
    ),
    "link": (lambda c: c.link("标题", "说明", "https://e.test/"), {"MsgType": "link", "Url": "https://e.test/"}),
}
EVENTS = {
    "subscribe": (lambda c: c.subscribe(), {"Event": "subscribe", "EventKey": ""}),
    "subscribe by code": (lambda c: c.subscribe("hall7"), {"Event": "subscribe", "EventKey": "qrscene_hall7"}),
    "unsubscribe": (lambda c: c.unsubscribe(), {"Event": "unsubscribe"}),
    "scan": (lambda c: c.scan("hall7"), {"Event": "SCAN", "EventKey": "hall7"}),
    "click": (lambda c: c.click("ASK"), {"Event": "CLICK", "EventKey": "ASK"}),
    "view": (lambda c: c.view("https://e.test/"), {"Event": "VIEW", "EventKey": "https://e.test/"}),
    "report": (lambda c: c.report_location(32.6, 110.8), {"Event": "LOCATION", "Latitude": "32.6"}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_messages(callback, alice, kind):
    act, fields = KINDS[kind]
    outcome = act(alice)
    inner = callback.heard[0].inner
    assert inner.items() >= fields.items()
    assert inner["MsgId"] == outcome.msg_id
    assert parse_message(_document(inner)).type == inner["MsgType"]


@pytest.mark.parametrize("kind", EVENTS)
def test_events(callback, alice, kind):
    act, fields = EVENTS[kind]
    outcome = act(alice)
    inner = callback.heard[0].inner
    assert inner.items() >= ({"MsgType": "event"} | fields).items()
    assert "MsgId" not in inner
    assert outcome.msg_id is None
    assert ("Ticket" in inner) == (kind in {"scan", "subscribe by code"})
    assert parse_message(_document(inner)).type == "event"


def _document(inner):
    return "<xml>" + "".join(xml.text_element(name, value) for name, value in inner.items()) + "</xml>"


def test_voice_without_recognition_and_tap_without_id(callback, alice):
    alice.voice()
    alice.tap("满意", None)
    assert "Recognition" not in callback.heard[0].inner
    assert "bizmsgmenuid" not in callback.heard[1].inner


def test_anything_can_be_pushed(callback, alice):
    alice.raw(xml.text_element("MsgType", "sticker"))
    alice.raw("<MsgType>event</MsgType><Event>weapp_audit_success</Event>")
    alice.raw(f"<xml><FromUserName>{alice.openid}</FromUserName></xml>")
    sticker, event, whole = (heard.inner for heard in callback.heard)
    assert (sticker["MsgType"], "MsgId" in sticker) == ("sticker", True)
    assert (event["Event"], "MsgId" in event) == ("weapp_audit_success", False)
    assert whole == {"FromUserName": alice.openid}


def test_a_stranger_who_scans_follows(callback, alice):
    alice.unsubscribe()
    alice.scan("hall7")
    assert callback.heard[1].inner["EventKey"] == "qrscene_hall7"
    assert alice.subscribed


def test_identities(start):
    sim, _ = start(open_platform=True)
    alice, again = sim.citizen("alice"), sim.citizen("alice")
    assert alice is again
    assert alice.openid.startswith("oSIM")
    assert alice.mini_openid.startswith("oSIM")
    assert alice.mini_openid != alice.openid
    assert alice.unionid.startswith("uSIM")
    assert {len(alice.openid), len(alice.mini_openid), len(alice.unionid)} == {28}
    other, _ = start()
    assert other.citizen("alice").openid == alice.openid != other.citizen("bob").openid
    assert other.citizen("alice").unionid is None


def test_pushing_needs_a_start():
    sim = Simulator()
    with pytest.raises(RuntimeError, match="not started"):
        sim.citizen("alice").text("你好")
    sim.close()
    sim.close()
