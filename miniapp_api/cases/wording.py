"""What the citizen reads about an event: one plain sentence or two, nothing personal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from miniapp_api.cases.clock import Due
from miniapp_api.cases.course import State
from miniapp_api.cases.events import Cause, Fact

CAUSES = {
    Cause.HEARING: "听证",
    Cause.TENDER: "招标",
    Cause.AUCTION: "拍卖",
    Cause.INSPECTION: "检验",
    Cause.TESTING: "检测",
    Cause.QUARANTINE: "检疫",
    Cause.APPRAISAL: "鉴定",
    Cause.EXPERT_REVIEW: "专家评审",
}

STAGES = {
    State.RECEIVED: "已收件，等待受理",
    State.CORRECTING: "等您补材料",
    State.ACCEPTED: "已受理",
    State.UNDER_REVIEW: "正在审查",
    State.DECIDED: "已作出决定，等待送达",
    State.CONCLUDED: "已办结",
    State.NOT_ACCEPTED: "没有受理",
    State.WITHDRAWN: "已撤回",
    State.TERMINATED: "已终止",
    State.REVOKED: "许可已撤销",
}

WAYS = {"counter": "窗口领取", "post": "邮寄", "electronic": "电子送达"}


def day_text(day: date) -> str:
    """`2026年12月18日`."""
    return f"{day.year}年{day.month}月{day.day}日"


def due_text(due: Due | None) -> str | None:
    """A last day in words, or why there is none yet."""
    if due is None:
        return None
    return day_text(due.day) if due.day else f"暂时算不出来：{due.unknown}。公布后马上告诉您"


def say(fact: Fact) -> str:
    """Tell the citizen what happened."""
    return _SAID[fact.kind](fact)


def _list(names: tuple[str, ...]) -> str:
    return "、".join(names)


def _received(fact: Any) -> str:
    return f"收到您交的材料：{_list(fact.materials)}。" if fact.materials else "收到您的申请。"


def _accepted(fact: Any) -> str:
    if fact.owed:
        return f"容缺受理。请在{day_text(fact.owed_until)}前补齐：{_list(fact.owed)}。没补齐以前不能发证。"
    return "按您的承诺受理，先决定、后核查。" if fact.commitment else "材料齐全，已经受理，开始计算办理时限。"


def _granted(fact: Any) -> str:
    until = f"，有效期到{day_text(fact.valid_until)}" if fact.valid_until else ""
    return f"准予许可{until}。"


_SAID: dict[str, Callable[[Any], str]] = {
    "received": _received,
    "correction_requested": lambda fact: f"还缺这些，请在{day_text(fact.until)}前补齐：{_list(fact.items)}。",
    "corrected": lambda fact: f"收到您补的材料：{_list(fact.items)}。",
    "accepted": _accepted,
    "deemed_accepted": lambda _: "五个工作日内没有告知补正，依法从收到材料那天起视为受理。",
    "not_required": lambda fact: f"这件事依法不需要办许可，不用受理。{fact.reason}",
    "not_ours": lambda fact: f"这件事不归本机关办，请到{fact.go_to}。{fact.reason}",
    "taken_up": lambda _: "开始审查。",
    "completed": lambda fact: f"容缺的材料收到了：{_list(fact.items)}。",
    "inspected": lambda fact: "现场勘验合格。" if fact.passed else "现场勘验没有通过，工作人员会告诉您怎么改。",
    "stopped": lambda fact: f"需要{CAUSES[fact.cause]}，最多 {fact.workdays} 个工作日，这段时间不算在办理时限里。",
    "resumed": lambda _: "特别程序结束，办理时限继续计算。",
    "extended": lambda fact: f"经批准延长 {fact.workdays} 个工作日。原因：{fact.reason}",
    "granted": _granted,
    "denied": lambda fact: f"不予许可。理由：{fact.reason}依据：{fact.basis}",
    "deemed_renewed": lambda _: "许可到期前没有作出决定，依法视为准予延续。",
    "checked": lambda fact: "事后核查：和承诺一致。" if fact.kept else "事后核查：和承诺不一致。",
    "revoked": lambda fact: f"许可被撤销。原因：{fact.reason}",
    "delivered": lambda fact: f"决定文书已经送达（{WAYS[fact.way]}）。",
    "concluded": lambda _: "办结。",
    "withdrawn": lambda _: "您撤回了申请。",
    "terminated": lambda fact: f"办理终止。原因：{fact.reason}",
    "asked": lambda fact: (
        "您提出了异议，工作人员会答复您。" if fact.what == "objection" else "您要求回电，工作人员会打给您。"
    ),
    "answered": lambda _: "工作人员已经答复您。",
}
