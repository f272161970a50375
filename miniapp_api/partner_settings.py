"""The other systems that we exchange progress with, as the environment variable PARTNERS names them.

Entries are separated by `;`, their fields by blanks:

    name=gov-platform secret=<base64url, 32 bytes or more> push=https://gov.example.cn/daoban;
    name=fire secret=…

Pure: no Flask, no database.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from miniapp_api.entries import from_text, read_entries, repeated

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
    partners = read_entries(text, _FIELDS, "个系统", _partner)
    if repeated(partner.name for partner in partners):
        raise ValueError("有两个系统同名")
    return partners


def _partner(fields: dict[str, str]) -> Partner:
    name, push = fields.get("name", ""), fields.get("push")
    if not _NAME.fullmatch(name):
        raise ValueError("name 用小写字母、数字和 -，2 到 32 个")
    if push is not None and not _is_address(push):
        raise ValueError("push 应当是 https:// 开头的地址，没有就不写")
    return Partner(name, _secret(fields.get("secret", "")), push)


def _is_address(text: str) -> bool:
    address = urlsplit(text)
    local = address.hostname in {"127.0.0.1", "localhost"}
    return bool(address.hostname) and (address.scheme == "https" or (local and address.scheme == "http"))


def _secret(text: str) -> bytes:
    try:
        secret = from_text(text)
    except ValueError:
        raise ValueError("secret 不是 base64url") from None
    if len(secret) < _LENGTH or len(set(secret)) < _VARIETY:
        raise ValueError(f"secret 太弱：要 {_LENGTH} 个以上的随机字节")
    return secret
