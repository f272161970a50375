"""The action server's client against a real socket: normal, refused, late, gone, nonsense."""

import asyncio
import dataclasses
import json
import socket

import httpx
import pytest

from actions.guide_api import Failure, GuideApi, Turn, TurnFailedError, http_client
from tests.bot.fake_api import fake_api

TURN = Turn(
    text="我想开个店",
    turn_id="0123456789abcdef" * 2,
    intent="start_guide",
    confidence=0.9,
    theme=None,
    themes=[{"id": "open-store", "confidence": 0.3}],
    guide_id=None,
)


def take(url, bearer="visitor-token", read_seconds=None):
    async def once():
        async with http_client(url) as client:
            if read_seconds:
                client.timeout = httpx.Timeout(30, read=read_seconds)
            return await GuideApi(client).take_turn(TURN, bearer)

    return asyncio.run(once())


def test_a_turn_is_sent_as_the_citizen_and_the_reply_comes_back():
    with fake_api() as api:
        reply = take(api.url)
        assert api.turns == [dataclasses.asdict(TURN)]
        assert api.tokens == ["Bearer visitor-token"]
        assert api.problems == []
    assert reply["guide"]["id"] == f"g-{TURN.turn_id}"
    assert reply["messages"][0]["choices"] == [{"label": "不知道", "value": "不知道"}]


def test_many_turns_share_one_client():
    async def many(url):
        async with http_client(url) as client:
            api = GuideApi(client)
            return await asyncio.gather(*(api.take_turn(TURN, f"t{n}") for n in range(20)))

    with fake_api() as api:
        assert len(asyncio.run(many(api.url))) == 20
        assert sorted(api.tokens) == sorted(f"Bearer t{n}" for n in range(20))


@pytest.mark.parametrize(
    ("status", "failure"),
    [
        (401, Failure.UNAUTHORIZED),
        (403, Failure.UNAUTHORIZED),
        (404, Failure.REFUSED),
        (422, Failure.REFUSED),
        (500, Failure.BROKEN),
        (503, Failure.BROKEN),
        (302, Failure.BROKEN),
    ],
)
def test_a_bad_status_is_one_failure_and_no_second_try(status, failure):
    with fake_api() as api:
        api.answer = (status, b'{"code": "whatever"}')
        with pytest.raises(TurnFailedError) as caught:
            take(api.url)
        assert len(api.turns) == 1
    assert caught.value.failure is failure


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"\xff\xfe",
        b"null",
        b"[]",
        b"{}",
        b'{"messages": null, "guide": null}',
        b'{"messages": ["text"], "guide": null}',
        b'{"messages": [{"choices": []}], "guide": null}',
        b'{"messages": [], "guide": "g1"}',
        b'{"messages": [], "guide": {"id": 7}}',
    ],
)
def test_an_answer_that_is_none_is_a_failure(body):
    with fake_api() as api:
        api.answer = (200, body)
        with pytest.raises(TurnFailedError) as caught:
            take(api.url)
    assert caught.value.failure is Failure.BROKEN


def test_no_guide_is_a_good_reply():
    body = {"messages": [{"text": "再见。", "choices": []}], "guide": None}
    with fake_api() as api:
        api.answer = (200, json.dumps(body).encode())
        assert take(api.url) == body


def test_a_late_answer_is_a_timeout_and_is_not_asked_for_again():
    with fake_api() as api:
        api.free_to_answer.clear()
        with pytest.raises(TurnFailedError) as caught:
            take(api.url, read_seconds=0.2)
        assert api.arrived.wait(30)
        assert len(api.turns) == 1
    assert caught.value.failure is Failure.TIMEOUT


def test_nobody_there_is_unreachable():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(TurnFailedError) as caught:
        take(f"http://127.0.0.1:{port}")
    assert caught.value.failure is Failure.UNREACHABLE


def test_a_token_that_is_no_header_is_unreachable_and_not_a_crash():
    with fake_api() as api, pytest.raises(TurnFailedError):
        take(api.url, bearer="令牌")
