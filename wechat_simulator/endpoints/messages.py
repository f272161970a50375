"""/cgi-bin/message/custom/…: customer-service messages and 「对方正在输入」.

Source: 发送客服消息 and 客服输入状态 (developers.weixin.qq.com/doc/service/api/customer/message/).
"""

from __future__ import annotations

import re
from typing import Any

from wechat_simulator.endpoints.call import OK, Answer, Call
from wechat_simulator.errors import APIError
from wechat_simulator.reply import TEXT_LIMIT
from wechat_simulator.world import World

ESCAPE = re.compile(rb"(?<!\\)(?:\\\\)*\\u[0-9a-fA-F]{4}")
"""A JSON escape of a character; Tencent shows or refuses it, so the body must be plain UTF-8."""


def send(call: Call) -> Answer:
    """Send a customer-service message."""
    if not call.world.account.custom_messages:
        raise APIError(48001)
    if ESCAPE.search(call.body):
        raise APIError(40033)
    message = call.json()
    citizen = call.world.follower(message.get("touser"))
    kind = message.get("msgtype")
    if not isinstance(kind, str) or kind not in READERS or not isinstance(message.get(kind), dict):
        raise APIError(40008)
    text = READERS[kind](call.world, message[kind])
    if len(text.encode()) > TEXT_LIMIT:
        raise APIError(45002)
    citizen.receive_custom(kind, text, message)
    return OK


def typing(call: Call) -> Answer:
    """Show or hide 「对方正在输入」."""
    given = call.json()
    call.world.follower(given.get("touser")).show_typing(given.get("command", ""))
    return OK


def _text(world: World, content: dict[str, Any]) -> str:
    del world
    return _filled(content.get("content"))


def _menu(world: World, content: dict[str, Any]) -> str:
    del world
    items = content.get("list")
    if not isinstance(items, list) or not all(isinstance(item, dict) and "id" in item for item in items):
        raise APIError(47001)
    lines = [content.get("head_content", ""), *(_filled(item.get("content")) for item in items)]
    lines.append(content.get("tail_content", ""))
    if not items or not all(isinstance(line, str) for line in lines):
        raise APIError(47001)
    return "\n".join(line for line in lines if line)


def _card(world: World, content: dict[str, Any]) -> str:
    if content.get("appid") != world.account.mini_app_id:
        raise APIError(40013)
    if not content.get("thumb_media_id"):
        raise APIError(40007)
    _filled(content.get("pagepath"))
    return _filled(content.get("title"))


def _filled(text: object) -> str:
    if not isinstance(text, str) or not text:
        raise APIError(44004)
    return text


READERS = {"text": _text, "msgmenu": _menu, "miniprogrampage": _card}
"""How to check a message of each kind, and what can be read in it."""
