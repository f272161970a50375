"""The way in: who may speak, what counts as a message, what is never taken for a command."""

import asyncio
import json
import socket

import aiohttp
import pytest
from rasa.shared.exceptions import InvalidConfigException
from sanic import Sanic

from bot.components import channel
from bot.components.channel import GatewayInput

Sanic.test_mode = True
SAID = {"sender": "v1", "message": "你好", "metadata": {"visitor_token": "t"}}


@pytest.fixture
def app():
    heard = []

    async def hear(message):
        heard.append(message)
        if message.text == "坏":
            raise RuntimeError("the turn failed")
        await message.output_channel.send_custom_json(message.sender_id, {"messages": [], "guide": None})

    app = Sanic("gateway-test")
    app.ctx.heard = heard
    app.blueprint(GatewayInput("the-token").blueprint(hear), url_prefix="/webhooks/rest")
    return app


def say(app, body=SAID, token="the-token"):
    query = {} if token is None else {"token": token}
    return ask(app, "POST", "/webhooks/rest/webhook", params=query, json=body)


def ask(app, method, path, **request):
    """Serves on a free port for one request; returns status and body."""

    async def once():
        with socket.create_server(("127.0.0.1", 0)) as listener:
            server = await app.create_server(sock=listener, return_asyncio_server=True)
            await server.startup()
            address = f"http://127.0.0.1:{listener.getsockname()[1]}{path}"
            async with aiohttp.request(method, address, **request) as response:
                answer = response.status, await response.text()
            server.close()
        return answer

    return asyncio.run(once())


def test_a_message_is_heard_and_answered(app):
    status, body = say(app)
    assert status == 200
    assert json.loads(body) == [{"recipient_id": "v1", "custom": {"messages": [], "guide": None}}]
    (message,) = app.ctx.heard
    assert (message.sender_id, message.text, message.input_channel) == ("v1", "你好", "rest")
    assert message.metadata == {"visitor_token": "t"}


@pytest.mark.parametrize("token", [None, "", "wrong", "the-token ", "令牌"])
def test_without_the_token_nobody_is_heard(app, token):
    assert say(app, token=token)[0] == 401
    assert app.ctx.heard == []


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "你好",
        {},
        {**SAID, "sender": ""},
        {**SAID, "sender": "v" * (channel.MAX_SENDER + 1)},
        {**SAID, "sender": 7},
        {**SAID, "sender": "张三"},
        {**SAID, "message": None},
        {**SAID, "message": 7},
        {**SAID, "metadata": "t"},
    ],
)
def test_what_is_no_message_is_refused(app, body):
    assert say(app, body=body)[0] == 400
    assert app.ctx.heard == []


@pytest.mark.parametrize(
    ("written", "heard"),
    [
        ("/restart", "／restart"),
        ('  /greet{"guide_id": "g1"}', '／greet{"guide_id": "g1"}'),
        ("1/2", "1/2"),
        ("", "…"),
        (" \n\t ", "…"),
        ("店\ud800", "店\ufffd"),
        ("\ud83d\ude00", "😀"),
        ("长" * 10_000, "长" * channel.MAX_TEXT),
    ],
)
def test_speech_is_only_speech(app, written, heard):
    assert say(app, body={**SAID, "message": written})[0] == 200
    assert app.ctx.heard[0].text == heard


def test_a_failed_turn_is_said_to_have_failed(app):
    assert say(app, body={**SAID, "message": "坏"})[0] == 500


def test_health_needs_no_token(app):
    assert ask(app, "GET", "/webhooks/rest/")[0] == 200


@pytest.mark.parametrize("credentials", [None, {}, {"token": ""}, {"token": None}])
def test_there_is_no_channel_without_a_token(credentials):
    with pytest.raises(InvalidConfigException):
        GatewayInput.from_credentials(credentials)
