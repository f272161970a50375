"""The keys of one installation together. Pure: no Flask, no database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from miniapp_api.code_settings import FIRST_DAY, LAST_DAY, CodeKey


class NoSigningKeyError(LookupError):
    """No key may sign today."""


class KeyRing:
    """Keys by their number: the newest valid one signs, all verify."""

    def __init__(self, keys: Iterable[CodeKey]) -> None:
        self._keys = {key.kid: key for key in keys}

    def __iter__(self) -> Iterator[CodeKey]:
        """Go through the keys in the order of their numbers."""
        return iter(sorted(self._keys.values(), key=lambda key: key.kid))

    def find(self, kid: int) -> CodeKey | None:
        """Give a key by its number."""
        return self._keys.get(kid)

    def signing(self, day: date) -> CodeKey:
        """Give the key that signs on a day.

        Raises:
            NoSigningKeyError: there is none.
        """
        able = [key for key in self if key.may_sign(day)]
        if not able:
            raise NoSigningKeyError(f"no key may sign on {day}")
        return max(able, key=lambda key: (key.not_before, key.kid))


def demonstration_key(secret: str) -> CodeKey:
    """Derive the key of a demonstration from the secret that signs its identities."""
    seed = HKDF(SHA256(), 32, salt=None, info=b"daoban.signed_codes.demonstration").derive(secret.encode())
    return CodeKey.from_seed(0, seed, FIRST_DAY, LAST_DAY)
