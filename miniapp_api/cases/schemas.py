"""What goes in and out of the cases API."""

from __future__ import annotations

import unicodedata
from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from miniapp_api.cases.guessing import Way
from miniapp_api.cases.models import NUMBER_LENGTH
from miniapp_api.cases.receiving import QUERY_DIGITS
from miniapp_api.numbering.service import verify

_STRICT = ConfigDict(extra="forbid", strict=True)
_TAIL_DIGITS = 4
_LONGEST = 60
"""Characters that are looked at: digits, and what people put between them."""


def _plain(text: object) -> object:
    """Read digits as people type them: full width, in groups, with dashes."""
    if not isinstance(text, str) or len(text) > _LONGEST:
        raise ValueError("应当是数字")
    plain = "".join(unicodedata.normalize("NFKC", text).split()).replace("-", "")
    if not (plain.isascii() and plain.isdigit()):
        raise ValueError("应当只有数字")
    return plain


def _digits(name: str, length: int) -> AfterValidator:
    def check(digits: str) -> str:
        if len(digits) != length:
            raise ValueError(f"{name}是 {length} 位数字，您输了 {len(digits)} 位")
        return digits

    return AfterValidator(check)


def _without_slip(number: str) -> str:
    """Refuse a number that cannot be one; this tells nothing about which there are."""
    if not verify(number):
        raise ValueError("编号好像输错了一位，请对照收件凭证再看一遍")
    return number


CaseNumber = Annotated[
    str,
    BeforeValidator(_plain),
    _digits("编号", NUMBER_LENGTH),
    AfterValidator(_without_slip),
    Field(description="21 位办件编号，最后一位是校验码；中间有空格也可以", examples=["420300202611260000015"]),
]
QueryCode = Annotated[
    str, BeforeValidator(_plain), _digits("查询码", QUERY_DIGITS), Field(description="收件凭证上的 8 位查询码")
]
PhoneTail = Annotated[
    str, BeforeValidator(_plain), _digits("手机号后四位", _TAIL_DIGITS), Field(description="申请人手机号的后四位")
]
Seen = Annotated[int, Field(ge=1, description="页面上看到的 version：中间有变化就不办，先让您看")]


class KeyIn(BaseModel):
    """The key under which a request is done once."""

    idempotency_key: str = Field(
        min_length=1,
        max_length=255,
        description="一次操作一个随机字符串；网络不好重试时用同一个，只会办一次",
    )


class LookUpIn(BaseModel):
    """A number, and one of its two secrets."""

    model_config = _STRICT

    number: CaseNumber
    query_code: QueryCode | None = None
    phone_tail: PhoneTail | None = None

    @model_validator(mode="after")
    def _one_secret(self) -> LookUpIn:
        if (self.query_code is None) == (self.phone_tail is None):
            raise ValueError("查询码和手机号后四位，填一个就行")
        return self

    @property
    def secret(self) -> tuple[str, Way]:
        """The secret that was given, and which of the two it is."""
        return (self.query_code, "code") if self.query_code else (self.phone_tail or "", "tail")


class FollowIn(BaseModel):
    """What was looked up."""

    model_config = _STRICT

    token: str = Field(min_length=1, max_length=300, description="POST /api/v1/case-lookups 给的 token")


class WithdrawIn(BaseModel):
    """What the page shows."""

    model_config = _STRICT

    seen: Seen


class AskIn(BaseModel):
    """What somebody asks for."""

    model_config = _STRICT

    what: Literal["objection", "call"] = Field(description="objection 提异议，call 请工作人员回电")


class LookedUpAskIn(AskIn):
    """What somebody asks for who is not known."""

    seen: Seen


class TurnOut(BaseModel):
    """Whose turn it is."""

    who: Literal["you", "bureau", "others", "nobody"]
    next: str = Field(description="下一步是什么")


class PromiseOut(BaseModel):
    """The promised last day."""

    day: date | None = Field(description="算不出来或者没有时限，就是 null")
    text: str | None = Field(description="一句话，例如 2026年12月18日")
    first: date | None = Field(description="最早承诺的那天，没变过就是 null")
    why: list[str] = Field(description="为什么变了，停了几个工作日")
    kept: bool | None = Field(description="按时了没有；还没作决定就是 null")


class MaterialOut(BaseModel):
    """One line of the list of materials."""

    name: str
    state: Literal["handed_in", "lacking", "owed", "shared"]
    state_text: str
    note: str | None


class HappenedOut(BaseModel):
    """Something that happened."""

    seq: int
    kind: str
    at: datetime
    text: str


class PaperOut(BaseModel):
    """A paper that was issued."""

    id: str
    name: str
    number: str
    issued_at: datetime


class CaseOut(BaseModel):
    """A case as its applicant sees it."""

    id: str
    number: str
    item: str
    state: str
    stage: str = Field(description="到哪一步了")
    turn: TurnOut
    promise: PromiseOut
    statutory: date | None = Field(description="法定最后一天")
    accepted_on: date | None
    stopped_now: str | None = Field(description="时限正停着的话，为什么")
    site: str
    phone: str = Field(description="打这个电话问")
    materials: list[MaterialOut]
    history: list[HappenedOut]
    papers: list[PaperOut]
    may: list[Literal["withdraw", "object", "call", "follow"]] = Field(description="在这里能做什么")
    outside: str | None = Field(description="在别的系统里办的话，是哪个系统")
    synced_at: datetime | None = Field(description="那个系统最近一次同步的时间")
    version: int
    as_of: datetime = Field(description="这是什么时候的情况")


class CaseLineOut(BaseModel):
    """A case in a list."""

    id: str
    number: str
    item: str
    state: str
    stage: str
    over: bool = Field(description="已经办完或者不办了")
    promised: date | None
    changed_at: datetime


class CasesOut(BaseModel):
    """Cases, those that go on first."""

    cases: list[CaseLineOut]


class LookedUpOut(BaseModel):
    """A case that was looked up."""

    token: str = Field(description="30 分钟内凭它再看；放在 Authorization: Bearer 里")
    until: datetime
    case: CaseOut
