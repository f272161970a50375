"""Passwords: which will do, how they are kept, how they are compared."""

from __future__ import annotations

import secrets
import unicodedata
from functools import cache
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

LENGTH = 12
MOST = 128
"""Characters a password has at least, and at most."""

_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
"""Of generated passwords: none that looks like another."""

_HASHER = PasswordHasher()  # the second recommended option of RFC 9106: 64 MiB, three passes

_AT_ONCE = BoundedSemaphore(4)
"""Computations of one process at the same time: each takes 64 MiB."""


def fault(password: str, username: str) -> str | None:
    """Say in Chinese why a password will not do, or None."""
    plain = _plain(password)
    if len(plain) < LENGTH:
        return f"密码太短，至少 {LENGTH} 个字符"
    if len(plain) > MOST:
        return f"密码太长，最多 {MOST} 个字符"
    if username.casefold() in plain.casefold():
        return "密码不能包含用户名"
    return None


def generate() -> str:
    """Make a password of 79 bits that can be read out and typed."""
    return "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(4))


def hashed(password: str) -> str:
    """Hash a password as it is kept, with a salt of its own."""
    with _AT_ONCE:
        return _HASHER.hash(_plain(password))


def matches(kept: str | None, password: str) -> bool:
    """Compare a password with a kept one; with None it takes as long, and is never right."""
    plain = _plain(password[: MOST + 1])
    known = kept or _nobodys()
    try:
        with _AT_ONCE:
            return _HASHER.verify(known, plain) and kept is not None
    except VerifyMismatchError:
        return False


def is_outdated(kept: str) -> bool:
    """Tell whether a password was hashed with other parameters than today's."""
    return _HASHER.check_needs_rehash(kept)


def _plain(password: str) -> str:
    """Make one of the ways to type a character: input methods give full-width letters, too."""
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return hashed(secrets.token_urlsafe())
