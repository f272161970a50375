"""Messages of the chat: `{"text", "choices": [{"label", "value"}], "kind"?}`."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from guidance.session import Question
from guidance.tables import Status
from guidance.theme import MultiFact
from miniapp_api.guides import view, wording
from miniapp_api.guides.running import Running

Message = dict[str, Any]

YES, NO, UNKNOWN, BACK, WHY = "对", "不对", "不知道", "上一步", "为什么问这个"
LIST, GO_ON, CHANGE, RESTART, NONE = "看看现在的清单", "继续", "改答案", "重新开始", "都没有"
NOTHING_ELSE = "没有别的了"
_STEERING = {UNKNOWN, WHY, BACK}
MOST_PERHAPS = 5
LOOK_PAST = "仍然往下看"
BOOK = "帮我预约"
CHANGE_ONE = "改："


def say(text: str, *choices: str, kind: str | None = None) -> Message:
    """A message; the words of a choice are also its value."""
    message: Message = {"text": text, "choices": [_choice(label) for label in choices]}
    return message | ({"kind": kind} if kind else {})


def _choice(label: str) -> dict[str, Any]:
    return {"label": label, "value": label} | ({"steering": True} if label in _STEERING else {})


def question(running: Running, current: Question) -> Message:
    """A question with its answers to tap."""
    spec = running.release.compiled.theme.facts[current.fact]
    several = isinstance(spec, MultiFact)
    noted: list[str] = running.row.dialogue.get("noted", {}).get(current.fact, [])
    options = view.options(running, current) if current.mode != "proxy" else []
    labels = [option["label"] for option in options if option["value"] not in noted]
    if isinstance(spec, MultiFact) and spec.min == 0:
        labels.append(NOTHING_ELSE if noted else NONE)
    steering = [UNKNOWN, WHY, *([BACK] if running.guidance.effective else [])]
    told = f"您说过：{wording.told(running, current.fact, noted)}。除了这些，" if noted else ""
    return say(told + wording.asked(running, current), *labels, *steering, kind="multi" if several else "question")


def veto(running: Running, id_: str) -> Message:
    """A red light: what is wrong, by which law, and the ways out."""
    spec = running.release.compiled.theme.vetoes[id_]
    cited = "；".join(wording.cite(basis) for basis in view.bases(running, spec.basis))
    text = f"先停一下：{spec.name}。\n{spec.say}\n怎么办：{spec.way_out}" + (f"\n依据：{cited}" if cited else "")
    facts = [fact for fact in spec.change if fact in running.guidance.effective]
    changes = [f"{CHANGE_ONE}{running.release.compiled.theme.facts[fact].label}" for fact in facts]
    return say(text, *changes, LOOK_PAST, LIST, kind="veto")


def read_back(running: Running, answers: dict[str, Any], noted: dict[str, Any]) -> Message:
    """What was understood, before it counts; of noted options the rest is asked later."""
    theme = running.release.compiled.theme
    lines = [f"· {theme.facts[fact].label}：{wording.told(running, fact, value)}" for fact, value in answers.items()]
    lines += [
        f"· {theme.facts[fact].label}：{wording.told(running, fact, value)}（其他的等会儿问）"
        for fact, value in noted.items()
    ]
    several = any(isinstance(theme.facts[fact], MultiFact) for fact in answers)
    hint = "\n没提到的先按没有算，以后随时能改。" if several else ""
    return say("我听到的是：\n" + "\n".join(lines) + hint + "\n这样记，对吗？", YES, NO, kind="confirm")


def summary(running: Running) -> Message:
    """The list in short."""
    found = view.checklist(running)
    needed = [entry for entry in found["items"] if entry["status"] == Status.NEEDED.value]
    perhaps = [entry for entry in found["items"] if entry["status"] == Status.PERHAPS.value]
    parts = [f"【{running.release.compiled.theme.title} · {running.release.compiled.locality.name}】"]
    parts += [f"红灯：{entry['name']}。{entry['way_out']}" for entry in found["vetoes"] if entry["status"] == "needed"]
    parts += _numbered("要办的事项：", (f"{entry['name']}（{entry['time']['short']}）" for entry in needed))
    more = f"等 {len(perhaps)} 项" if len(perhaps) > MOST_PERHAPS else ""
    names = "、".join(entry["name"] for entry in perhaps[:MOST_PERHAPS])
    parts += [f"可能要办（要看后面的回答）：{names}{more}。"] if perhaps else []
    parts += _numbered("以窗口为准：", (f"{entry['name']}。{entry['say']}" for entry in found["unset"]))
    duties = [entry["name"] for entry in found["duties"] if entry["status"] == "needed"]
    parts += [f"不用办手续、但要做到的：{'、'.join(duties)}。"] if duties else []
    parts += [found["nothing_needed"]] if found["nothing_needed"] else []
    parts += [found["plan"]["say"]] if needed else []
    to_bring = [
        row["name"] for row in found["materials"] if row["status"] == "needed" and row["source"] in ("self", "template")
    ]
    parts += [f"要准备的材料共 {len(to_bring)} 样，点“我的清单”可以逐样看。"] if to_bring else []
    ways = [BOOK] if running.state == "done" and needed else []
    return say("\n".join([*parts, wording.DISCLAIMER]), *ways, kind="checklist")


def told_by_list(running: Running, intent: str) -> Message | None:
    """What the list so far says of fees, time limits or materials; None if it says nothing yet."""
    found = view.checklist(running)
    needed = [entry for entry in found["items"] if entry["status"] == Status.NEEDED.value]
    told: dict[str, list[str]] = {
        "ask_fee": [f"{entry['name']}：{entry['fee']['text']}" for entry in needed],
        "ask_time_limit": [f"{entry['name']}：{entry['time']['short']}" for entry in needed],
        "ask_materials": [row["name"] for row in found["materials"] if row["status"] == Status.NEEDED.value],
    }
    lines = told.get(intent)
    return say("\n".join(_numbered("按您现在的回答：", lines))) if lines else None


def finished(running: Running) -> list[Message]:
    """What is said when nothing more is to be asked."""
    opening = "要问的都问完了。" if running.guidance.question is None else "先看到这里。"
    listed = summary(running)
    ways = [choice["label"] for choice in listed["choices"]] if not running.standing_vetoes else [LOOK_PAST]
    choices = say("", *ways, CHANGE, RESTART)["choices"]
    return [listed | {"text": f"{opening}\n{listed['text']}", "choices": choices}]


def answers_to_change(running: Running) -> Message:
    """The answers, each to be tapped to change it."""
    theme = running.release.compiled.theme
    given = view.answers(running)
    if not given:
        return say("您还没有回答过问题。", GO_ON)
    lines = [f"· {entry['label']}" for entry in given]
    labels = [f"{CHANGE_ONE}{theme.facts[entry['fact']].label}" for entry in given]
    return say("您的回答：\n" + "\n".join(lines) + "\n选一项就能改，其他回答都留着。", *labels, GO_ON)


def _numbered(title: str, lines: Iterable[str]) -> list[str]:
    numbered = [f"{number}. {line}" for number, line in enumerate(lines, 1)]
    return [title, *numbered] if numbered else []
