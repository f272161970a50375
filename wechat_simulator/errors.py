"""Tencent's error codes and the way they are said.

Codes and wordings: 全局返回码 (developers.weixin.qq.com/doc/oplatform/Return_codes/). Where the exact
wording could not be read on a page it is from memory; nobody should compare it.
"""

from __future__ import annotations

import secrets
from typing import Any

MESSAGES = {
    -1: "system error",
    40001: "invalid credential, access_token is invalid or not latest, could get access_token by getStableAccessToken, "
    "more details at https://mmbizurl.cn/s/JtxxFh33r",
    40002: "invalid grant_type",
    40003: "invalid openid",
    40007: "invalid media_id",
    40008: "invalid message type",
    40013: "invalid appid",
    40014: "invalid access_token",
    40029: "invalid code",
    40033: "不合法的请求字符，不能包含 \\uxxxx 格式的字符",
    40037: "invalid template_id",
    40053: "invalid action info",
    40097: "invalid args",
    40125: "invalid appsecret",
    40163: "code been used",
    40164: "invalid ip 127.0.0.1, not in whitelist",
    40169: "invalid length for scene, or the data is not json string",
    40200: "invalid account type",
    40226: "code blocked",
    40243: "AppSecret is frozen",
    41001: "access_token missing",
    41002: "appid missing",
    41004: "appsecret missing",
    41008: "missing code",
    41030: "invalid page",
    42001: "access_token expired",
    43001: "require GET method",
    43002: "require POST method",
    43101: "user refuse to accept the msg",
    44004: "empty content",
    45002: "content size out of limit",
    45009: "reach max api daily quota limit",
    45011: "api minute-quota reach limit  mustslower  retry next minute",
    45015: "response out of time limit or subscription is canceled",
    45047: "out of response count limit",
    45072: "invalid command",
    45080: "can only be called after the user interacts",
    45081: "already in typing state",
    47001: "data format error",
    47003: "argument invalid!",
    48001: "api unauthorized",
    87009: "invalid signature",
}


class APIError(Exception):
    """An answer with an errcode other than 0.

    Attributes:
        errcode: Tencent's number.
        detail: said after the usual wording.
    """

    def __init__(self, errcode: int, detail: str = "") -> None:
        super().__init__(errcode, detail)
        self.errcode = errcode
        self.detail = detail


def answer_to(error: APIError) -> dict[str, Any]:
    """Word an error; the request id at the end differs every time."""
    words = [MESSAGES.get(error.errcode, "error"), error.detail, _request_id()]
    return {"errcode": error.errcode, "errmsg": " ".join(word for word in words if word)}


def _request_id() -> str:
    return "rid: " + "-".join(secrets.token_hex(4) for _ in range(3))
