"""/cgi-bin/message/subscribe/send: a subscription message of the mini-program."""

from __future__ import annotations

import time

from wechat_simulator.endpoints.call import OK, Answer, Call
from wechat_simulator.records import Delivery


def send(call: Call) -> Answer:
    """Send a message from a template that the citizen accepted."""
    message = call.json()
    citizen = call.world.user(message.get("touser"))
    text = call.world.templates.send(citizen.mini_openid, message.get("template_id"), message.get("data"))
    at = time.monotonic()
    citizen.receive(Delivery(text, "subscribe", "template", at, raw=message, openid=citizen.mini_openid))
    return OK
