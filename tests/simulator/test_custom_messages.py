"""Customer-service messages: quotas, windows, forms, and 「对方正在输入」."""

import json
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.simulator.conftest import API
from wechat_simulator import Account
from wechat_simulator.endpoints.call import Call
from wechat_simulator.endpoints.messages import ESCAPE, send
from wechat_simulator.errors import APIError
from wechat_simulator.world import World

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"


def errcode(api, body, path=SEND):
    return api.post(path, body).json()["errcode"]


def test_five_within_48_hours_of_a_message(api, alice, clock):
    assert api.say(alice) == 45015
    alice.text("你好")
    assert [api.say(alice) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]
    alice.image()
    assert api.say(alice) == 0
    clock.now += 48 * 3600
    assert api.say(alice) == 45015


@pytest.mark.parametrize(
    "act",
    [
        lambda citizen: citizen.click("ASK"),
        lambda citizen: citizen.subscribe(),
        lambda citizen: citizen.scan("hall7"),
        lambda citizen: citizen.tap("满意", "1"),
        lambda citizen: citizen.tap("满意", None),
    ],
)
def test_three_within_a_minute_of_a_tap(api, alice, clock, act):
    act(alice)
    assert [api.say(alice) for _ in range(4)] == [0, 0, 0, 45047]
    act(alice)
    clock.now += 60
    assert api.say(alice) == 45015


def test_the_window_that_ends_first_is_used_first(api, alice, clock):
    alice.text("你好")
    alice.click("ASK")
    assert [api.say(alice) for _ in range(3)] == [0, 0, 0]
    clock.now += 61
    assert [api.say(alice) for _ in range(6)] == [0, 0, 0, 0, 0, 45047]


def test_links_of_the_menu_open_nothing(api, alice):
    alice.view("https://e.test/")
    assert api.say(alice) == 45015


def test_one_who_left_gets_nothing(api, alice):
    alice.text("你好")
    alice.unsubscribe()
    assert api.say(alice) == 45015
    alice.subscribe()
    assert [api.say(alice) for _ in range(4)] == [0, 0, 0, 45047]


def test_deliveries(sim, api, alice):
    alice.text("你好")
    api.say(alice, "第一条")
    menu = {
        "head_content": "满意吗？",
        "list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}],
        "tail_content": "谢谢",
    }
    card = {"title": "清单", "appid": sim.account.mini_app_id, "pagepath": "pages/list", "thumb_media_id": "m"}
    assert errcode(api, {"touser": alice.openid, "msgtype": "msgmenu", "msgmenu": menu}) == 0
    assert errcode(api, {"touser": alice.openid, "msgtype": "miniprogrampage", "miniprogrampage": card}) == 0
    texts, menus, cards = alice.wait_for(3, 1)
    assert (texts.text, texts.via, texts.msgtype, texts.msg_id) == ("第一条", "custom", "text", None)
    assert (menus.text, menus.raw["msgmenu"]) == ("满意吗？\n满意\n不满意\n谢谢", menu)
    assert (cards.text, cards.raw["miniprogrampage"]) == ("清单", card)
    assert texts.at <= menus.at <= cards.at
    assert sim.requests[SEND] == 3


def test_waiting_in_vain_gives_what_there_is(alice):
    assert alice.wait_for(1, 0.05) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", 47001),
        (b"[]", 47001),
        ({"touser": "oSIMnobody"}, 40003),
        ({"touser": ["a"]}, 40003),
        ({"msgtype": "news", "news": {}}, 40008),
        ({"msgtype": ["text"]}, 40008),
        ({"msgtype": "text", "text": "好"}, 40008),
        ({"msgtype": "text", "text": {"content": ""}}, 44004),
        ({"msgtype": "text", "text": {"content": "长" * 683}}, 45002),
        ({"msgtype": "msgmenu", "msgmenu": {"head_content": 1, "list": [{"id": "1", "content": "a"}]}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": []}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": ["a"]}}, 47001),
        ({"msgtype": "msgmenu", "msgmenu": {"list": [{"id": "1"}]}}, 44004),
        ({"msgtype": "miniprogrampage", "miniprogrampage": {"appid": "wx1"}}, 40013),
    ],
)
def test_refused(api, alice, body, expected):
    alice.text("你好")
    if isinstance(body, dict):
        body = {"touser": alice.openid} | body
    assert errcode(api, body) == expected
    assert alice.inbox == []


def test_the_openid_of_the_mini_program_is_of_no_use(api, alice):
    alice.text("你好")
    body = {"touser": alice.mini_openid, "msgtype": "text", "text": {"content": "好"}}
    assert errcode(api, body) == 40003


def test_a_card_needs_a_picture(sim, api, alice):
    card = {"title": "清单", "appid": sim.account.mini_app_id, "pagepath": "pages/list"}
    assert errcode(api, {"touser": alice.openid, "msgtype": "miniprogrampage", "miniprogrampage": card}) == 40007


def test_an_account_that_may_not(start):
    sim, _ = start(custom_messages=False)
    alice = sim.citizen("alice")
    alice.text("你好")
    assert API(sim).say(alice) == 48001


@pytest.mark.parametrize(
    ("body", "escaped"),
    [
        (rb'{"a": "\u597d"}', True),
        (rb'{"a": "\\\u597d"}', True),
        (rb'{"a": "\\u597d"}', False),
        ('{"a": "好\\n"}'.encode(), False),
    ],
)
def test_escapes(body, escaped):
    assert bool(ESCAPE.search(body)) == escaped


def test_escapes_are_refused(api, alice):
    alice.text("你好")
    body = json.dumps({"touser": alice.openid, "msgtype": "text", "text": {"content": "好"}})
    assert errcode(api, body.encode()) == 40033


JSON = st.recursive(
    st.none() | st.integers() | st.text(max_size=5) | st.sampled_from(["text", "msgmenu", "miniprogrampage"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["content", "list", "id", "head_content", "appid", "title"]), inner, max_size=4
        )
    ),
    max_leaves=8,
)


WORLD = World(Account(), time.time)


@given(kind=st.sampled_from(["text", "msgmenu", "miniprogrampage"]), content=JSON)
def test_any_json_gets_an_errcode(kind, content):
    body = {"touser": WORLD.citizen("alice").openid, "msgtype": kind, kind: content}
    with pytest.raises(APIError):
        send(Call(WORLD, {}, json.dumps(body, ensure_ascii=False).encode()))


def test_typing(api, alice, clock):
    def typing(command):
        return errcode(api, {"touser": alice.openid, "command": command}, TYPING)

    assert typing("Typing") == 45080
    alice.text("你好")
    assert typing("Thinking") == 45072
    assert typing(["Typing"]) == 45072
    assert [typing("Typing"), typing("Typing")] == [0, 45081]
    assert [typing("CancelTyping"), typing("Typing")] == [0, 0]
    clock.now += 16
    assert typing("Typing") == 0
    assert api.say(alice) == 0
    assert typing("Typing") == 0
    clock.now += 31
    assert typing("Typing") == 45080
    assert alice.typings == ["Typing", "CancelTyping", "Typing", "Typing", "Typing"]
