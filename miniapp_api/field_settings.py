"""The keys that seal personal fields, as the environment variable FIELD_KEYS names them.

Entries are separated by `;`, their fields by blanks:

    kid=0 alg=hmac-sha256 key=<base64url>;
    kid=1 alg=aes-256-gcm key=<base64url> retired=yes;
    kid=2 alg=sm4-gcm key=<base64url>

Pure: no Flask, no database.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES, SM4
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from miniapp_api.entries import from_text, read_entries, repeated, to_text

INDEX = "hmac-sha256"
"""The algorithm of the one key under which blind indexes are made; it is never changed."""

CIPHERS = {"aes-256-gcm": AES, "sm4-gcm": SM4}
LENGTHS = {"aes-256-gcm": 32, "sm4-gcm": 16, INDEX: 32}
"""Bytes of a key."""

MAX_KID = 999
NONCE_LENGTH = 12
TAG_LENGTH = 16

HOW_TO_MAKE_ONE = (
    "请运行 python -m miniapp_api.privacy new-key 生成密钥（要用国密算法，再加 --alg sm4-gcm），"
    "把打印出来的内容设为环境变量 FIELD_KEYS，已经有的用分号接在后面"
)

_VERSION = 1
"""Of the format; a part of what is authenticated."""

_FIELDS = {"kid", "alg", "key", "retired"}
_VARIETY = 8
"""Different bytes that a key has at least: a random one practically never has fewer."""


class BrokenSealError(Exception):
    """What was sealed has been changed or moved, or its key is gone."""


@dataclass(frozen=True, slots=True)
class FieldKey:
    """One key.

    Attributes:
        kid: its number, 0 to 999; never used for another key.
        algorithm: see `LENGTHS`.
        secret: the key.
        retired: it seals nothing more, and still unseals.
    """

    kid: int
    algorithm: str
    secret: bytes = field(repr=False)
    retired: bool = False

    @classmethod
    def new(cls, kid: int, algorithm: str) -> Self:
        """Make a random key."""
        return cls(kid, algorithm, secrets.token_bytes(LENGTHS[algorithm]))

    @property
    def may_seal(self) -> bool:
        """Whether it is a cipher's key that still seals."""
        return self.algorithm in CIPHERS and not self.retired

    def seal(self, purpose: str, bound_to: str, plain: bytes) -> bytes:
        """Encrypt under a random nonce of 96 bits (NIST SP 800-38D, 8.2.2: at most 2³² values for a key).

        Returns:
            nonce ‖ ciphertext ‖ tag.
        """
        nonce = secrets.token_bytes(NONCE_LENGTH)
        encryptor = Cipher(CIPHERS[self.algorithm](self.secret), modes.GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(self._place(purpose, bound_to))
        return nonce + encryptor.update(plain) + encryptor.finalize() + encryptor.tag

    def unseal(self, purpose: str, bound_to: str, sealed: bytes) -> bytes:
        """Decrypt what `seal` made.

        Raises:
            BrokenSealError: it was not made like this, under this key, for this place.
        """
        nonce, encrypted, tag = sealed[:NONCE_LENGTH], sealed[NONCE_LENGTH:-TAG_LENGTH], sealed[-TAG_LENGTH:]
        if self.algorithm not in CIPHERS or len(sealed) < NONCE_LENGTH + TAG_LENGTH:
            raise BrokenSealError("not a sealed value")
        decryptor = Cipher(CIPHERS[self.algorithm](self.secret), modes.GCM(nonce, tag)).decryptor()
        decryptor.authenticate_additional_data(self._place(purpose, bound_to))
        try:
            return decryptor.update(encrypted) + decryptor.finalize()
        except InvalidTag:
            raise BrokenSealError(f"not sealed for {purpose} under key {self.kid}, or changed since") from None

    def _place(self, purpose: str, bound_to: str) -> bytes:
        """What is authenticated beside the value; as JSON, so that no two places read alike."""
        return json.dumps([_VERSION, self.kid, purpose, bound_to]).encode()

    def entry(self) -> str:
        """Write it as an entry of FIELD_KEYS."""
        retired = " retired=yes" if self.retired else ""
        return f"kid={self.kid} alg={self.algorithm} key={to_text(self.secret)}{retired}"


def demonstration_keys(secret: str) -> tuple[FieldKey, ...]:
    """Derive the keys of a demonstration from the secret that signs its identities."""
    return tuple(
        FieldKey(kid, algorithm, _derived(secret, algorithm)) for kid, algorithm in enumerate((INDEX, "aes-256-gcm"))
    )


def _derived(secret: str, algorithm: str) -> bytes:
    info = f"daoban.fields.demonstration.{algorithm}".encode()
    return HKDF(SHA256(), LENGTHS[algorithm], salt=None, info=info).derive(secret.encode())


def read_field_keys(text: str) -> tuple[FieldKey, ...]:
    """Read FIELD_KEYS.

    Raises:
        ValueError: a Chinese clause that says which entry is wrong, without the key.
    """
    keys = read_entries(text, _FIELDS, "把密钥", _key)
    if repeated(key.kid for key in keys):
        raise ValueError("有两把密钥用了同一个编号 kid。一把密钥一个编号，用过的编号不能再给别的密钥")
    if repeated(key.secret for key in keys):
        raise ValueError(f"有两把密钥是一样的。{HOW_TO_MAKE_ONE}")
    return keys


def lack(keys: Iterable[FieldKey]) -> str | None:
    """Say in Chinese what an installation lacks to seal and to index, or None."""
    keys = tuple(keys)
    if sum(key.algorithm == INDEX for key in keys) != 1:
        return f"要有一把、也只能有一把 alg={INDEX} 的检索密钥。{HOW_TO_MAKE_ONE}"
    if not any(key.may_seal for key in keys):
        return f"没有能用来加密的密钥。{HOW_TO_MAKE_ONE}"
    return None


def _key(fields: Mapping[str, str]) -> FieldKey:
    kid, algorithm = fields.get("kid", ""), fields.get("alg", "")
    if not re.fullmatch("[0-9]{1,3}", kid):
        raise ValueError(f"kid 应当是 0 到 {MAX_KID} 的整数")
    if algorithm not in LENGTHS:
        raise ValueError(f"alg 应当是 {'、'.join(LENGTHS)} 之一")
    if fields.get("retired", "yes") != "yes" or (algorithm == INDEX and "retired" in fields):
        raise ValueError(f"停用的加密密钥写 retired=yes，没停用的不写；{INDEX} 的检索密钥不能停用")
    return FieldKey(int(kid), algorithm, _secret(fields.get("key", ""), algorithm), "retired" in fields)


def _secret(text: str, algorithm: str) -> bytes:
    try:
        secret = from_text(text)
    except ValueError:
        secret = b""
    if len(secret) != LENGTHS[algorithm]:
        raise ValueError(f"key 应当是 {LENGTHS[algorithm]} 字节的 base64url。{HOW_TO_MAKE_ONE}")
    if len(set(secret)) < _VARIETY:
        raise ValueError(f"key 太容易猜到。{HOW_TO_MAKE_ONE}")
    return secret
