"""/cgi-bin/message/subscribe/send: a subscription message of the mini-program.

Source: 发送订阅消息 (subscribeMessage.send), with the order of its checks from memory.
"""

from __future__ import annotations

import time

from wechat_simulator.endpoints.call import OK, Answer, Call
from wechat_simulator.errors import APIError
from wechat_simulator.records import Delivery

STATES = ("formal", "trial", "developer")


def send(call: Call) -> Answer:
    """Send a message from a template that the citizen accepted."""
    message = call.json()
    citizen = call.world.user(message.get("touser"))
    state = message.get("miniprogram_state", "formal")
    if state not in STATES:
        raise APIError(47001)
    if state == "formal":
        _check_page(call.world.account.pages, message.get("page"))
    text = call.world.templates.send(citizen.mini_openid, message.get("template_id"), message.get("data"))
    at = time.monotonic()
    citizen.receive(Delivery(text, "subscribe", "template", at, raw=message, openid=citizen.mini_openid))
    return OK


def _check_page(pages: tuple[str, ...], page: object) -> None:
    """A message that opens no page has none; one that opens a page must open one of the published version."""
    if page is None:
        return
    if not isinstance(page, str) or (pages and page.partition("?")[0] not in pages):
        raise APIError(41030)
