"""Envelopes: a push as it leaves Tencent, and the reply as it comes back.

Source: 消息推送 → 消息加解密. That in 兼容模式 a reply may be plain or encrypted is from the same page,
as remembered.
"""

from __future__ import annotations

import secrets
import time
from typing import Any

from wechat_simulator import crypto, xml
from wechat_simulator.account import Account
from wechat_simulator.crypto import SealError
from wechat_simulator.xml import XMLError, text_element


def seal(
    account: Account,
    inner: str,
    openid: str,
    *,
    timestamp: int | str | None = None,
    nonce: str | None = None,
    random: bytes | None = None,
) -> tuple[dict[str, str], bytes]:
    """Make the query and the body of a push.

    Args:
        account: whose push it is, and how it is sealed.
        inner: the document.
        openid: who sends it.
        timestamp: seconds; now, if None.
        nonce: drawn, if None.
        random: the 16 bytes before the message; drawn, if None.
    """
    stamp = str(int(time.time()) if timestamp is None else timestamp)
    nonce = nonce or str(secrets.randbelow(10**10))
    query = {
        "signature": crypto.signature(account.token, stamp, nonce),
        "timestamp": stamp,
        "nonce": nonce,
        "openid": openid,
    }
    if account.mode == "plaintext":
        return query, inner.encode()
    encrypted = crypto.encrypt(inner.encode(), account.aes_key, account.app_id, random)
    query["encrypt_type"] = "aes"
    query["msg_signature"] = crypto.signature(account.token, stamp, nonce, encrypted)
    sealed = text_element("Encrypt", encrypted)
    if account.mode == "compatible":
        return query, f"{inner.removesuffix('</xml>')}{sealed}</xml>".encode()
    return query, f"<xml>{text_element('ToUserName', account.original_id)}{sealed}</xml>".encode()


def open_reply(account: Account, body: bytes) -> dict[str, Any]:
    """Read the inner document of a reply.

    Raises:
        SealError: It is not sealed as it must be.
        XMLError: It is not a document.
    """
    outer = xml.read(body)
    if "Encrypt" not in outer:
        if account.mode == "safe":
            raise SealError("安全模式下的回复没有加密")
        return outer
    missing = [
        name for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce") if not isinstance(outer.get(name), str)
    ]
    if missing:
        raise XMLError(f"回复缺少 {'、'.join(missing)}")
    expected = crypto.signature(account.token, outer["TimeStamp"], outer["Nonce"], outer["Encrypt"])
    if not secrets.compare_digest(expected.encode(), outer["MsgSignature"].encode()):
        raise SealError("回复的 MsgSignature 不对")
    return xml.read(crypto.decrypt(outer["Encrypt"], account.aes_key, account.app_id))
