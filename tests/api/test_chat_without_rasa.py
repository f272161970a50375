"""Rasa or the action server is down or wrong: the guides answer alone, and the chat says so."""

import pytest
from prometheus_client import REGISTRY

from miniapp_api.chat import service
from miniapp_api.errors import Problem

CHAT = "/api/v1/chat/messages"


def count(way):
    return REGISTRY.get_sample_value("daoban_chat_turns_total", {"way": way}) or 0


def texts(answer):
    assert answer.status_code == 200, answer.text
    return [message["text"] for message in answer.json["messages"]]


@pytest.mark.parametrize(
    ("behaviour", "way"),
    [("garbage", "broken"), ("error", "broken"), ("odd", "broken"), ("silent", "silent"), ("words", "silent")],
)
def test_an_answer_of_no_use_is_replaced(visitor, rasa, guides, behaviour, way):
    rasa.behave = behaviour
    before = count(way)
    answer = visitor.post(CHAT, json={"text": "我想开个饭店"})
    assert texts(answer) == [service.WITHOUT_RASA, "您说了「我想开个饭店」。", "第1题：有凉菜吗？"]
    assert answer.json["guide"] == guides.guide
    assert guides.done == ["我想开个饭店"]
    assert guides.asked[0][1] == {}  # no hints
    assert guides.asked[0][2] == rasa.heard[0][1]["metadata"]["turn_id"]
    assert count(way) == before + 1
    stored = [message["text"] for message in visitor.get(CHAT).json["messages"]]
    assert stored == ["我想开个饭店", *texts(answer)]


def test_a_rasa_that_is_gone_is_replaced_and_soon_not_even_tried(visitor, rasa, guides):
    rasa.close()
    before = count("down"), count("open")
    for number in range(5):
        assert texts(visitor.post(CHAT, json={"text": f"第{number}句"}))[0] == service.WITHOUT_RASA
    assert (count("down") - before[0], count("open") - before[1]) == (3, 2)
    assert guides.done == [f"第{number}句" for number in range(5)]


def test_one_good_answer_makes_past_failures_forgotten(visitor, rasa):
    for behaviour in ["error", "error", "normal", "error", "error", "normal"]:
        rasa.behave = behaviour
        visitor.post(CHAT, json={"text": "有"})
    assert len(rasa.heard) == 6


def test_a_refused_call_back_is_made_good_by_the_guides_alone(visitor, rasa, guides):
    def refused(_body):
        rasa.behave = "words"
        return {}

    rasa.call_back = refused
    assert texts(visitor.post(CHAT, json={"text": "有"}))[0] == service.WITHOUT_RASA
    assert guides.done == ["有"]


def test_when_the_guides_fail_too_the_citizens_words_are_kept(visitor, rasa, guides, monkeypatch):
    rasa.behave = "error"

    def fail(*_arguments):
        raise Problem(503)

    monkeypatch.setattr(guides, "turn", fail)
    assert visitor.post(CHAT, json={"text": "有"}).status_code == 503
    assert [message["text"] for message in visitor.get(CHAT).json["messages"]] == ["有"]


def test_readiness_reports_rasa_and_does_not_require_it(client, rasa):
    assert client.get("/readyz").json["checks"]["rasa"] == "ok"
    rasa.close()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["rasa"]) == (200, "down")
