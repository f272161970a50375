"""Sealing what is personal, so that a copy of the database does not give it away.

A sealed value names its key, and is good in one place only: moved to another column or row, it is
broken. Every function here works in an application context.
"""

from __future__ import annotations

import hmac
import json
import re
import unicodedata
from collections.abc import Iterable
from typing import cast

from flask import Flask, current_app

from miniapp_api.config import Settings, SettingsError
from miniapp_api.entries import from_text, to_text
from miniapp_api.field_settings import (
    INDEX,
    BrokenSealError,
    FieldKey,
    demonstration_keys,
    lack,
)

__all__ = [
    "BrokenSealError",
    "Vault",
    "blind_index",
    "init_app",
    "is_newest",
    "seal",
    "seal_bytes",
    "unseal",
    "unseal_bytes",
]

_KID_LENGTH = 2
"""Bytes that name the key of sealed bytes."""


class Vault:
    """The keys of one installation: the newest that is not retired seals, all unseal."""

    def __init__(self, keys: Iterable[FieldKey]) -> None:
        """Sort the keys.

        Raises:
            ValueError: there is none to seal or to index with, said in Chinese.
        """
        keys = tuple(keys)
        if fault := lack(keys):
            raise ValueError(fault)
        self.keys = {key.kid: key for key in keys}
        self.newest = max((key for key in keys if key.may_seal), key=lambda key: key.kid)
        self.index = next(key for key in keys if key.algorithm == INDEX)

    def find(self, kid: int) -> FieldKey:
        """Give a key by its number.

        Raises:
            BrokenSealError: there is none.
        """
        if kid not in self.keys:
            raise BrokenSealError(f"key {kid} is not among FIELD_KEYS")
        return self.keys[kid]


def init_app(app: Flask) -> None:
    """Give the application its keys; a demonstration without any derives them.

    Raises:
        SettingsError: if it has none to seal with.
    """
    settings = cast(Settings, app.extensions["settings"])
    derived = demonstration_keys(settings.signing_key) if settings.daoban_demo else ()
    try:
        app.extensions["vault"] = Vault(settings.field_keys or derived)
    except ValueError as error:
        raise SettingsError(f"配置有误，服务没有启动：\n  · 环境变量 FIELD_KEYS：{error}") from None


def seal(purpose: str, bound_to: str, text: str) -> str:
    """Encrypt a text for one place.

    Args:
        purpose: what it is, as `table.column`.
        bound_to: whose it is: what names the row and stays with it.
        text: the secret.

    Returns:
        `kid.base64url(nonce ‖ ciphertext ‖ tag)`.
    """
    key = _vault().newest
    return f"{key.kid}.{to_text(key.seal(purpose, bound_to, text.encode()))}"


def unseal(purpose: str, bound_to: str, sealed: str) -> str:
    """Decrypt a text.

    Raises:
        BrokenSealError: it was changed or belongs elsewhere, or its key is gone.
    """
    parts = re.fullmatch(r"(0|[1-9][0-9]{0,2})\.([A-Za-z0-9_-]+)", sealed)
    if parts is None:
        raise BrokenSealError("not a sealed text")
    try:
        raw = from_text(parts[2])
    except ValueError:
        raise BrokenSealError("not a sealed text") from None
    return _vault().find(int(parts[1])).unseal(purpose, bound_to, raw).decode()


def seal_bytes(purpose: str, bound_to: str, plain: bytes) -> bytes:
    """Encrypt bytes for one place; see `seal`.

    Returns:
        kid (two bytes, big-endian) ‖ nonce ‖ ciphertext ‖ tag.
    """
    key = _vault().newest
    return key.kid.to_bytes(_KID_LENGTH) + key.seal(purpose, bound_to, plain)


def unseal_bytes(purpose: str, bound_to: str, sealed: bytes) -> bytes:
    """Decrypt bytes.

    Raises:
        BrokenSealError: they were changed or belong elsewhere, or their key is gone.
    """
    key = _vault().find(int.from_bytes(sealed[:_KID_LENGTH]))
    return key.unseal(purpose, bound_to, sealed[_KID_LENGTH:])


def is_newest(sealed: str | bytes) -> bool:
    """Tell whether a value is sealed under the key that seals now."""
    kid = _vault().newest.kid
    if isinstance(sealed, str):
        return sealed.startswith(f"{kid}.")
    return sealed.startswith(kid.to_bytes(_KID_LENGTH))


def blind_index(purpose: str, text: str) -> str:
    """Give what stands for a text in look-ups: always the same, and nobody without the key can tell of what.

    Args:
        purpose: what it is; the same text gives another index for another purpose.
        text: in the form in which it is always given; width and blanks do not matter, capitals do.

    Returns:
        64 hexadecimal digits: HMAC-SHA256.
    """
    plain = "".join(unicodedata.normalize("NFKC", text).split())
    return hmac.digest(_vault().index.secret, json.dumps([purpose, plain]).encode(), "sha256").hex()


def _vault() -> Vault:
    return cast(Vault, current_app.extensions["vault"])
