"""The steps that staff take on a case: what each is called, what it asks, and the event it becomes.

Which step is possible is not decided here: `cases.may` knows the duties and `cases.explaining.why_not`
the rules. A step is probed with facts that are as good as any that the form could give.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from miniapp_api.casedesk import people
from miniapp_api.casedesk.fields import Field
from miniapp_api.casedesk.sight import Sight
from miniapp_api.cases import service as cases
from miniapp_api.cases.service import CAUSES, OPEN, WAYS, Fact, State, explaining
from miniapp_api.staff.service import Duty, has_duty

REMARK = Field("remark", "给同事的备注", "text", "只有同事看得到，申请人看不到。", needed=False)

ASKED = "申请人会看到这句话，请写明白话。"

Facts = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One step.

    Attributes:
        name: of the step, in its address.
        kind: of the event.
        label: on its button, and what it is called.
        done: what is said when it is done.
        about: what it means, if that needs saying.
        fields: what it asks; the remark comes behind.
        probe: facts to try whether it is possible; None if it certainly is not.
        facts: the facts, from what was filled in.
        shows: its effect on the last days is shown before it is done.
        proposed: a superior has to approve it.
    """

    name: str
    kind: str
    label: str
    done: str
    about: str = ""
    fields: Callable[[Sight], Sequence[Field]] = lambda _: ()
    probe: Callable[[Sight], Facts | None] = lambda _: {}
    facts: Callable[[Sight, Facts], Facts] = lambda _, values: values
    shows: bool = False
    proposed: bool = False

    def fact(self, sight: Sight, values: Facts) -> Fact:
        """Make the fact of what was filled in, without the remark."""
        given = {name: value for name, value in values.items() if name != REMARK.name}
        return cases.read_fact({"kind": self.kind, **self.facts(sight, given)})


@dataclass(frozen=True, slots=True)
class Offer:
    """A step that somebody has the duty for, and why it is not possible now, None if it is."""

    step: Step
    why_not: str | None


def offers(sight: Sight) -> list[Offer]:
    """The steps that somebody may take now, and those only the state of the case forbids, in the usual order."""
    if sight.case.outside:
        return []
    return [offer for step in STEPS if (offer := _offer(sight, step))]


def find(name: str) -> Step | None:
    """Find a step by its name."""
    return next((step for step in STEPS if step.name == name), None)


def is_open_to(sight: Sight, step: Step) -> bool:
    """Tell whether it is somebody's duty to take a step, or to ask for it."""
    if step.kind == "extended":
        return _extends(sight, step)
    if step.name == "demands":
        return has_duty(sight.member, Duty.COUNTER)
    return cases.may(sight.member, step.kind, one_person=sight.course.terms.one_person)


def _offer(sight: Sight, step: Step) -> Offer | None:
    facts = step.probe(sight) if is_open_to(sight, step) else None
    if facts is None:
        return None
    why_not = explaining.why_not(sight.act, sight.course, cases.read_fact({"kind": step.kind, **facts}))
    if why_not and step.name not in _TELLS:
        return None
    return Offer(step, why_not)


_TELLS = frozenset({"granted", "denied"})
"""What people look for, and want to know why they do not find it."""


def _extends(sight: Sight, step: Step) -> bool:
    """Who reviews asks for an extension; the right superior may also give one unasked."""
    _, level = explaining.extension_of(sight.course)
    if step.proposed:
        return has_duty(sight.member, Duty.REVIEW)
    return has_duty(sight.member, Duty.GOVERNMENT if level == "government" else Duty.SUPERVISE)


# ------------------------------------------------------------------ fields


def _pairs(names: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, name) for name in names]


def _to_correct(sight: Sight) -> list[Field]:
    names = [row.name for row in sight.materials if row.state != "shared"]
    options = _pairs(list(dict.fromkeys([*sorted(sight.course.demanded), *names])))
    hint = "一次说全：以后不能再加新的。每样写明怎么补。"
    return [
        Field("items", "缺什么、哪里不对", "notes", hint, options=options, more=3),
        Field("until", "最晚哪天补齐", "day", "过了这天不会自动终止：先催，再由领导定。"),
    ]


def _demands(sight: Sight) -> list[Field]:
    return [
        *_to_correct(sight),
        Field("reason", "为什么第一次没有说", "text", "领导批了才发给申请人，这句话申请人会看到。"),
    ]


def _accepting(sight: Sight) -> list[Field]:
    terms, fields = sight.course.terms, []
    lacking = [row.name for row in sight.materials if row.name in terms.provisional and row.state == "lacking"]
    later = lacking or [row.name for row in sight.materials if row.name in terms.provisional]
    if later:
        hint = "申请人自愿、主件齐全才可以。没补齐以前不能准予。"
        fields += [
            Field("owed", "容缺：可以以后补的", "ticks", hint, needed=False, options=_pairs(later)),
            Field("owed_until", "最晚哪天补齐", "day", "勾了容缺才要填。", needed=False),
        ]
    if terms.commitment:
        hint = "申请人自愿签了承诺书才可以。先决定，后核查。"
        fields.append(Field("commitment", "按告知承诺办", "yes", hint, needed=False))
    return fields


def _stopping(_sight: Sight) -> list[Field]:
    causes = [(cause.value, text) for cause, text in CAUSES.items()]
    return [
        Field("cause", "什么程序", "choice", "只有法律列明的这几种可以停钟（行政许可法第四十五条）。", options=causes),
        Field("workdays", "最多几个工作日", "number", "会书面告诉申请人；到时没有结束，时钟自动接着走。", most=250),
    ]


def _inspecting(sight: Sight) -> list[Field]:
    colleagues = people.inspectors(sight.act.session, (sight.case.site_code, sight.member.site_code))
    return [
        Field("inspectors", "勘验的人", "ticks", "两人以上（行政许可法第三十四条）。", options=colleagues),
        Field("passed", "结果", "choice", options=(("yes", "合格"), ("no", "没有通过"))),
    ]


def _extending(sight: Sight) -> list[Field]:
    most, level = explaining.extension_of(sight.course)
    who = "本级政府负责人" if level == "government" else "分管领导"
    return [
        Field("workdays", "延几个工作日", "number", f"最多 {most} 个，只能延一次，由{who}批。", most=most),
        Field("reason", "为什么", "text", ASKED),
    ]


def _why(label: str) -> Callable[[Sight], list[Field]]:
    return lambda _: [Field("reason", label, "text", ASKED)]


def _lacking(sight: Sight) -> list[Field]:
    return [Field("items", "补来了什么", "ticks", options=_pairs(sorted(sight.course.lacking)))]


def _owed(sight: Sight) -> list[Field]:
    return [Field("items", "补来了什么", "ticks", options=_pairs(sorted(sight.course.owed)))]


# ------------------------------------------------------------------ facts


def _extended(sight: Sight, values: Facts) -> Facts:
    _, level = explaining.extension_of(sight.course)
    return {**values, "level": level, "approved_by": sight.member.public_id}


def _try_extension(sight: Sight) -> Facts:
    return _extended(sight, {"workdays": 1, "reason": "-"})


def _first_notice(sight: Sight) -> Facts:
    """As the first notice, or one that repeats what the first one asked for."""
    return {"items": sorted(sight.course.demanded) or ["-"], "until": date.max}


def _second_notice(sight: Sight) -> Facts | None:
    facts = {"items": ["-"], "until": date.max, "superior": "-", "reason": "-"}
    return facts if sight.course.corrected else None


STEPS = (
    Step(
        "accepted",
        "accepted",
        "受理",
        "受理了，时限从今天起算。",
        fields=_accepting,
        probe=lambda _: {},
        facts=lambda _, values: {name: value for name, value in values.items() if value},
    ),
    Step(
        "correction",
        "correction_requested",
        "一次性告知补正",
        "补正通知发出去了。",
        fields=_to_correct,
        probe=_first_notice,
    ),
    Step(
        "demands",
        "correction_requested",
        "补正要加新要求，报领导批",
        "报给领导了，批了就发给申请人。",
        about="补正只能一次告知。要加第一次没有说的，由分管领导负责。",
        fields=_demands,
        probe=_second_notice,
        proposed=True,
    ),
    Step(
        "corrected",
        "corrected",
        "收补正的材料",
        "补的材料收下了。",
        about="全部补齐，五个工作日从今天重新算。",
        fields=_lacking,
        probe=lambda sight: {"items": sorted(sight.course.lacking)} if sight.course.lacking else None,
    ),
    Step(
        "completed",
        "completed",
        "收容缺的材料",
        "容缺的材料收下了。",
        fields=_owed,
        probe=lambda sight: {"items": sorted(sight.course.owed)} if sight.course.owed else None,
    ),
    Step("taken_up", "taken_up", "开始审查", "这个件归您审查了。"),
    Step(
        "inspected",
        "inspected",
        "记勘验结果",
        "勘验结果记下了。",
        fields=_inspecting,
        probe=lambda sight: {"inspectors": ["-", "--"], "passed": True} if sight.course.terms.inspection else None,
        facts=lambda _, values: {**values, "passed": values["passed"] == "yes"},
    ),
    Step(
        "stopped",
        "stopped",
        "特别程序，停钟",
        "停钟了，申请人会收到告知书。",
        about="补材料、缺人手、内部流转都不能停钟。",
        fields=_stopping,
        probe=lambda _: {"cause": "hearing", "workdays": 1},
        shows=True,
    ),
    Step("resumed", "resumed", "特别程序结束", "时限接着算了。", shows=True),
    Step(
        "granted",
        "granted",
        "准予",
        "准予许可，交给出件了。",
        fields=lambda _: [Field("valid_until", "有效期到哪天", "day", "长期有效就不填。", needed=False)],
    ),
    Step(
        "denied",
        "denied",
        "不予许可",
        "不予许可，交给出件了。决定书会写明复议和诉讼的途径。",
        fields=lambda _: [
            Field("reason", "理由", "text", ASKED),
            Field("basis", "依据", "text", "哪部法、哪一条。"),
        ],
        probe=lambda _: {"reason": "-", "basis": "-"},
    ),
    Step(
        "propose_extension",
        "extended",
        "申请延期",
        "报给领导了，批了时限才延长。",
        fields=_extending,
        probe=_try_extension,
        facts=_extended,
        shows=True,
        proposed=True,
    ),
    Step(
        "extended",
        "extended",
        "延期",
        "时限延长了，申请人会收到告知书。",
        fields=_extending,
        probe=_try_extension,
        facts=_extended,
        shows=True,
    ),
    Step(
        "checked",
        "checked",
        "核查承诺",
        "核查结果记下了。",
        fields=lambda _: [Field("kept", "和承诺", "choice", options=(("yes", "一致"), ("no", "不一致")))],
        probe=lambda _: {"kept": True},
        facts=lambda _, values: {"kept": values["kept"] == "yes"},
    ),
    Step("revoked", "revoked", "撤销许可", "许可撤销了。", fields=_why("为什么"), probe=lambda _: {"reason": "-"}),
    Step(
        "delivered",
        "delivered",
        "送达",
        "送达了，这个件办结了。",
        fields=lambda _: [Field("way", "怎么给的", "choice", options=list(WAYS.items()))],
        probe=lambda _: {"way": "counter"},
    ),
    Step(
        "answered",
        "answered",
        "答复了申请人",
        "记下了：已经答复。",
        about="先打电话或者当面答复，再来记；备注里写答复了什么。",
    ),
    Step(
        "not_required",
        "not_required",
        "不受理：不需要许可",
        "告诉申请人了：不需要许可。",
        fields=_why("为什么不需要"),
        probe=lambda _: {"reason": "-"},
    ),
    Step(
        "not_ours",
        "not_ours",
        "不予受理：不归我们办",
        "告诉申请人了：该去哪里办。",
        fields=lambda _: [
            Field("go_to", "该去哪里", "line", "机关的名称，最好带地址。", most=100),
            Field("reason", "为什么", "text", ASKED),
        ],
        probe=lambda _: {"reason": "-", "go_to": "-"},
    ),
    Step(
        "withdrawn",
        "withdrawn",
        "申请人要撤回",
        "撤回了。",
        about="申请人本人来说要撤回，核对过是他本人。撤回了不能恢复，可以重新申请。",
        probe=lambda sight: {} if sight.course.state in OPEN else None,
    ),
    Step(
        "terminated",
        "terminated",
        "终止",
        "终止了。",
        about="通知过补正，催过，一直没有来补，才可以。",
        fields=_why("为什么终止"),
        probe=lambda sight: {"reason": "-"} if sight.course.state is State.CORRECTING else None,
    ),
)
