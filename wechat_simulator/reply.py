"""Judging what the callback answered to a push.

Source: 被动回复用户消息. The limits of 2048 bytes for a text and of one article are not on that page;
they are what accounts meet.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from wechat_simulator.account import Account
from wechat_simulator.crypto import SealError
from wechat_simulator.envelope import open_reply
from wechat_simulator.xml import XMLError

TEXT_LIMIT = 2048
"""Bytes of UTF-8 that a text may have."""

ACKNOWLEDGEMENTS = (b"success", b"")
MEDIA = {"image": ("Image", "MediaId"), "voice": ("Voice", "MediaId"), "video": ("Video", "MediaId")}
SERVER_ERROR = 500


@dataclass(frozen=True)
class Verdict:
    """What became of one attempt.

    Attributes:
        kind: lost: the push is sent again, if attempts are left.
        reply: the inner document of a passive reply.
        reason: why it is broken or lost.
    """

    kind: Literal["passive", "acknowledged", "broken", "lost"]
    reply: dict[str, Any] = field(default_factory=dict)
    reason: str = ""

    @property
    def text(self) -> str:
        """What can be read in the reply."""
        return readable(self.reply) if self.reply else ""


def judge(account: Account, openid: str, status: int, body: bytes) -> Verdict:
    """Judge an answer of the callback.

    Args:
        account: whose callback it is.
        openid: whose push it answers.
        status: of HTTP.
        body: as it came.
    """
    if status >= SERVER_ERROR:
        return Verdict("lost", reason=f"回调返回了 {status}")
    if status != 200:
        return Verdict("broken", reason=f"回调返回了 {status}")
    if body in ACKNOWLEDGEMENTS:
        return Verdict("acknowledged")
    try:
        reply = open_reply(account, body)
    except (SealError, XMLError) as error:
        return Verdict("broken", reason=str(error))
    if complaint := _complaint(account, openid, reply):
        return Verdict("broken", reason=complaint)
    if reply["MsgType"] == "transfer_customer_service":
        return Verdict("acknowledged")
    return Verdict("passive", reply=reply)


def readable(reply: dict[str, Any]) -> str:
    """All that a citizen can read in a passive reply."""
    if reply["MsgType"] == "news":
        return reply["Articles"]["item"][0]["Title"]
    return reply.get("Content", "")


def _complaint(account: Account, openid: str, reply: dict[str, Any]) -> str:
    if reply.get("ToUserName") != openid:
        return "回复的 ToUserName 不是发消息的人"
    if reply.get("FromUserName") != account.original_id:
        return "回复的 FromUserName 不是公众号的原始 ID"
    if not str(reply.get("CreateTime", "")).isdecimal():
        return "回复的 CreateTime 不是整数"
    return _complaint_about_content(reply)


def _complaint_about_content(reply: dict[str, Any]) -> str:
    kind = reply.get("MsgType")
    if not isinstance(kind, str):
        return "回复缺少 MsgType"
    if kind == "text":
        return _complaint_about_text(reply.get("Content"))
    if kind in MEDIA:
        element, name = MEDIA[kind]
        given = reply.get(element)
        return "" if isinstance(given, dict) and given.get(name) else f"回复缺少 {element}/{name}"
    if kind == "news":
        return _complaint_about_news(reply)
    return "" if kind == "transfer_customer_service" else f"回复的 MsgType 不认识：{kind}"


def _complaint_about_text(content: Any) -> str:
    if not isinstance(content, str) or not content:
        return "回复没有内容"
    size = len(content.encode())
    return f"回复的文字有 {size} 字节，超过 {TEXT_LIMIT}" if size > TEXT_LIMIT else ""


def _complaint_about_news(reply: dict[str, Any]) -> str:
    articles = reply.get("Articles")
    items = articles.get("item") if isinstance(articles, dict) else None
    if not isinstance(items, list) or len(items) != 1 or reply.get("ArticleCount") != "1":
        return "图文回复必须恰好一篇"
    return "" if isinstance(items[0].get("Title"), str) else "图文回复缺少 Title"
