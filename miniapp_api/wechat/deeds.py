"""What a push asks of us: to say something to the chat, to tell a fixed text, to greet, or nothing.

A deed is `{"do": "say" | "tell" | "greet" | "more" | "join"[, "text": …]}`, as it is kept with the exchange.
"""

from __future__ import annotations

import re
from typing import Any

from miniapp_api.content.service import content
from miniapp_api.text import clean
from miniapp_api.wechat.pushes import Push
from miniapp_api.wechat.text.menus import Menu
from miniapp_api.wechat.text.rendering import GO_ON

Deed = dict[str, Any]

THEME_SCENE = "theme."
"""A code with the scene `theme.open-restaurant` opens that theme."""

JOIN = {"绑定小程序", "关联小程序", "绑定", "关联"}
MORE = {GO_ON, "下一段", "接着看"}
NOT_HEARD = "这段语音我没听清。请您再说一遍，或者打字告诉我想办什么事。"
NO_PICTURES = "图片我还看不懂。请用文字说您想办什么事，比如「我想开个小饭馆」。"
NO_ADDRESS = "收到位置了，但里面没有地址。请打字告诉我在哪个区、哪个县。"
NO_OTHERS = "这种消息我还看不懂。请用文字或语音说您想办什么事。"

_NAME = "[^省市区县旗]{1,9}"
_DISTRICT = re.compile(
    f"(?:{_NAME}(?:省|自治区|特别行政区))?(?:{_NAME}(?:市|地区|自治州|盟))?{_NAME}(?:自治县|区|县|旗|市)"
)


def deed(push: Push, menu: Menu, *, has_more: bool) -> Deed | None:
    """Find out what a push asks of us.

    Args:
        push: what WeChat sent.
        menu: what the citizen was offered last.
        has_more: pieces of an answer wait for 「继续」.

    Returns:
        The deed; None if nothing is to be answered (and WeChat wants no answer).
    """
    if push.kind == "event":
        return _event(push)
    said = clean(push.text)
    if push.kind == "text":
        return _typed(said, has_more=has_more) or _say(menu.meant(said, push.tapped))
    if push.kind == "voice":
        return _say(said) if said else _tell(NOT_HEARD)
    if push.kind == "location":
        return _say(_district(said)) if said else _tell(NO_ADDRESS)
    return _tell(NO_PICTURES if push.kind == "image" else NO_OTHERS)


def _typed(said: str, *, has_more: bool) -> Deed | None:
    """What is meant for this channel, not for the chat."""
    if has_more and said in MORE:
        return {"do": "more"}
    return {"do": "join"} if said in JOIN else None


def _event(push: Push) -> Deed | None:
    if push.event in {"subscribe", "subscribe_scan", "scan"}:
        return _scene(push.event_key)
    if push.event == "click" and push.event_key:
        return _say(clean(push.event_key))  # the key of a menu button is what it says for the citizen
    return None


def _scene(scene: str) -> Deed:
    """Open what a code stands for; a code that stands for nothing gets the greeting."""
    if scene.startswith(THEME_SCENE):
        titles = {theme.id: theme.title for theme in content().themes()}
        title = titles.get(scene.removeprefix(THEME_SCENE))
        if title:
            return _say(f"我想{title}")
    return {"do": "greet"}


def _district(address: str) -> str:
    """The address as far as its district: a street's name is not an answer to anything."""
    found = _DISTRICT.match(address)
    return found[0] if found else address


def _say(text: str) -> Deed:
    return {"do": "say", "text": text}


def _tell(text: str) -> Deed:
    return {"do": "tell", "text": text}
