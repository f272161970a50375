"""A push is read as WeChat means it, and known again when it comes again."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from miniapp_api.wechat.envelope import ForgedError
from miniapp_api.wechat.pushes import Push, read
from tests.wechat.client_fixtures import ACCOUNT
from wechat_simulator import pushes
from wechat_simulator.xml import text_element

SAMPLES = json.loads((Path(__file__).parent / "pushes.json").read_text("utf-8"))
OPENID = "oSIM-some_body"
US = ACCOUNT.original_id
AT = 1_795_600_000


def sent(push, msg_id="77", at=AT, sender=OPENID):
    """What is read of a push that the simulator writes."""
    return read(push.document(US, sender, at, msg_id if push.numbered else None), US)


def document(**fields):
    """Write the inner XML of a text; None leaves a field out."""
    usual = {"ToUserName": US, "FromUserName": OPENID, "CreateTime": str(AT), "MsgType": "text", "Content": "好"}
    given_fields = {name: text for name, text in (usual | fields).items() if text is not None}
    return "<xml>" + "".join(f"<{name}>{text}</{name}>" for name, text in given_fields.items()) + "</xml>"


def refused(xml):
    with pytest.raises(ForgedError):
        read(xml, US)
    return True


def sample(name):
    entry = SAMPLES[name]
    if "xml" in entry:
        return entry["xml"]
    return "<xml>" + "".join(text_element(*field) for field in entry["fields"].items()) + "</xml>"


@pytest.mark.parametrize(
    ("name", "account", "kind", "text", "tapped"),
    [
        ("text_with_article_fields", "toUser", "text", "this is a test", ""),
        ("voice_with_recognition", "toUser", "voice", "腾讯微信团队", ""),
        ("msgmenu_tap", "ToUser", "text", "满意", "101"),
        ("msgmenu_tap_real_world_id_lost", "gh_501e2e78f66a", "text", "取消支付", "0"),
    ],
)
def test_tencents_samples(name, account, kind, text, tapped):
    push = read(sample(name), account)
    assert (push.kind, push.event, push.text, push.tapped) == (kind, "", text, tapped)
    assert push.openid in {"fromUser", "FromUser", "oVePN2DjdQlahnlYcj2JSUj3Fd1o"}


@pytest.mark.parametrize(
    ("push", "kind", "event", "text", "event_key"),
    [
        (pushes.text("  有  凉菜 "), "text", "", "有  凉菜", ""),
        (pushes.text("<b>&amp;]]></b>"), "text", "", "<b>&amp;]]></b>", ""),
        (pushes.text(""), "text", "", "", ""),
        (pushes.voice("我想开饭店"), "voice", "", "我想开饭店", ""),
        (pushes.voice(None), "voice", "", "", ""),
        (pushes.location(32.6, 110.8, "茅箭区"), "location", "", "茅箭区", ""),
        (pushes.image(), "image", "", "", ""),
        (pushes.video(), "video", "", "", ""),
        (pushes.link("标题", "描述", "https://example.com/"), "link", "", "", ""),
        (pushes.subscribe(), "event", "subscribe", "", ""),
        (pushes.subscribe("theme.open-restaurant"), "event", "subscribe_scan", "", "theme.open-restaurant"),
        (pushes.subscribe("scanbarcode|6920"), "event", "subscribe_scan", "", "scanbarcode|6920"),
        (pushes.scan("theme.open-restaurant"), "event", "scan", "", "theme.open-restaurant"),
        (pushes.unsubscribe(), "event", "unsubscribe", "", ""),
        (pushes.click("看看现在的清单"), "event", "click", "", "看看现在的清单"),
        (pushes.view("https://example.com/"), "event", "view", "", "https://example.com/"),
        (pushes.report_location(32.6, 110.8), "event", "location", "", ""),
        (pushes.raw("<MsgType>event</MsgType><Event>debug_demo</Event>"), "event", "debug_demo", "", ""),
        (pushes.raw("<MsgType>event</MsgType>"), "event", "", "", ""),
        (pushes.raw("<MsgType>Whatever_new</MsgType>"), "whatever_new", "", "", ""),
    ],
)
def test_every_kind_of_push(push, kind, event, text, event_key):
    found = sent(push)
    assert (found.openid, found.kind, found.event, found.created) == (OPENID, kind, event, AT)
    assert (found.text, found.event_key.strip(), found.tapped) == (text.strip(), event_key.strip(), "")


class TestCopies:
    def test_a_message_is_known_by_its_number(self):
        first = sent(pushes.text("好"))
        assert first.key == sent(pushes.text("好"), at=AT + 5).key
        assert first.key != sent(pushes.text("好"), "78").key
        assert first.key != sent(pushes.text("好"), sender="oSIM-other").key

    def test_a_number_may_be_any_text(self):
        long = "49d72d67b16d115e7935ac386f2f0fa41535298877_1555684067"
        assert sent(pushes.text("好"), long).key == sent(pushes.text("好"), long, at=AT + 5).key

    @pytest.mark.parametrize("no_number", ["0", "", None])
    def test_without_a_number_a_message_is_known_by_who_and_when(self, no_number):
        first = read(document(MsgId=no_number), US)
        assert first.key == read(document(MsgId=no_number), US).key
        assert first.key != read(document(MsgId=no_number, CreateTime=str(AT + 1)), US).key
        assert first.key != read(document(MsgId=no_number, FromUserName="oSIM-other"), US).key

    def test_an_event_is_known_by_who_when_and_what(self):
        keys = {
            sent(push, at=at, sender=sender).key
            for push in (pushes.click("一"), pushes.click("二"), pushes.scan("一"), pushes.subscribe())
            for at in (AT, AT + 1)
            for sender in (OPENID, "oSIM-other")
        }
        assert len(keys) == 16
        assert sent(pushes.click("一")).key in keys

    def test_the_key_says_nothing(self):
        key = sent(pushes.text("好")).key
        assert len(bytes.fromhex(key)) == 32


class TestForged:
    def test_another_account(self):
        assert refused(document(ToUserName="gh_somebodyelse"))
        assert refused(document(ToUserName=US.upper()))

    @pytest.mark.parametrize("name", ["ToUserName", "FromUserName", "CreateTime", "MsgType"])
    @pytest.mark.parametrize("value", [None, "", "<a>1</a>", "<![CDATA[ ]]>", "x" * 600, "é", "1 2"])
    def test_a_part_that_every_push_has(self, name, value):
        assert refused(document(**{name: value}))

    @pytest.mark.parametrize("name", ["MsgId", "Event", "EventKey", "bizmsgmenuid", "Content", "Recognition", "Label"])
    def test_elements_where_a_text_belongs(self, name):
        assert refused(document(**{name: "<a>1</a>"}))
        assert refused(document().replace("</xml>", f'<{name} a="1">1</{name}></xml>'))
        assert refused(document().replace("</xml>", f"<{name}>1</{name}><{name}>2</{name}></xml>"))

    @pytest.mark.parametrize("name", ["MsgId", "Event", "EventKey", "bizmsgmenuid"])
    def test_a_text_without_end(self, name):
        assert read(document(**{name: "x" * 512}), US)
        assert refused(document(**{name: "x" * 513}))

    def test_an_event_whose_name_is_no_text(self):
        assert refused(document(MsgType="event", Event="<a>1</a>"))
        assert refused(document(MsgType="event", Event="subscribe", EventKey="<a>1</a>"))

    @pytest.mark.parametrize(
        "xml",
        [
            "",
            " ",
            "<xml/>",
            "<xml>1</xml>",
            "<html></html>",
            "<xml><MsgType>text</MsgType>",
            "<xml><a>" + "<b>" * 20_000,
            document(Content="\x00"),
            document(Content="&#0;"),
            document(Content="\ufffe"),
            document(Content="&unknown;"),
            '{"MsgType": "text"}',
            '<!DOCTYPE x [<!ENTITY a "好">]>' + document(Content="&a;"),
            '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + document(Content="&a;"),
        ],
    )
    def test_no_push_at_all(self, xml):
        assert refused(xml)

    def test_a_bomb_does_not_go_off(self):
        lines = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
        assert refused(f'<!DOCTYPE x [<!ENTITY e0 "lol">{lines}]>' + document(Content="&e11;"))

    def test_depth_where_nobody_looks_does_no_harm(self):
        deep = "<a>" * 9_000 + "</a>" * 9_000
        assert read(document().replace("</xml>", f"{deep}</xml>"), US).text == "好"


NAMES = st.sampled_from(
    [*Push.__slots__, "ToUserName", "FromUserName", "CreateTime", "MsgType", "Event", "EventKey", "MsgId", "Content"]
)
VALUES = st.sampled_from([US, OPENID, str(AT), "text", "event", "subscribe", "qrscene_", "0"]) | st.text(max_size=20)
TREES = st.recursive(
    VALUES.map(lambda text: text_element("a", text)[3:-4]),
    lambda inner: st.lists(st.tuples(NAMES, inner), max_size=8).map(
        lambda parts: "".join(f"<{name}>{text}</{name}>" for name, text in parts)
    ),
    max_leaves=20,
)


@given(TREES | st.text())
@example("<MsgType>device_</MsgType>")
@example("<MsgType>event</MsgType><Event>device_text</Event>")
def test_whatever_comes_is_a_push_or_forged(inner):
    for xml in (f"<xml>{inner}</xml>", inner):
        with suppress(ForgedError):
            assert isinstance(read(xml, US), Push)


@given(st.binary(max_size=200).map(lambda data: data.decode("latin-1")))
def test_whatever_bytes_come_are_forged(xml):
    assert refused(xml)
