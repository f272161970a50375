"""Keeping a secret of WeChat's in the database so that a copy of the database does not give it away."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def lock_up(key: str, text: str) -> str:
    """Encrypt a text.

    Args:
        key: the signing key of this installation; the key used here is derived from it.
        text: the secret.
    """
    return _fernet(key).encrypt(text.encode()).decode()


def take_out(key: str, locked: str) -> str | None:
    """Decrypt a text, None if the installation's key has changed since."""
    try:
        return _fernet(key).decrypt(locked.encode()).decode()
    except InvalidToken:
        return None


def _fernet(key: str) -> Fernet:
    derived = HKDF(SHA256(), 32, salt=None, info=b"daoban.wechat.session_key").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))
