"""The keys that sign compact codes (R1), as the environment variable CODE_KEYS names them.

Entries are separated by `;`, their fields by blanks:

    kid=0 public=<base64url> not_before=2026-01-01 not_after=2026-12-31 compromised_at=2026-05-04;
    kid=1 seed=<base64url> not_before=2026-12-01 not_after=2028-01-15;
    kid=2 alg=sm2 seed=<base64url> not_before=2027-12-01 not_after=2029-01-15

Pure: no Flask, no database.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Self

from miniapp_api.code_algorithms import ALGORITHMS, DEFAULT, Algorithm
from miniapp_api.entries import from_text, read_entries, repeated, to_text

MAX_KID = 31
"""Five bits of a code name its key."""

FIRST_DAY = date(2020, 1, 1)
LAST_DAY = FIRST_DAY + timedelta(days=0xFFFF)
"""Two bytes of a code count days from the first one."""

HOW_TO_MAKE_ONE = (
    "请运行 python -m miniapp_api.signed_codes new-key 生成一把新密钥，把打印出来的那一行加进环境变量 CODE_KEYS"
)

_FIELDS = {"kid", "alg", "seed", "public", "not_before", "not_after", "compromised_at"}
_SEED_LENGTH = 32
_SEED_VARIETY = 10


@dataclass(frozen=True, slots=True)
class CodeKey:
    """One key, for as long as it may sign; it verifies what it signed for ever.

    Attributes:
        kid: its number, 0 to 31.
        public: the public key.
        not_before: the first day on which it signs.
        not_after: the last one.
        seed: the private key, 32 bytes; None once it is only kept for verifying.
        compromised_at: when somebody else may have got hold of the seed.
        algorithm: that it is a key of; a code names the key, never the algorithm.
    """

    kid: int
    public: bytes
    not_before: date
    not_after: date
    seed: bytes | None = field(default=None, repr=False)
    compromised_at: date | None = None
    algorithm: Algorithm = DEFAULT

    @classmethod
    def from_seed(
        cls, kid: int, seed: bytes, not_before: date, not_after: date, *, algorithm: Algorithm = DEFAULT
    ) -> Self:
        """Make a key that can sign.

        Raises:
            ValueError: the algorithm has no such private key.
        """
        return cls(kid, algorithm.public_of(seed), not_before, not_after, seed, algorithm=algorithm)

    def covers(self, day: date) -> bool:
        """Tell whether it may sign on a day."""
        return self.not_before <= day <= self.not_after

    def may_sign(self, day: date) -> bool:
        """Tell whether it can and may sign on a day."""
        return self.seed is not None and self.compromised_at is None and self.covers(day)

    def sign(self, message: bytes) -> bytes:
        """Sign: 64 bytes, the same ones for the same message.

        Raises:
            ValueError: the seed is gone.
        """
        if self.seed is None:
            raise ValueError(f"key {self.kid} can only verify")
        return self.algorithm.sign(self.seed, self.public, message)

    def verifies(self, message: bytes, signature: bytes) -> bool:
        """Tell whether it signed a message."""
        return self.algorithm.verifies(self.public, message, signature)

    def entry(self) -> str:
        """Write it as an entry of CODE_KEYS; with its seed, if it has one."""
        alg = "" if self.algorithm is DEFAULT else f" alg={self.algorithm.name.lower()}"
        half = f"seed={to_text(self.seed)}" if self.seed else f"public={to_text(self.public)}"
        lost = f" compromised_at={self.compromised_at}" if self.compromised_at else ""
        return f"kid={self.kid}{alg} {half} not_before={self.not_before} not_after={self.not_after}{lost}"

    def without_seed(self) -> Self:
        """Give what is kept of it when it has signed its last."""
        return replace(self, seed=None)


def read_keys(text: str) -> tuple[CodeKey, ...]:
    """Read CODE_KEYS.

    Raises:
        ValueError: a Chinese clause that says which entry is wrong, without its seed.
    """
    keys = read_entries(text, _FIELDS, "把密钥", _key)
    if twice := repeated(key.kid for key in keys):
        raise ValueError(f"编号 kid={twice[0]} 用了两次。一把密钥一个编号，用过的编号不能再给别的密钥")
    if repeated(key.public for key in keys) or repeated(key.seed for key in keys if key.seed):
        raise ValueError(f"有两把密钥是一样的。{HOW_TO_MAKE_ONE}")
    return keys


def _key(fields: Mapping[str, str]) -> CodeKey:
    kid = fields.get("kid", "")
    if not re.fullmatch("[0-9]{1,2}", kid) or int(kid) > MAX_KID:
        raise ValueError(f"kid 应当是 0 到 {MAX_KID} 的整数")
    if ("seed" in fields) == ("public" in fields):
        raise ValueError("seed 和 public 要写一个，也只能写一个")
    algorithm = ALGORITHMS.get(fields.get("alg", "ed25519"))
    if algorithm is None:
        raise ValueError(f"alg 只能是 {' 或 '.join(ALGORITHMS)}；不写就是 ed25519")
    start, end = _day(fields, "not_before"), _day(fields, "not_after")
    if not FIRST_DAY <= start <= end <= LAST_DAY:
        raise ValueError(f"not_before 不能晚于 not_after，两个都要在 {FIRST_DAY} 到 {LAST_DAY} 之间")
    lost = _day(fields, "compromised_at") if "compromised_at" in fields else None
    if "public" in fields:
        public = _public(fields["public"], algorithm)
        return CodeKey(int(kid), public, start, end, compromised_at=lost, algorithm=algorithm)
    return replace(_signing(int(kid), fields["seed"], start, end, algorithm), compromised_at=lost)


def _public(text: str, algorithm: Algorithm) -> bytes:
    public = _bytes(text, "public", algorithm.public_length)
    if not algorithm.is_public(public):
        raise ValueError(f"public 不是 {algorithm.name} 的公钥，请核对有没有抄错")
    return public


def _signing(kid: int, text: str, start: date, end: date, algorithm: Algorithm) -> CodeKey:
    seed = _bytes(text, "seed", _SEED_LENGTH)
    if len(set(seed)) < _SEED_VARIETY:
        raise ValueError(f"seed 太容易猜到。{HOW_TO_MAKE_ONE}")
    try:
        return CodeKey.from_seed(kid, seed, start, end, algorithm=algorithm)
    except ValueError:
        raise ValueError(f"seed 不是 {algorithm.name} 的私钥。{HOW_TO_MAKE_ONE}") from None


def _day(fields: Mapping[str, str], name: str) -> date:
    try:
        return date.fromisoformat(fields.get(name, ""))
    except ValueError:
        raise ValueError(f"{name} 应当是日期，例如 2026-12-31") from None


def _bytes(text: str, name: str, length: int) -> bytes:
    try:
        key = from_text(text)
    except ValueError:
        key = b""
    if len(key) != length:
        raise ValueError(
            f"{name} 应当是 {length} 字节的 base64url（{len(to_text(bytes(length)))} 个字符）。{HOW_TO_MAKE_ONE}"
        )
    return key
