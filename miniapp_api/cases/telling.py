"""What an applicant is told when their case moves: once, by the outbox, in the transaction that moves it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from miniapp_api.calendar.service import CHINA
from miniapp_api.cases.acting import Act, Step
from miniapp_api.cases.events import Fact
from miniapp_api.cases.models import Case, CaseEvent
from miniapp_api.outbox.service import Notice, post, withdraw

TITLES = {
    "received": "材料收到了",
    "correction_requested": "请补材料",
    "corrected": "补的材料收到了",
    "accepted": "已经受理",
    "deemed_accepted": "已经视为受理",
    "not_required": "不用办许可",
    "not_ours": "请到别处办",
    "completed": "容缺材料收到了",
    "inspected": "勘验有结果了",
    "stopped": "时限暂停",
    "resumed": "时限继续",
    "extended": "办理延期",
    "granted": "决定：准予许可",
    "denied": "决定：不予许可",
    "deemed_renewed": "视为准予延续",
    "revoked": "许可被撤销",
    "delivered": "文书已送达",
    "withdrawn": "已经撤回",
    "terminated": "办理终止",
    "answered": "已经答复您",
}
"""By kind of event; of others nobody is told: they are steps within the bureau."""

REMIND = timedelta(days=2)
"""Before something must be handed in."""

_MOST = 300


def tell(act: Act, case: Case, step: Step) -> None:
    """Tell whoever follows the case of an event, and remind them of what they must hand in."""
    row = step.row
    if case.visitor_id is None:
        return
    if title := TITLES.get(row.kind):
        notice = _notice(case, f"case.{row.kind}", title, row.said)
        post(act.session, case.visitor_id, notice, dedupe_key=f"case:{case.public_id}:{row.seq}")
    if row.kind in {"corrected", "completed", "withdrawn", "terminated"}:
        withdraw(act.session, f"case:{case.public_id}:remind:")
    if until := _to_hand_in(step.event.fact):
        _remind(act, case, row, until)


def _to_hand_in(fact: Fact) -> date | None:
    until: date | None = getattr(fact, "until", None) or getattr(fact, "owed_until", None)
    return until


def _remind(act: Act, case: Case, row: CaseEvent, until: date) -> None:
    due = datetime.combine(until - REMIND, time(9), CHINA)
    if due <= act.now or case.visitor_id is None:
        return
    post(
        act.session,
        case.visitor_id,
        _notice(case, "case.reminder", "别忘了补材料", row.said),
        dedupe_key=f"case:{case.public_id}:remind:{row.seq}",
        not_before=due,
        not_after=datetime.combine(until, time(18), CHINA),
    )


def _notice(case: Case, topic: str, title: str, said: str) -> Notice:
    text = f"您办的“{case.item_name}”：{said}"
    shown = text if len(text) <= _MOST else text[: _MOST - 1] + "…"
    return Notice(topic, title, shown, f"/cases/{case.public_id}")
