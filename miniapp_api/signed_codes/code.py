"""The compact signed code R1: what it says, how it is written, how it is checked.

    https://<host>/r/<N>    N: 179 digits, the number of 10 bytes of claims and 64 of signature

The claims, big-endian: version (3 bits) and key id (5 bits) · kind · day of issue since 2020-01-01
(2 bytes) · id (6 random bytes). The signature is over `daoban/receipt/1` NUL, host and claims, so that
it is good for nothing else and nowhere else. Which algorithm signed, the key id decides, never the code.

Pure: no Flask, no database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from enum import IntEnum
from typing import Self

from miniapp_api.code_settings import FIRST_DAY, CodeKey
from miniapp_api.signed_codes.keys import KeyRing

VERSION = 1
CLAIMS_LENGTH = 10
LENGTH = CLAIMS_LENGTH + 64
DIGITS = 179

CLOCKS_DIFFER = timedelta(days=1)
"""By so much may the clock of who issued a code be ahead of the clock of who checks it."""

_PURPOSE = b"daoban/receipt/1\0"
_FORM = re.compile(f"[0-9]{{{DIGITS}}}")  # str.isdigit() is true of '²' and '٣'


class ForgedCodeError(ValueError):
    """We did not issue this code."""


class Kind(IntEnum):
    """What a code stands for; the numbers are printed on paper and never change."""

    ACCEPTANCE = 1
    CORRECTION = 2
    CONCLUSION = 3
    DELIVERY = 4
    APPOINTMENT = 5
    RECEIVED = 6
    NOT_OURS = 7
    NOT_REQUIRED = 8
    PROVISIONAL = 9
    COMMITMENT = 10
    SPECIAL_PROCEDURE = 11
    EXTENSION = 12
    GRANT = 13
    DENIAL = 14
    DELIVERY_RECEIPT = 15
    ENDED = 16
    DEEMED = 17


@dataclass(frozen=True, slots=True)
class Claims:
    """What a code says.

    Attributes:
        kid: number of the key that signed it.
        issued_on: in China.
        id: 12 hex digits.
    """

    kid: int
    kind: Kind
    issued_on: date
    id: str

    def pack(self) -> bytes:
        """Write them as 10 bytes."""
        head = bytes((VERSION << 5 | self.kid, self.kind))
        return head + (self.issued_on - FIRST_DAY).days.to_bytes(2) + bytes.fromhex(self.id)

    @classmethod
    def unpack(cls, packed: bytes) -> Self:
        """Read 10 bytes.

        Raises:
            ForgedCodeError: no code of ours begins like this.
        """
        version, kid = divmod(packed[0], 32)
        if version != VERSION:
            raise ForgedCodeError("version")
        try:
            kind = Kind(packed[1])
        except ValueError:
            raise ForgedCodeError("kind") from None
        return cls(kid, kind, FIRST_DAY + timedelta(days=int.from_bytes(packed[2:4])), packed[4:].hex())


def encode(code: bytes) -> str:
    """Write 74 bytes as 179 digits, which a QR code holds in its most compact mode."""
    return str(int.from_bytes(code)).zfill(DIGITS)


def decode(digits: str) -> bytes:
    """Read what `encode` wrote.

    Raises:
        ForgedCodeError: it wrote nothing like this.
    """
    if not _FORM.fullmatch(digits):
        raise ForgedCodeError("not 179 digits")
    try:
        return int(digits).to_bytes(LENGTH)
    except OverflowError:
        raise ForgedCodeError("more than 74 bytes") from None


def sign(claims: Claims, host: str, key: CodeKey) -> str:
    """Write a code: its 179 digits, always the same ones.

    Args:
        claims: what it says.
        host: where it can be checked, with the port if it is not the usual one.
        key: the one that the claims name.

    Raises:
        ValueError: the key can only verify.
    """
    packed = claims.pack()
    return encode(packed + key.sign(_message(host, packed)))


def check(digits: str, host: str, ring: KeyRing, today: date) -> Claims:
    """Read a code that we issued for a host.

    A code whose key is compromised passes too: that it was issued is then for the database to say.

    Args:
        digits: whatever somebody scanned.
        host: of this installation, whatever the request says.
        ring: our keys.
        today: in China.

    Raises:
        ForgedCodeError: we did not.
    """
    code = decode(digits)
    packed, signature = code[:CLAIMS_LENGTH], code[CLAIMS_LENGTH:]
    claims = Claims.unpack(packed)
    key = ring.find(claims.kid)
    if key is None or not key.covers(claims.issued_on) or claims.issued_on > today + CLOCKS_DIFFER:
        raise ForgedCodeError("no key of ours for that day")
    if not key.verifies(_message(host, packed), signature):
        raise ForgedCodeError("signature")
    return claims


def _message(host: str, packed: bytes) -> bytes:
    return _PURPOSE + host.lower().encode() + packed
