"""Which answers of the callback reach the citizen, and which break."""

import json

import pytest
from flask import Response
from hypothesis import given
from hypothesis import strategies as st

from wechat_simulator import Account, xml
from wechat_simulator.records import APOLOGY
from wechat_simulator.reply import judge

PLAIN = Account(mode="plaintext")
ELEMENT = xml.text_element


@pytest.mark.parametrize("body", [b"success", b""])
def test_acknowledged(callback, alice, body):
    callback.answer = lambda heard: body
    outcome = alice.text("你好")
    assert (outcome.kind, outcome.text, alice.inbox) == ("acknowledged", "", [])


BROKEN = {
    "json": lambda c, h: Response(json.dumps({"a": 1})),
    "html": lambda c, h: Response("<html></html>"),
    "almost success": lambda c, h: b"success\n",
    "forbidden": lambda c, h: Response("success", 403),
    "plain": lambda c, h: Response(f"<xml>{ELEMENT('ToUserName', h.inner['FromUserName'])}</xml>"),
    "too long": lambda c, h: "长" * 683,
    "empty": lambda c, h: "",
    "to somebody else": lambda c, h: c.reply(h, "好", ToUserName="oSIMbob"),
    "from somebody else": lambda c, h: c.reply(h, "好", FromUserName="gh_other"),
    "when": lambda c, h: c.reply(h, "好", CreateTime="now"),
    "of a wrong case": lambda c, h: c.reply(h, "好", MsgType="Text"),
    "without a type": lambda c, h: c.seal(c_head(h)),
    "a type with children": lambda c, h: c.seal(c_head(h) + "<MsgType><a>1</a></MsgType>"),
    "an image without a picture": lambda c, h: c.reply(h, "好", MsgType="image"),
    "news without articles": lambda c, h: c.reply(h, "好", MsgType="news"),
    "news without a title": lambda c, h: c.seal(c_head(h) + news("<Url>x</Url>")),
    "two articles": lambda c, h: c.seal(c_head(h) + news("<Title>a</Title>", "<Title>b</Title>")),
    "broken out": lambda c, h: c.seal(
        c_head(h)
        + "<MsgType>text</MsgType>"
        + "<Content><![CDATA[a]]></Content><MsgType><![CDATA[news]]></MsgType><A><![CDATA[]]></A>"
    ),
}


def c_head(heard):
    people = ELEMENT("ToUserName", heard.inner["FromUserName"]) + ELEMENT("FromUserName", heard.inner["ToUserName"])
    return people + "<CreateTime>1795600000</CreateTime>"


def news(*articles):
    items = "".join(f"<item>{article}</item>" for article in articles)
    return f"<MsgType>news</MsgType><ArticleCount>{len(articles)}</ArticleCount><Articles>{items}</Articles>"


@pytest.mark.parametrize("kind", BROKEN)
def test_broken(sim, callback, alice, kind):
    callback.answer = lambda heard: BROKEN[kind](callback, heard)
    outcome = alice.text("你好")
    assert (outcome.kind, outcome.text, outcome.attempts) == ("broken", APOLOGY, 1)
    assert outcome.reason
    assert alice.inbox == []
    assert sim.outcomes == [outcome]


def test_the_longest_text(callback, alice):
    callback.answer = lambda heard: "长" * 682 + "ab"
    assert alice.text("你好").kind == "passive"


WELL = {
    "image": (lambda h: "<MsgType>image</MsgType><Image><MediaId>m</MediaId></Image>", ""),
    "news": (lambda h: news("<Title>指南</Title><Url>https://e.test/</Url>"), "指南"),
}


@pytest.mark.parametrize("kind", WELL)
def test_other_kinds(callback, alice, kind):
    elements, text = WELL[kind]
    callback.answer = lambda heard: callback.seal(c_head(heard) + elements(heard))
    assert (alice.text("你好").kind, alice.inbox[0].msgtype, alice.inbox[0].text) == ("passive", kind, text)


def test_handing_over_to_the_counter(callback, alice):
    callback.answer = lambda heard: callback.reply(heard, "", MsgType="transfer_customer_service")
    assert alice.text("你好").kind == "acknowledged"


def test_one_who_left_gets_nothing(callback, alice):
    callback.answer = lambda heard: "再见"
    outcome = alice.unsubscribe()
    assert (outcome.kind, alice.inbox) == ("broken", [])
    assert "取消关注" in outcome.reason


@given(st.binary(max_size=100), st.integers(100, 599))
def test_any_bytes_get_a_verdict(body, status):
    assert judge(Account(), "oSIMa", status, body).kind in {"acknowledged", "broken", "lost"}


NAMES = ["ToUserName", "FromUserName", "CreateTime", "MsgType", "Content", "Image", "Articles", "ArticleCount", "item"]
TREES = st.recursive(
    st.sampled_from(["oSIMa", PLAIN.original_id, "1", "text", "news", "image", "transfer_customer_service"]),
    lambda inner: st.dictionaries(st.sampled_from(NAMES), inner, max_size=5).map(
        lambda fields: "".join(f"<{name}>{value}</{name}>" for name, value in fields.items())
    ),
    max_leaves=12,
)


@given(TREES, TREES)
def test_any_document_gets_a_verdict(kind, content):
    head = f"<ToUserName>oSIMa</ToUserName><FromUserName>{PLAIN.original_id}</FromUserName><CreateTime>1</CreateTime>"
    rest = f"<MsgType>{kind}</MsgType><Content>{content}</Content><Articles>{content}</Articles>"
    body = f"<xml>{head}{rest}<ArticleCount>1</ArticleCount><Image>{content}</Image></xml>".encode()
    verdict = judge(PLAIN, "oSIMa", 200, body)
    assert verdict.kind in {"passive", "acknowledged", "broken"}
    assert isinstance(verdict.text, str)
