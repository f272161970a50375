"""Signature and encryption of pushes and replies, written from Tencent's page alone.

Source: 消息推送 → 消息加解密 (developers.weixin.qq.com/doc/subscription/guide/dev/push/encryption.md).
It shares nothing with the system under test, so that one checks the other.
"""

from __future__ import annotations

import base64
import hashlib
import os

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 32
"""PKCS#7 pads to 32 bytes, not to the 16 of AES."""

RANDOM = 16
LENGTH = 4


class SealError(ValueError):
    """An envelope that cannot be opened."""


def signature(*parts: str) -> str:
    """SHA-1 over the parts, sorted and joined with nothing between."""
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 - the protocol's


def encrypt(message: bytes, aes_key: str, app_id: str, random: bytes | None = None) -> str:
    """Encrypt `random16 + length + message + app_id`.

    Args:
        message: the inner document.
        aes_key: EncodingAESKey, 43 characters.
        app_id: AppID of the account.
        random: 16 bytes; drawn, if None.
    """
    full = (random or os.urandom(RANDOM)) + len(message).to_bytes(LENGTH, "big") + message + app_id.encode()
    padding = BLOCK - len(full) % BLOCK
    encryptor = _aes(aes_key).encryptor()
    return base64.b64encode(encryptor.update(full + bytes([padding]) * padding) + encryptor.finalize()).decode()


def decrypt(encrypted: str, aes_key: str, app_id: str) -> bytes:
    """Open what `encrypt` made.

    Raises:
        SealError: Not base64, not of whole blocks, wrong padding, wrong length, or another app.
    """
    full = _unpadded(_decrypted(encrypted, aes_key))
    start = RANDOM + LENGTH
    end = start + int.from_bytes(full[RANDOM:start], "big")
    if len(full) < start or end > len(full):
        raise SealError("密文里的长度不对")
    if full[end:] != app_id.encode():
        raise SealError("密文里的 AppID 不对")
    return full[start:end]


def _decrypted(encrypted: str, aes_key: str) -> bytes:
    try:
        data = base64.b64decode(encrypted, validate=True)
    except ValueError as error:
        raise SealError("密文不是 base64") from error
    if not data or len(data) % BLOCK:
        raise SealError("密文长度不对")
    decryptor = _aes(aes_key).decryptor()
    return decryptor.update(data) + decryptor.finalize()


def _unpadded(data: bytes) -> bytes:
    padding = data[-1]
    if not 1 <= padding <= BLOCK or data[-padding:] != bytes([padding]) * padding:
        raise SealError("密文的填充不对")
    return data[:-padding]


def _aes(aes_key: str) -> Cipher[modes.CBC]:
    key = base64.b64decode(aes_key + "=")
    return Cipher(algorithms.AES256(key), modes.CBC(key[:16]))
