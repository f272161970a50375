"""Keeping what is personal in the database so that a copy of the database does not give it away."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def lock_up(key: str, purpose: str, text: str) -> str:
    """Encrypt a text.

    Args:
        key: the signing key of this installation; the key used here is derived from it.
        purpose: what the text is; what was locked up for one purpose cannot be taken out for another.
        text: the secret.
    """
    return Fernet(urlsafe_b64encode(_derived(key, purpose))).encrypt(text.encode()).decode()


def take_out(key: str, purpose: str, locked: str) -> str | None:
    """Decrypt a text, None if the installation's key has changed since."""
    try:
        return Fernet(urlsafe_b64encode(_derived(key, purpose))).decrypt(locked.encode()).decode()
    except InvalidToken:
        return None


def pseudonym(key: str, purpose: str, text: str) -> str:
    """Give what stands for a text: always the same, and nobody without the key can tell of what (HMAC-SHA256)."""
    return hmac.digest(_derived(key, purpose), text.encode(), "sha256").hex()


def _derived(key: str, purpose: str) -> bytes:
    return HKDF(SHA256(), 32, salt=None, info=f"daoban.{purpose}".encode()).derive(key.encode())
