"""Signatures by SM2 with SM3 (GB/T 32918.2, GB/T 35276): 64 bytes, r and s of 32 each, for the usual user id.

The curve's arithmetic is gmssl's. What it has around that is left alone, for good reasons: it draws
nonces from `random`, from which private keys can be computed; it takes `04` off public keys by
`lstrip("04")`, which eats leading digits of the key itself; it verifies numbers outside 1 … n-1, so that
one signature could be written in two ways; and its SM3 takes half a millisecond.

Pure: no Flask, no database.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator

from cryptography.hazmat.primitives.hashes import SM3, Hash, HashAlgorithm
from cryptography.hazmat.primitives.hmac import HMAC
from gmssl.sm2 import CryptSM2, default_ecc_table

USER_ID = b"1234567812345678"
"""Whose signature it is, for all who have agreed on nothing else (GB/T 35276)."""

SIZE = 32
"""Bytes of a private key, of a coordinate, of r and of s."""

_P, _N, _A, _B = (int(default_ecc_table[name], 16) for name in "pnab")
_G = default_ecc_table["g"]
_PARAMETERS = bytes.fromhex(default_ecc_table["a"] + default_ecc_table["b"] + _G)


class _Curve(CryptSM2):
    """The curve with one public key; made with none, as gmssl would cut it."""

    def __init__(self, public: bytes = b"", secret: bytes = b"") -> None:
        super().__init__(secret.hex(), "")
        self.public_key = public.hex()


class _SecretCurve(_Curve):
    """The curve for multiplying by secrets."""

    def _kg(self, k: int, point: str) -> str:
        """Multiply in two random parts, as the time it takes tells the length of the number."""
        part = secrets.randbelow(_N - 1) + 1
        one, other = super()._kg(part, point), super()._kg((k - part) % _N, point)
        return str(self._convert_jacb_to_nor(self._add_point(one, other)))


def new_secret() -> bytes:
    """Draw a private key."""
    return (secrets.randbelow(_N - 2) + 1).to_bytes(SIZE)


def public_of(secret: bytes) -> bytes:
    """Give the public key of a private one: x and y, 64 bytes.

    Raises:
        ValueError: it is not between 1 and n-2.
    """
    if len(secret) != SIZE or not 1 <= int.from_bytes(secret) <= _N - 2:
        raise ValueError("not a private key of SM2")
    return bytes.fromhex(_SecretCurve()._kg(int.from_bytes(secret), _G))


def is_public(public: bytes) -> bool:
    """Tell whether 64 bytes are a point of the curve; each of these but infinity is a public key."""
    x, y = int.from_bytes(public[:SIZE]), int.from_bytes(public[SIZE:])
    return len(public) == 2 * SIZE and x < _P and y < _P and (y * y - (x * x + _A) * x - _B) % _P == 0


def sign(secret: bytes, public: bytes, message: bytes) -> bytes:
    """Sign: the same bytes for the same message.

    Raises:
        ArithmeticError: the signature does not verify, so it must not be shown to anybody.
    """
    digest, curve = _digest(public, message), _SecretCurve(secret=secret)
    drawn = (curve.sign(digest, f"{nonce:064x}") for nonce in nonces(int.from_bytes(secret), digest, _N, SM3()))
    signature = bytes.fromhex(next(filter(None, drawn)))
    if not verifies(public, message, signature):
        raise ArithmeticError("a signature by SM2 went wrong")
    return signature


def verifies(public: bytes, message: bytes, signature: bytes) -> bool:
    """Tell whether a key signed a message.

    Args:
        public: that `is_public`.
        message: of any length.
        signature: r and s.
    """
    r, s = int.from_bytes(signature[:SIZE]), int.from_bytes(signature[SIZE:])
    if len(signature) != 2 * SIZE or not (0 < r < _N and 0 < s < _N):
        return False
    try:
        return bool(_Curve(public).verify(signature.hex(), _digest(public, message)))
    except TypeError:  # gmssl has no point at infinity; who has the private key can lead it there
        return False


def nonces(secret: int, digest: bytes, order: int, algorithm: HashAlgorithm) -> Iterator[int]:
    """Derive nonces from a private key and what is signed (RFC 6979, 3.2), without end.

    Args:
        secret: the private key.
        digest: of what is signed, by the algorithm.
        order: of the curve, of as many bits as the digest.
        algorithm: of the hash.
    """

    def keyed(*parts: bytes) -> bytes:
        code = HMAC(key, algorithm)
        code.update(b"".join(parts))
        return code.finalize()

    size = algorithm.digest_size
    seed = secret.to_bytes(size) + (int.from_bytes(digest) % order).to_bytes(size)
    key, value = bytes(size), b"\1" * size
    for step in (b"\0", b"\1"):
        key = keyed(value, step, seed)
        value = keyed(value)
    while True:
        value = keyed(value)
        if 0 < int.from_bytes(value) < order:
            yield int.from_bytes(value)
        key = keyed(value, b"\0")
        value = keyed(value)


def _digest(public: bytes, message: bytes) -> bytes:
    """Hash a message for the signature of one key."""
    bits = (8 * len(USER_ID)).to_bytes(2)
    return _sm3(_sm3(bits + USER_ID + _PARAMETERS + public) + message)


def _sm3(content: bytes) -> bytes:
    total = Hash(SM3())
    total.update(content)
    return total.finalize()
