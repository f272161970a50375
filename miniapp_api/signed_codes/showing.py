"""What a stranger who scans a code is told: never a name, a telephone, a number or an address."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.signed_codes.code import Kind

Tone = Literal["good", "warning", "void"]
State = Literal["valid", "archived", "revoked"]

KIND_NAMES = {
    Kind.ACCEPTANCE: "受理通知书",
    Kind.CORRECTION: "补正通知书",
    Kind.CONCLUSION: "办结通知",
    Kind.DELIVERY: "送达通知",
    Kind.APPOINTMENT: "预约凭证",
    Kind.RECEIVED: "收件凭证",
    Kind.NOT_OURS: "不予受理决定书",
    Kind.NOT_REQUIRED: "不受理决定书",
    Kind.PROVISIONAL: "容缺受理通知书",
    Kind.COMMITMENT: "告知承诺书",
    Kind.SPECIAL_PROCEDURE: "特别程序告知书",
    Kind.EXTENSION: "延期告知书",
    Kind.GRANT: "准予决定书",
    Kind.DENIAL: "不予许可决定书",
    Kind.DELIVERY_RECEIPT: "送达回证",
    Kind.ENDED: "终止或撤回通知书",
    Kind.DEEMED: "视为受理或视为准予通知书",
}


@dataclass(frozen=True, slots=True)
class PublicView:
    """What the domain that issued a code says about it to anybody.

    Attributes:
        title: what it is about, as a heading.
        stage: how far it is, a few words.
        lines: what else is good to know, a sentence each.
        tone: `good`: as it should be · `warning`: something is to be done · `void`: of no use any more.
        link: path on our web pages where more can be had.
    """

    title: str
    stage: str
    lines: tuple[str, ...] = ()
    tone: Tone = "good"
    link: str | None = None


Show = Callable[[Session, str, Visitor | None], PublicView | None]
"""Says what a code stands for: by its id, to a visitor if the caller is one; None if that is past."""


@dataclass(frozen=True, slots=True)
class Scan:
    """What a genuine code tells whoever scans it.

    Attributes:
        state: `archived`: genuine, and nothing more is told · `revoked`: it counts no longer.
        kind_name: in Chinese.
        bureau: who issued it.
        view: what the domain says, if it is valid.
    """

    state: State
    kind: Kind
    kind_name: str
    bureau: str
    issued_on: date
    revoked_on: date | None = None
    view: PublicView | None = None
