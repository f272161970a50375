"""Reading who applies from the form of the counter, each value checked where it stands."""

from __future__ import annotations

from flask import request

from miniapp_api.casedesk.fields import Reading
from miniapp_api.casedesk.sight import KINDS
from miniapp_api.cases.service import Applicant
from miniapp_api.desk import service as desk
from miniapp_api.privacy.service import credit_code, id_number, mobile

_CHECKS = {"person": id_number, "company": credit_code}


def applicant(reading: Reading) -> Applicant | None:
    """Read who applies; None if something is wrong, which `reading` tells."""
    kind = reading.take("kind", _kind)
    name = reading.take("name", lambda: desk.text("name", "姓名或单位名称", 60))
    number = reading.take("number", lambda: _number(kind))
    phone = reading.take("mobile", lambda: mobile(desk.text("mobile", "手机号", 20), "mobile"))
    agent = reading.take("agent", _agent)
    if kind is None or name is None or number is None or phone is None:
        return None
    return Applicant(kind=kind, name=name, number=number, mobile=phone, agent=agent or None)


def _kind() -> str:
    given = request.form.get("kind", "")
    if given not in KINDS:
        raise desk.refuse("kind", "请选个人，还是企业或者其他单位")
    return given


def _number(kind: str | None) -> str:
    given = desk.text("number", "证件号", 40)
    return _CHECKS[kind](given, "number") if kind else given


def _agent() -> str:
    return desk.text("agent", "代办人", 60) if request.form.get("agent", "").strip() else ""
