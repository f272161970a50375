"""The one XML document that answers a push (Tencent: 被动回复用户消息)."""

from __future__ import annotations

import time

from wechatpy.replies import TextReply

from miniapp_api.wechat.text.markup import xml_safe


def text_reply(openid: str, account: str, text: str) -> str:
    """Write a text reply.

    Args:
        openid: to whom.
        account: the original id of our account.
        text: up to 2,048 bytes of UTF-8. wechatpy puts it into a CDATA section as it is, so it is
            made fit for one here.
    """
    return str(TextReply(target=openid, source=account, time=int(time.time()), content=xml_safe(text)).render())
