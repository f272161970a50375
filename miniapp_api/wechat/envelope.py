"""How pushes are signed and sealed, and how replies are (Tencent: 消息加解密说明).

wechatpy does the AES. What it leaves open is done here: the mode is the configuration's, never the
request's; signatures are compared in constant time and before anything is decrypted; a timestamp
far from our clock is refused; the receiver is checked.
"""

from __future__ import annotations

import hmac
import re
import secrets
import struct
import time
from base64 import b64decode
from collections.abc import Callable, Mapping
from hashlib import sha1
from xml.parsers.expat import ExpatError

import xmltodict
from wechatpy.crypto import PrpCrypto, WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException

from miniapp_api.wechat_settings import WeChatSettings

MAX_BODY = 64 * 1024
_SIGNATURE = re.compile("[0-9a-f]{40}")
_TIMESTAMP = re.compile("[1-9][0-9]{9}")  # until 2286; nothing delimits it from the nonce but its length
_NONCE = re.compile("[0-9A-Za-z_-]{1,64}")
_PROLOG = ("<!", "<?")  # WeChat's documents have none, and only there can a DOCTYPE stand; a citizen may type one


class ForgedError(Exception):
    """A request is not from WeChat, or not for us; the argument says in a word what was wrong."""


class Envelope:
    """Opens what WeChat sends to one account and seals what it is answered.

    Args:
        settings: the account.
        clock: tells seconds since 1970.
    """

    def __init__(self, settings: WeChatSettings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock
        self._keys = [b64decode(f"{key}=") for key in (settings.aes_key, settings.aes_key_previous) if key]

    def verify_address(self, query: Mapping[str, str]) -> str:
        """Check the request by which WeChat verifies our address.

        Returns:
            The text to answer with, as it came (plain in every mode).

        Raises:
            ForgedError: if the signature is wrong or old, or it is the query of a push.
        """
        self._check(query, "signature")
        if not query.get("echostr"):
            raise ForgedError("no_echostr")
        return query["echostr"][:256]

    def open(self, query: Mapping[str, str], body: bytes) -> str:
        """Check and unseal a push.

        Args:
            query: the query string of the request.
            body: as it came, at most `MAX_BODY` bytes.

        Returns:
            The inner XML; nothing of it has been looked at but that it has no DOCTYPE or other prolog.

        Raises:
            ForgedError: if it is not WeChat's, too old, for another account, or not XML.
        """
        if len(body) > MAX_BODY:
            raise ForgedError("too_large")
        if self._settings.mode == "plaintext":
            self._check(query, "signature")
            return _text(body)
        sealed = _field(_text(body), "Encrypt")
        self._check(query, "msg_signature", sealed)
        return self._unseal(sealed)

    def seal(self, xml: str) -> str:
        """Seal a reply, by the newest key; plain in plaintext mode."""
        if self._settings.mode == "plaintext":
            return xml
        crypto = WeChatCrypto(self._settings.token, self._settings.aes_key, self._settings.app_id)
        return str(crypto.encrypt_message(xml, secrets.token_hex(8), str(int(self._clock()))))

    def _check(self, query: Mapping[str, str], name: str, *sealed: str) -> None:
        """Check signature and age; the parts are bounded in form, as they are signed without a delimiter."""
        timestamp, nonce, signature = query.get("timestamp", ""), query.get("nonce", ""), query.get(name, "")
        if not (_TIMESTAMP.fullmatch(timestamp) and _NONCE.fullmatch(nonce) and _SIGNATURE.fullmatch(signature)):
            raise ForgedError("no_signature")
        parts = sorted([self._settings.token, timestamp, nonce, *sealed])
        right = sha1("".join(parts).encode(), usedforsecurity=False).hexdigest()
        if not hmac.compare_digest(right, signature):
            raise ForgedError("signature")
        if abs(self._clock() - int(timestamp)) > self._settings.window:
            raise ForgedError("timestamp")

    def _unseal(self, sealed: str) -> str:
        """Decrypt by the key of today or the one before; the signature has been checked already."""
        for key in self._keys:
            try:
                return _text(PrpCrypto(key).decrypt(sealed, self._settings.app_id).encode())
            except (InvalidAppIdException, ValueError, IndexError, TypeError, struct.error):
                continue  # wechatpy lets through whatever goes wrong with another key or account
        raise ForgedError("seal")


def _text(body: bytes) -> str:
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise ForgedError("not_utf8") from None
    if text.lstrip("\ufeff\t\r\n ").startswith(_PROLOG):
        raise ForgedError("prolog")
    return text


def _field(xml: str, name: str) -> str:
    """One text field of an XML message."""
    try:
        value = xmltodict.parse(xml)["xml"][name]
    except (ExpatError, ValueError, KeyError, TypeError):
        raise ForgedError("not_xml") from None
    if not isinstance(value, str):
        raise ForgedError("not_xml")
    return value
