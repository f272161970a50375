"""Messages of the chat, as `chat.schemas.Message` describes them."""

from __future__ import annotations

from typing import Any

Message = dict[str, Any]

MINE, NEW = "我的预约", "我要预约"


def say(text: str, *choices: str, kind: str | None = None, link: tuple[str, str] | None = None) -> Message:
    """A message.

    Args:
        text: what is said; a question ends in one question mark.
        choices: what can be tapped; the words of a choice are also its value.
        kind: of message, if the page is to show it specially.
        link: label and path of a page of ours.
    """
    message: Message = {"text": text, "choices": [{"label": label, "value": label} for label in choices]}
    if kind:
        message["kind"] = kind
    if link:
        message["link"] = {"label": link[0], "path": link[1]}
    return message
