"""Which papers there are, and the facts that each must and may be given.

This is the contract with those who issue papers, and it holds what the law wants on each; the words
around the facts are in `catalogue/papers.yaml`, and belong to the civil servants.

Pure: no Flask, no database.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from miniapp_api.signed_codes.service import Kind


class FactType(StrEnum):
    """What a fact is, in Python.

    `text`: str · `day`: date · `due`: date, or a str that says why nobody can tell it yet ·
    `moment`: datetime, aware · `count`: int · `flag`: bool · `list`: str for each entry ·
    `table`: a mapping for each row, by the names of the columns.
    """

    TEXT = "text"
    DAY = "day"
    DUE = "due"
    MOMENT = "moment"
    COUNT = "count"
    FLAG = "flag"
    LIST = "list"
    TABLE = "table"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table; one that is not `needed` is left out where no row has it."""

    label: str
    needed: bool = False


@dataclass(frozen=True, slots=True)
class FactSpec:
    """What a fact is called on paper, and what it is."""

    label: str
    type: FactType = FactType.TEXT
    columns: tuple[tuple[str, Column], ...] = ()


_MATERIAL = (("name", Column("材料名称", needed=True)), ("form", Column("形式")), ("copies", Column("份数")))

FACTS: dict[str, FactSpec] = {
    "accepted_by": FactSpec("受理人"),
    "accepted_on": FactSpec("受理日期", FactType.DAY),
    "agent": FactSpec("代理人"),
    "applicant": FactSpec("申请人"),
    "approved_by": FactSpec("批准人"),
    "basis": FactSpec("依据"),
    "case_number": FactSpec("办件编号"),
    "cause": FactSpec("特别程序"),
    "checklist": FactSpec("要交的材料", FactType.TABLE, (*_MATERIAL, ("sample", Column("样表")))),
    "commitments": FactSpec("承诺的内容", FactType.LIST),
    "competent_body": FactSpec("应当向哪里申请"),
    "conditions": FactSpec("办理条件", FactType.LIST),
    "consequences": FactSpec("法律后果", FactType.LIST),
    "contact": FactSpec("联系人和电话"),
    "correct_by": FactSpec("补正期限", FactType.DAY),
    "decided_on": FactSpec("决定日期", FactType.DAY),
    "decision": FactSpec("决定内容"),
    "deliver_by": FactSpec("最晚送达日", FactType.DUE),
    "delivered_at": FactSpec("送达时间", FactType.MOMENT),
    "disclosed": FactSpec("是否同意公开承诺", FactType.FLAG),
    "documents": FactSpec("送达的文书", FactType.LIST),
    "due_after": FactSpec("延长到", FactType.DUE),
    "due_before": FactSpec("原办结日", FactType.DUE),
    "ended_on": FactSpec("终止日期", FactType.DAY),
    "expires_on": FactSpec("原有效期届满日", FactType.DAY),
    "fees": FactSpec("费用"),
    "informed_by": FactSpec("告知人"),
    "item": FactSpec("办理事项"),
    "licence": FactSpec("证件名称和编号"),
    "limit": FactSpec("办理时限"),
    "materials": FactSpec("材料清单", FactType.TABLE, _MATERIAL),
    "missing": FactSpec("缺漏和补正要求", FactType.LIST),
    "owed": FactSpec("容缺的材料", FactType.LIST),
    "owed_how": FactSpec("补齐方式"),
    "owed_until": FactSpec("补齐期限", FactType.DAY),
    "place": FactSpec("办理地点、网址"),
    "promised_due": FactSpec("承诺办结日", FactType.DUE),
    "provisional": FactSpec("是否容缺受理", FactType.FLAG),
    "query_code": FactSpec("查询码"),
    "reasons": FactSpec("理由"),
    "received_at": FactSpec("收件时间", FactType.MOMENT),
    "received_by": FactSpec("收件人"),
    "reply_by": FactSpec("最晚答复日", FactType.DUE),
    "scope": FactSpec("准予的范围"),
    "signed_by": FactSpec("签收人"),
    "signed_on": FactSpec("签字日期", FactType.DAY),
    "situation": FactSpec("适用情形"),
    "statutory_due": FactSpec("法定办结日", FactType.DUE),
    "stopped_on": FactSpec("停止计时的日期", FactType.DAY),
    "supervision": FactSpec("监管方式"),
    "valid": FactSpec("有效期"),
    "way": FactSpec("送达方式"),
    "withdrawn_on": FactSpec("撤回日期", FactType.DAY),
    "workdays": FactSpec("所需工作日", FactType.COUNT),
}


@dataclass(frozen=True, slots=True)
class PaperKind:
    """One kind of paper.

    Attributes:
        code: what its signed code says it is.
        needs: facts that it must be given and must print.
        may: facts that it prints if given.
        says: sentences of `papers.yaml` that it must print.
    """

    code: Kind
    needs: tuple[str, ...]
    may: tuple[str, ...] = ()
    says: tuple[str, ...] = ()


_CASE = ("case_number", "applicant", "item")
_ACCEPTED = (
    *_CASE,
    "query_code",
    "materials",
    "accepted_on",
    "accepted_by",
    "statutory_due",
    "promised_due",
    "contact",
)

KINDS: dict[str, PaperKind] = {
    "receipt": PaperKind(
        Kind.RECEIVED,
        (*_CASE, "query_code", "materials", "received_at", "received_by", "reply_by", "contact"),
        ("agent",),
        ("silence",),
    ),
    "acceptance": PaperKind(Kind.ACCEPTANCE, (*_ACCEPTED, "provisional"), ("agent",)),
    "information": PaperKind(
        Kind.CORRECTION,
        ("item", "basis", "conditions", "checklist", "limit", "fees", "place", "contact", "informed_by"),
        ("applicant", "situation"),
    ),
    "correction": PaperKind(
        Kind.CORRECTION,
        (*_CASE, "received_at", "missing", "correct_by", "contact", "informed_by"),
        ("agent", "query_code"),
        ("correction_overdue",),
    ),
    "not_ours": PaperKind(
        Kind.NOT_OURS, (*_CASE, "reasons", "basis", "competent_body", "contact"), ("agent",), ("remedies_first",)
    ),
    "not_required": PaperKind(
        Kind.NOT_REQUIRED, (*_CASE, "reasons", "basis", "contact"), ("agent", "competent_body"), ("remedies_first",)
    ),
    "provisional": PaperKind(
        Kind.PROVISIONAL, (*_ACCEPTED, "owed", "owed_how", "owed_until"), ("agent",), ("owed_overdue", "owed_promise")
    ),
    "commitment": PaperKind(
        Kind.COMMITMENT,
        (*_CASE, "basis", "conditions", "consequences", "supervision", "commitments", "disclosed", "contact"),
        ("agent", "signed_on"),
    ),
    "clock_stop": PaperKind(
        Kind.SPECIAL_PROCEDURE,
        (*_CASE, "cause", "workdays", "stopped_on", "contact"),
        ("agent", "basis"),
        ("clock_stop",),
    ),
    "extension": PaperKind(
        Kind.EXTENSION, (*_CASE, "reasons", "due_before", "due_after", "approved_by", "contact"), ("agent", "basis")
    ),
    "grant": PaperKind(
        Kind.GRANT,
        (*_CASE, "decision", "basis", "decided_on", "deliver_by", "contact"),
        ("agent", "valid", "scope", "licence"),
    ),
    "denial": PaperKind(Kind.DENIAL, (*_CASE, "reasons", "basis", "decided_on", "contact"), ("agent",), ("remedies",)),
    "delivery": PaperKind(
        Kind.DELIVERY_RECEIPT, (*_CASE, "documents", "way", "delivered_at"), ("agent", "signed_by", "signed_on")
    ),
    "termination": PaperKind(
        Kind.ENDED, (*_CASE, "reasons", "ended_on", "contact"), ("agent", "basis"), ("remedies", "again")
    ),
    "withdrawal": PaperKind(Kind.ENDED, (*_CASE, "withdrawn_on", "contact"), ("agent",), ("again",)),
    "deemed_acceptance": PaperKind(
        Kind.DEEMED,
        (*_CASE, "query_code", "received_at", "accepted_on", "statutory_due", "promised_due", "contact"),
        ("agent", "materials"),
        ("silence",),
    ),
    "deemed_renewal": PaperKind(
        Kind.DEEMED, (*_CASE, "licence", "expires_on", "contact"), ("agent", "valid"), ("renewal",)
    ),
}
"""All kinds of papers, by name."""
