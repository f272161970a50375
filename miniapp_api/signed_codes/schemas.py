"""What goes out of the addresses of signed codes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, Field

from miniapp_api.signed_codes.code import Kind
from miniapp_api.signed_codes.showing import State, Tone

KindName = StrEnum("KindName", {kind.name: kind.name.lower() for kind in Kind})
"""A kind of code by its name in small letters."""


class ViewOut(BaseModel):
    """What the code stands for, and how far that is."""

    title: str
    stage: str = Field(description="大致进展")
    lines: list[str]
    tone: Tone = Field(description="good 正常，warning 要留意，void 已经没有用了")
    link: str | None = Field(description="想多看一点，我们网站上的这个地址")


class CodeOut(BaseModel):
    """A genuine code; it says nothing about persons."""

    state: State = Field(description="valid 有效，archived 是真的但不再显示进展，revoked 已作废")
    kind: KindName
    kind_name: str = Field(description="凭证种类")
    bureau: str = Field(description="发出单位")
    issued_on: date
    revoked_on: date | None
    view: ViewOut | None


class KeyOut(BaseModel):
    """One public key."""

    kid: int
    alg: Literal["Ed25519", "SM2"]
    public_key: str = Field(description="base64url; of SM2, x and y")
    not_before: date
    not_after: date
    compromised_at: date | None
    revocations: int = Field(description="how many ids its list of revocations has; the list changed if this did")


class KeysOut(BaseModel):
    """All public keys, for checking codes offline."""

    host: str = Field(description="the host that is signed")
    keys: list[KeyOut]


class RevocationsOut(BaseModel):
    """The codes of one key that are revoked."""

    kid: int
    ids: list[str] = Field(description="12 hex digits each, in order")
