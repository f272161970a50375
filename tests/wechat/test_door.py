"""Citizens at the WeChat door: what they send, and what comes back, through both servers."""

import socket
import threading
import time
from datetime import timedelta
from urllib.parse import urlencode, urlsplit

import pytest

from miniapp_api.chat.service import WITHOUT_RASA
from miniapp_api.wechat import answering, deeds, exchanges, turning
from tests.wechat.conftest import DEADLINE, PATIENCE
from wechat_simulator import pushes

QUESTION = "有凉菜吗？"


def test_a_text_is_answered_in_the_reply(alice, rasa, guides):
    outcome = alice.text("我想开个饭店")
    assert (outcome.kind, outcome.attempts) == ("passive", 1)
    assert outcome.text.startswith("您说了「我想开个饭店」。\n\n第1题：有凉菜吗？")
    assert guides.done == ["我想开个饭店"]
    assert len(rasa.heard) == 1
    assert [delivery.via for delivery in alice.inbox] == ["passive"]


def test_a_choice_can_be_typed_or_tapped_with_or_without_its_id(alice, guides):
    first = alice.text("我想开个饭店")
    link = "msgmenucontent=%E6%9C%89&msgmenuid=101"
    assert link in first.text
    alice.text("有")
    alice.tap("有", "0")
    alice.tap("有", None)
    alice.tap("WeChat lost the words", "401")
    assert guides.done == ["我想开个饭店", "有", "有", "有", "有"]


def test_two_citizens_are_two_conversations(wechat, alice, rasa):
    alice.text("甲")
    wechat.citizen("bob").text("乙")
    senders = [body["sender"] for _, body in rasa.heard]
    assert len(set(senders)) == 2
    assert all(len(bytes.fromhex(sender)) == 16 for sender in senders)


@pytest.mark.parametrize("heard", ["我想开饭店", None])
def test_voice_counts_as_what_was_understood_of_it(alice, guides, heard):
    outcome = alice.voice(heard)
    assert guides.done == ([heard] if heard else [])
    assert (deeds.NOT_HEARD in outcome.text) is (heard is None)


def test_what_cannot_be_read_is_told_kindly(alice, guides):
    assert deeds.NO_PICTURES in alice.image().text
    assert deeds.NO_OTHERS in alice.link().text
    assert deeds.NO_OTHERS in alice.video().text
    assert deeds.NO_OTHERS in alice.raw("<MsgType>file</MsgType><MsgId>77</MsgId>").text
    assert guides.done == []


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("湖北省十堰市茅箭区北京中路38号", "湖北省十堰市茅箭区"),
        ("湖北省十堰市丹江口市均州路", "湖北省十堰市丹江口市"),
        ("新疆维吾尔自治区伊犁哈萨克自治州伊宁市", "新疆维吾尔自治区伊犁哈萨克自治州伊宁市"),
        ("人民广场", "人民广场"),
    ],
)
def test_a_location_says_its_district(alice, guides, label, said):
    alice.location(32.6, 110.8, label)
    assert guides.done == [said]


def test_a_location_without_an_address_is_asked_for(alice, guides):
    assert deeds.NO_ADDRESS in alice.location(32.6, 110.8, "").text
    assert guides.done == []


def test_who_follows_is_greeted(alice, rasa):
    outcome = alice.subscribe()
    assert outcome.text.startswith("您好。")
    assert "我想开饭店" in outcome.text
    assert alice.scan("unknown-scene").text.startswith("您好。")
    assert rasa.heard == []


def test_a_menu_button_says_its_key(alice, guides):
    alice.click("看看现在的清单")
    assert guides.done == ["看看现在的清单"]


@pytest.mark.parametrize(
    "event",
    [
        lambda citizen: citizen.unsubscribe(),
        lambda citizen: citizen.view("https://example.com/"),
        lambda citizen: citizen.report_location(1.0, 2.0),
        lambda citizen: citizen.raw("<MsgType>event</MsgType><Event>debug_demo</Event>"),
        lambda citizen: citizen.raw("<MsgType>event</MsgType><Event>TEMPLATESENDJOBFINISH</Event><MsgID>1</MsgID>"),
    ],
)
def test_events_without_an_answer_are_acknowledged(alice, guides, rows, event):
    assert event(alice).kind == "acknowledged"
    assert (guides.done, rows()) == ([], [])


def test_an_answer_with_anything_in_it_is_a_whole_xml(alice):
    evil = (
        "a]]></Content><MsgType><![CDATA[news]]> & <a href='http://evil.example'>x</a> \U0001f468‍\U0001f469‍\U0001f467"
    )
    outcome = alice.text(evil)
    assert outcome.kind == "passive"
    assert "<a href='http" not in outcome.text


class TestLate:
    """The answer comes after the deadline."""

    def test_it_comes_by_customer_service_message(self, worker, alice, rasa, guides, until):
        rasa.behave = "late"
        outcome = alice.text("我想开个饭店")
        assert (outcome.kind, outcome.attempts) == ("acknowledged", 1)
        assert 0.9 * DEADLINE < outcome.seconds < PATIENCE
        rasa.release.set()
        (delivery,) = alice.wait_for(1, 10)
        assert delivery.via == "custom"
        assert QUESTION in delivery.text
        assert guides.done == ["我想开个饭店"]
        until(lambda: alice.typings == ["Typing"])

    def test_two_fast_messages_keep_their_order(self, worker, alice, rasa, guides, until):
        rasa.behave = "late"
        first = alice.begin(pushes.text("一"))
        until(lambda: rasa.heard)
        second = alice.begin(pushes.text("二"))
        assert first.result().kind == second.result().kind == "acknowledged"
        rasa.release.set()
        until(lambda: "「二」" in "".join(delivery.text for delivery in alice.inbox))
        told = "".join(delivery.text for delivery in alice.inbox)
        assert guides.done == ["一", "二"]
        assert told.index("「一」") < told.index("「二」")

    @pytest.mark.parametrize("errcode", [45015, 45047, 48001])
    def test_what_is_refused_comes_with_the_next_message(self, worker, wechat, alice, rasa, rows, until, errcode):
        wechat.faults.always("/cgi-bin/message/custom/send", errcode)
        rasa.behave = "late"
        alice.text("一")
        rasa.release.set()
        until(lambda: rows()[0].refused == str(errcode))
        assert alice.inbox == []
        outcome = alice.text("二")
        assert outcome.kind == "passive"
        assert outcome.text.index("「一」") < outcome.text.index("「二」")
        assert wechat.requests["/cgi-bin/message/custom/send"] == 1

    def test_a_busy_wechat_is_asked_again(self, worker, wechat, alice, rasa, until, sweep, rows):
        wechat.faults.drop("/cgi-bin/message/custom/send", 1)
        rasa.behave = "late"
        alice.text("一")
        rasa.release.set()
        until(lambda: rows()[0].not_before is not None)
        until(lambda: sweep() or alice.inbox)
        assert [delivery.via for delivery in alice.inbox] == ["custom"]

    def test_nobody_who_left_is_sent_anything(self, worker, wechat, alice, rasa, rows, until):
        rasa.behave = "late"
        alice.text("一")
        alice.unsubscribe()
        rasa.release.set()
        until(lambda: rows()[0].refused == "unsubscribed")
        assert wechat.requests["/cgi-bin/message/custom/send"] == 0


class TestAgain:
    """WeChat sends a push more than once."""

    def test_a_retry_joins_the_running_turn(self, alice, rasa, guides):
        rasa.behave = "late"
        future = alice.begin(pushes.text("一"), cut=(0.3,))
        threading.Timer(0.6, rasa.release.set).start()
        outcome = future.result()
        assert outcome.kind == "passive"
        assert outcome.attempts == 2
        assert (len(rasa.heard), guides.done) == (1, ["一"])
        assert len(alice.inbox) == 1

    def test_a_reply_lost_on_the_wire_is_given_once_more(self, alice, rasa, guides):
        outcome = alice.text("一", lost=1)
        assert (outcome.kind, outcome.attempts) == ("passive", 2)
        assert QUESTION in outcome.text
        assert (len(rasa.heard), guides.done, len(alice.inbox)) == (1, ["一"], 1)

    def test_the_last_attempt_is_acknowledged_and_the_answer_sent(self, worker, alice, rasa, guides):
        outcome = alice.text("一", lost=2)
        assert (outcome.kind, outcome.attempts) == ("acknowledged", 3)
        (delivery,) = alice.wait_for(1, 10)
        assert delivery.via == "custom"
        assert guides.done == ["一"]

    def test_copies_at_one_moment_are_one(self, worker, alice, rasa, guides):
        alice.text("一", copies=3)
        alice.wait_for(1, 10)
        assert (len(rasa.heard), guides.done) == (1, ["一"])
        assert [delivery.duplicate for delivery in alice.inbox] == [False]

    @pytest.mark.parametrize("listens", [True, False])
    def test_a_copy_that_comes_late_proves_nothing_unless_somebody_listens(self, wechat, alice, rows, until, listens):
        """One that lay about while the server was away, sent long ago: WeChat has heard the reply to another."""
        push = pushes.text("一").document(wechat.account.original_id, alice.openid, int(time.time()), "4711")
        assert alice.raw(push).kind == "passive"
        replied_at = until(lambda: rows()[0].delivered_at)
        time.sleep(0.95 * PATIENCE)
        query, body = wechat.seal(push)
        address = urlsplit(wechat.callback_url)
        with socket.create_connection((address.hostname, address.port)) as connection:
            head = f"POST {address.path}?{urlencode(query)} HTTP/1.0\r\nContent-Length: {len(body)}\r\n\r\n"
            connection.sendall(head.encode() + body)
            if listens:
                assert b"<Encrypt>" in connection.makefile("rb").read()
        until(lambda: rows()[0].attempts == 2)
        assert (rows()[0].delivery, rows()[0].delivered_at == replied_at) == ("passive", not listens)

    def test_the_same_event_twice_is_one(self, alice, rows):
        alice.subscribe(lost=1)
        assert len(rows()) == 1


class TestWithoutRasa:
    """Rasa is down."""

    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"rasa_url": "http://127.0.0.1:9"})

    def test_the_guides_answer_alone(self, alice):
        assert WITHOUT_RASA in alice.text("一").text


class TestFull:
    """More pushes wait than may."""

    @pytest.fixture
    def settings(self, settings):
        wechat = settings.wechat.model_copy(update={"places": 1, "turns": 1})
        return settings.model_copy(update={"wechat": wechat})

    def test_beyond_the_places_a_push_is_acknowledged_at_once(self, worker, wechat, alice, rasa, guides):
        rasa.behave = "late"
        waiting = alice.begin(pushes.text("一"))
        while not rasa.heard:
            pass
        bob = wechat.citizen("bob")
        outcome = bob.text("二")
        assert outcome.kind == "acknowledged"
        assert outcome.seconds < 0.5
        rasa.release.set()
        assert waiting.result().kind == "passive"
        assert bob.wait_for(1, 10)[0].via == "custom"


def test_a_turn_that_fails_is_apologised_for(alice, monkeypatch):
    def fail(*_arguments):
        raise RuntimeError("on purpose")

    monkeypatch.setattr(turning.chat, "take_turn", fail)
    monkeypatch.setattr(exchanges, "A_MOMENT", timedelta(seconds=0.05))
    assert alice.text("一").text == turning.APOLOGY


def test_nothing_is_held_while_waiting(alice, rasa, monkeypatch):
    """A transaction kept open by whoever waits would stop all writers on SQLite, and empty the pool."""
    seen = []
    look = answering._look

    def noted(session, *arguments, **named):
        seen.append(session.in_transaction())
        return look(session, *arguments, **named)

    monkeypatch.setattr(answering, "_look", noted)
    alice.text("一")
    alice.text("二", lost=1)
    alice.text("三", copies=3)
    alice.subscribe()
    assert seen
    assert not any(seen)


class TestOpenPlatform(TestAgain):
    """With followers whose unionid is asked for."""

    @pytest.fixture
    def settings(self, settings):
        wechat = settings.wechat.model_copy(update={"open_platform": True})
        return settings.model_copy(update={"wechat": wechat})

    test_nothing_is_held_while_waiting = staticmethod(test_nothing_is_held_while_waiting)


class TestRedisIsAway:
    """Redis cannot be reached, or accepts connections and says nothing."""

    @pytest.fixture(params=["refuses", "stalls"])
    def settings(self, settings, request):
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            if request.param == "stalls":
                silent.listen(64)
            yield settings.model_copy(update={"redis_url": f"redis://127.0.0.1:{silent.getsockname()[1]}/0"})

    def test_a_late_answer_is_acknowledged_in_time_and_comes_with_the_next_message(self, alice, rasa, rows, until):
        rasa.behave = "late"
        outcome = alice.text("一")
        assert (outcome.kind, outcome.attempts) == ("acknowledged", 1)
        rasa.release.set()
        until(lambda: rows()[0].state == "answered")
        answered = alice.text("二")
        assert answered.kind == "passive"
        assert answered.text.index("「一」") < answered.text.index("「二」")
