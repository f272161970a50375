"""Keys and partners as environment variables name them: entries separated by `;`, their fields by blanks.

    kid=1 alg=aes-256-gcm key=<base64url>;
    kid=2 alg=sm4-gcm key=<base64url>

Pure: no Flask, no database.
"""

from __future__ import annotations

import base64
from collections import Counter
from collections.abc import Callable, Iterable, Set
from typing import TypeVar

T = TypeVar("T")


def read_entries(text: str, known: Set[str], called: str, make: Callable[[dict[str, str]], T]) -> tuple[T, ...]:
    """Read a variable, entry by entry.

    Args:
        text: the variable.
        known: the names that fields may have.
        called: what an entry is called, with its measure word: `把密钥`.
        make: makes what an entry stands for of its fields; raises ValueError with a Chinese clause.

    Raises:
        ValueError: a Chinese clause that says which entry is wrong.
    """
    made = []
    for place, entry in enumerate((entry for entry in text.split(";") if entry.strip()), 1):
        try:
            made.append(make(_fields_of(entry.split(), known)))
        except ValueError as error:
            raise ValueError(f"第 {place} {called}：{error}") from None  # the cause may hold the key
    return tuple(made)


def _fields_of(words: list[str], known: Set[str]) -> dict[str, str]:
    fields = dict(word.partition("=")[::2] for word in words)
    if len(fields) < len(words) or not fields.keys() <= known:
        raise ValueError(f"只能有 {'、'.join(sorted(known))}，每项一次，写成“名称=值”")
    return fields


def to_text(key: bytes) -> str:
    """Write bytes as base64url without padding."""
    return base64.urlsafe_b64encode(key).rstrip(b"=").decode()


def from_text(text: str) -> bytes:
    """Read base64url in the one way in which it is written, with its padding or without.

    Raises:
        ValueError: it is not.
    """
    plain = text.rstrip("=")
    whole = plain + "=" * (-len(plain) % 4)
    try:
        raw = base64.b64decode(whole, altchars=b"-_", validate=True)
    except ValueError:
        raise ValueError("not base64url") from None  # the cause may hold the key
    if to_text(raw) != plain or text not in {plain, whole}:
        raise ValueError("not as it is written")
    return raw


def repeated(values: Iterable[T]) -> list[T]:
    """List what is there more than once."""
    return [value for value, times in Counter(values).items() if times > 1]
