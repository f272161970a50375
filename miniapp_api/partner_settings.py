"""The other systems that we exchange progress with, as the environment variable PARTNERS names them.

Entries are separated by `;`, their fields by blanks:

    name=gov-platform secret=<base64url, 32 bytes or more> push=https://gov.example.cn/daoban;
    name=fire secret=…

Pure: no Flask, no database.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

_NAME = re.compile(r"[a-z][a-z0-9-]{1,31}")
_LENGTH = 32
_VARIETY = 10
_FIELDS = {"name", "secret", "push"}


@dataclass(frozen=True, slots=True)
class Partner:
    """Another system.

    Attributes:
        secret: what both sides sign with.
        push: where events of our cases are sent; None if nowhere.
    """

    name: str
    secret: bytes = field(repr=False)
    push: str | None = None


def read_partners(text: str) -> tuple[Partner, ...]:
    """Read PARTNERS.

    Raises:
        ValueError: a Chinese clause that says which entry is wrong, without its secret.
    """
    entries = [entry.split() for entry in text.split(";") if entry.strip()]
    partners = tuple(_read_one(entry, place) for place, entry in enumerate(entries, 1))
    if len({partner.name for partner in partners}) < len(partners):
        raise ValueError("有两个系统同名")
    return partners


def _read_one(entry: list[str], place: int) -> Partner:
    fields = dict(part.split("=", 1) for part in entry if "=" in part)
    if len(fields) != len(entry) or not {"name", "secret"} <= fields.keys() <= _FIELDS:
        raise ValueError(f"第 {place} 项应当写成 name=… secret=… push=…，其中 push 可以没有")
    if not _NAME.fullmatch(fields["name"]):
        raise ValueError(f"第 {place} 项的 name 用小写字母、数字和 -，2 到 32 个")
    push = fields.get("push")
    if push and not _is_address(push):
        raise ValueError(f"第 {place} 项的 push 应当是 https:// 开头的地址")
    return Partner(fields["name"], _secret(fields["secret"], place), push)


def _is_address(text: str) -> bool:
    address = urlsplit(text)
    local = address.hostname in {"127.0.0.1", "localhost"}
    return bool(address.hostname) and (address.scheme == "https" or (local and address.scheme == "http"))


def _secret(text: str, place: int) -> bytes:
    try:
        secret = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        raise ValueError(f"第 {place} 项的 secret 不是 base64url") from None
    if len(secret) < _LENGTH or len(set(secret)) < _VARIETY:
        raise ValueError(f"第 {place} 项的 secret 太弱：要 {_LENGTH} 个以上的随机字节")
    return secret
