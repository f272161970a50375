"""The algorithms that sign compact codes. Each makes 64 bytes, the same ones for the same message.

Pure: no Flask, no database.
"""

from __future__ import annotations

import secrets
from abc import ABC, abstractmethod
from typing import ClassVar

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from miniapp_api import sm2


class Algorithm(ABC):
    """What a key needs of its algorithm.

    Attributes:
        name: as the public list of keys tells it; in small letters, as CODE_KEYS does.
        public_length: of a public key, in bytes; a private one has 32.
    """

    name: ClassVar[str]
    public_length: ClassVar[int]

    @abstractmethod
    def new_seed(self) -> bytes:
        """Draw a private key."""

    @abstractmethod
    def public_of(self, seed: bytes) -> bytes:
        """Give the public key of a private one.

        Raises:
            ValueError: these 32 bytes are no private key.
        """

    @abstractmethod
    def is_public(self, public: bytes) -> bool:
        """Tell whether so many bytes are a public key."""

    @abstractmethod
    def sign(self, seed: bytes, public: bytes, message: bytes) -> bytes:
        """Sign with both halves of a key."""

    @abstractmethod
    def verifies(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether a key signed a message."""


class Ed25519(Algorithm):
    """RFC 8032; `cryptography` refuses the second way of writing a signature."""

    name = "Ed25519"
    public_length = 32

    def new_seed(self) -> bytes:
        """Draw 32 bytes."""
        return secrets.token_bytes(32)

    def public_of(self, seed: bytes) -> bytes:
        """Give the public key; any seed will do."""
        return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()

    def is_public(self, public: bytes) -> bool:
        """Tell whether it has the right length."""
        return len(public) == self.public_length

    def sign(self, seed: bytes, public: bytes, message: bytes) -> bytes:  # noqa: ARG002 - the seed is enough
        """Sign."""
        return Ed25519PrivateKey.from_private_bytes(seed).sign(message)

    def verifies(self, public: bytes, message: bytes, signature: bytes) -> bool:
        """Tell whether a key signed a message."""
        try:
            Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
        except InvalidSignature:
            return False
        return True


class SM2(Algorithm):
    """SM2 with SM3; what is to be heeded stands in `miniapp_api.sm2`."""

    name = "SM2"
    public_length = 64
    new_seed = staticmethod(sm2.new_secret)
    public_of = staticmethod(sm2.public_of)
    is_public = staticmethod(sm2.is_public)
    sign = staticmethod(sm2.sign)
    verifies = staticmethod(sm2.verifies)


ALGORITHMS: dict[str, Algorithm] = {one.name.lower(): one for one in (Ed25519(), SM2())}
"""By the name in CODE_KEYS."""

DEFAULT = ALGORITHMS["ed25519"]
"""Of a key that names none."""
