"""Subscription messages of the mini-program."""

import math

import pytest

from tests.simulator.conftest import API
from wechat_simulator.templates import templates_from

PATH = "/cgi-bin/message/subscribe/send"
DATA = {"thing1": "食品经营许可", "time2": "2026年11月25日 15:01", "phrase3": "已受理"}


@pytest.fixture
def send(sim, api, alice):
    sim.add_template("T1", *DATA)
    sim.add_template("any")

    def send(data=DATA, template="T1", to=None):
        values = {name: {"value": value} for name, value in data.items()}
        body = {"touser": to or alice.mini_openid, "template_id": template, "page": "pages/case", "data": values}
        return api.post(PATH, body, "mini").json()

    return send


def test_one_acceptance_is_one_message(sim, send, alice):
    assert send()["errcode"] == 43101
    sim.accept("alice", "T1")
    assert [send()["errcode"], send()["errcode"]] == [0, 43101]
    [delivery] = alice.inbox
    assert (delivery.via, delivery.text) == ("subscribe", "食品经营许可\n2026年11月25日 15:01\n已受理")
    assert delivery.openid == alice.mini_openid


def test_a_long_term_subscription(sim, send):
    sim.accept("alice", "T1", math.inf)
    assert [send()["errcode"] for _ in range(5)] == [0] * 5


def test_refused(sim, send, alice):
    sim.accept("alice", "T1")
    assert send(template="T9")["errcode"] == 40037
    assert send(template=["T1"])["errcode"] == 40037
    assert send(to=alice.openid)["errcode"] == 40003
    assert send({})["errcode"] == 47003
    assert "data.time2.value is empty" in send({"thing1": "x"})["errmsg"]
    assert send()["errcode"] == 0


@pytest.mark.parametrize(
    ("name", "value", "fits"),
    [
        ("thing1", "二十个字" * 5, True),
        ("thing1", "二十个字" * 5 + "多", False),
        ("thing1", "两\n行", False),
        ("thing1", "", False),
        ("number1", "3.5", True),
        ("number1", "三", False),
        ("letter1", "abc", True),
        ("letter1", "ab1", False),
        ("symbol1", "@#", True),
        ("character_string1", "SL20261125-0007", True),
        ("character_string1", "受理0007", False),
        ("time1", "15:01", True),
        ("time1", "2026-11-25 15:01", False),
        ("date1", "2026年11月25日", True),
        ("date1", "明天", False),
        ("amount1", "¥100.00", True),
        ("phone_number1", "+86-0719-12345", True),
        ("phone_number1", "1" * 18, False),
        ("car_number1", "鄂C12345", True),
        ("name1", "张三", True),
        ("name1", "张三3", False),
        ("name1", "长" * 11, False),
        ("phrase1", "待补正", True),
        ("phrase1", "等待补正中了", False),
        ("phrase1", "ok", False),
        ("colour1", "红", False),
        ("thing1", None, False),
    ],
)
def test_what_a_field_may_hold(sim, send, name, value, fits):
    sim.accept("alice", "any")
    answer = send({name: value}, "any")
    assert answer["errcode"] == (0 if fits else 47003)
    if not fits:
        assert answer["errmsg"].startswith(f"argument invalid! data.{name}.value invalid rid: ")


def test_values_must_be_wrapped(sim, send, api, alice):
    body = {"touser": alice.mini_openid, "template_id": "any", "data": {"thing1": "x"}}
    assert api.post(PATH, body, "mini").json()["errcode"] == 47003


@pytest.mark.parametrize(
    ("fields", "errcode"),
    [
        ({"page": "pages/case?n=1"}, 0),
        ({"page": None}, 0),
        ({"page": "pages/elsewhere"}, 41030),
        ({"page": ["pages/case"]}, 41030),
        ({"page": "pages/elsewhere", "miniprogram_state": "trial"}, 0),
        ({"miniprogram_state": "release"}, 47001),
    ],
)
def test_a_page_must_be_published(start, fields, errcode):
    sim, _ = start(pages=("pages/case",))
    sim.add_template("T1")
    sim.accept("alice", "T1")
    body = {"touser": sim.citizen("alice").mini_openid, "template_id": "T1", "data": {"thing1": {"value": "x"}}}
    assert API(sim).post(PATH, body | fields, "mini").json()["errcode"] == errcode


def test_the_environment_sets_the_templates():
    text = "appointment.reminder=T1:thing1=title,time2=when ; hall.closure=T2:phrase1=state;"
    assert templates_from({"MINIPROGRAM_TEMPLATES": text}) == {"T1": ("thing1", "time2"), "T2": ("phrase1",)}
    assert templates_from({}) == templates_from({"MINIPROGRAM_TEMPLATES": ""}) == {}
