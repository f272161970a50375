"""The sentences of guides. Facts come from the release; only the words between them are here.

A question is the only text with a 「？」: clients tell questions by it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from guidance import sentences
from guidance.explain import Difference, decided_by, nearest_changes, open_facts, say_reason
from guidance.library import Locality
from guidance.plan import Plan
from guidance.session import Question
from guidance.tables import Status
from guidance.theme import Limit, NumberFact, Theme
from guidance.units import say_unit
from guidance.values import UNKNOWN, Answer, Under
from miniapp_api.guides.running import Running

DISCLAIMER = "这份清单按您的回答和公开的规定整理，供您准备材料用；能不能办、怎么办，以窗口受理为准。"
ALWAYS = "办这件事都需要。"


def ask(running: Running, question: Question) -> str:
    """The question's own sentence."""
    spec = running.release.compiled.theme.facts[question.fact]
    if question.mode == "proxy":
        return spec.dont_know.ask or spec.ask
    if question.mode == "narrow":
        return f"{spec.label}具体在哪一档，更接近下面哪个？"
    return spec.ask


def help_with(running: Running, question: Question) -> str | None:
    """What helps to answer."""
    spec = running.release.compiled.theme.facts[question.fact]
    if question.mode == "help":
        return spec.dont_know.say or spec.help
    if question.mode == "narrow":
        known = sentences.say_number(running.guidance.situation.answers[question.fact], getattr(spec, "unit", ""))
        return f"您说的是{known}，正好跨过一条线，线两边要办的不一样。"
    return None if question.mode == "proxy" else spec.help


def asked(running: Running, question: Question) -> str:
    """The whole message of a question: help, if any, and the question itself."""
    help_ = help_with(running, question)
    sentence = ask(running, question)
    spec = running.release.compiled.theme.facts[question.fact]
    if isinstance(spec, NumberFact) and question.mode == "ask":
        hint = f"（直接写数字就行，单位{say_unit(spec.unit)}）"
        return f"{sentence}\n{hint}{help_ or ''}"
    return f"{sentence}\n{help_}" if help_ else sentence


def say_answer(running: Running, fact: str) -> str:
    """The answer that counts for a fact, as citizens read it."""
    entry = running.guidance.effective[fact]
    if entry.answer is UNKNOWN and fact in running.guidance.assumed:
        return f"不知道，先按“{told(running, fact, running.guidance.situation.answers[fact])}”算"
    return told(running, fact, entry.answer)


def told(running: Running, fact: str, answer: Answer) -> str:
    """Any answer to a fact, as citizens read it."""
    return sentences.say_answer(running.release.compiled, fact, answer)


def why_asked(running: Running, fact: str) -> str:
    """Why a question is asked: what hangs on it."""
    theme = running.release.compiled.theme
    by_kind = decided_by(running.guidance.situation, fact)
    label = theme.facts[fact].label
    if "veto" in by_kind:
        return f"因为“{label}”关系到这件事能不能办，先弄清楚，免得您白花钱。"
    names = [f"〈{name_of(theme, id_)}〉" for id_ in by_kind.get("item", ())]
    if names:
        return f"因为“{label}”决定要不要办{_some(names)}。"
    if "material" in by_kind:
        owners = dict.fromkeys(f"〈{theme.items[id_.split('/')[0]].name}〉" for id_ in by_kind["material"])
        return f"要办的事项不变，但“{label}”决定{_some(list(owners))}要带哪些材料。"
    if "duty" in by_kind or "notice" in by_kind:
        return f"因为“{label}”决定有没有要特别遵守或留意的规定。"
    if "place" in by_kind:
        return f"要办的事项不变，“{label}”决定您去哪里办最近。"
    return f"“{label}”用来把清单算准。"


def perhaps(running: Running, facts: Sequence[str]) -> str:
    """Why something is only perhaps needed."""
    labels = [f"“{running.release.compiled.theme.facts[fact].label}”" for fact in facts]
    return f"要看{'、'.join(labels)}才能定。" if labels else "现有的回答还定不下来，请向窗口确认。"


def unset(locality: Locality, labels: Iterable[str]) -> str:
    """What is said of an outcome that hangs on what the city has not set."""
    return f"{locality.name}还没有提供“{'”“'.join(labels)}”，要不要办以窗口为准，可以先打 {locality.hotline} 问清楚。"


def name_of(theme: Theme, id_: str) -> str:
    """The name of an item, duty or veto; a notice's text; a material's or place's item."""
    owner = id_.split("/", maxsplit=1)[0].split("@", maxsplit=1)[0]
    for group in (theme.items, theme.duties, theme.vetoes):
        if owner in group:
            return str(group[owner].name)
    return theme.notices[owner].say


def say_side(cut: Under, spec: NumberFact, *, low: bool) -> str:
    """One side of a threshold."""
    return sentences.say_side(cut, spec.unit, low=low)


def say_limit(limit: Limit) -> str:
    """A time limit: 「10 个工作日」."""
    if limit.days == 0:
        return "当场办结"
    return "半个工作日" if (limit.days, limit.unit) == (0.5, "workday") else f"{limit.days:g} {say_unit(limit.unit)}"


def say_limits(promise: Limit | None, legal: Limit | None, note: str | None) -> str:
    """Both limits and the author's note."""
    parts = [f"承诺 {say_limit(promise)}"] if promise else []
    if legal:
        parts.append(f"法定 {say_limit(legal)}")
    if note:
        parts.append(note)
    return "，".join(parts) or "没有规定时限"


def say_plan(plan: Plan) -> str:
    """How long it takes."""
    if not plan.steps:
        return "现在还没有一定要办的事项。"
    many = f"一共分 {len(plan.steps)} 步，" if len(plan.steps) > 1 else ""
    if plan.finish is None:
        return f"{many}按承诺时限大约要 {plan.workdays} 个工作日；会跨到放假安排还没公布的年份，算不出具体日期。"
    day = f"{plan.finish.year} 年 {plan.finish.month} 月 {plan.finish.day} 日"
    return (
        f"{many}材料齐全、今天就提交的话，最快 {day}前后开业前的手续能办完（按承诺时限约 {plan.workdays} 个工作日）。"
    )


def nearest(running: Running, fact: str, value: Answer) -> str:
    """One other answer that would turn an outcome over."""
    return f"如果“{running.release.compiled.theme.facts[fact].label}”是“{told(running, fact, value)}”，结果就不同"


def difference(running: Running, found: Difference) -> dict[str, Any]:
    """What other answers would change (`schemas.WhatIfOut`)."""
    theme = running.release.compiled.theme
    listed = {
        "added": _named(theme, found.added),
        "removed": _named(theme, found.removed),
        "undecided": _named(theme, found.undecided),
    }
    words = {"added": "会多出", "removed": "就不用", "undecided": "变得不确定"}
    parts = [
        words[key] + _some([f"〈{entry['name']}〉" for entry in names], 6) for key, names in listed.items() if names
    ]
    return {**listed, "summary": f"这样的话，{'；'.join(parts)}。" if parts else "这样的话，清单没有变化。"}


def _named(theme: Theme, ids: Iterable[str]) -> list[dict[str, str]]:
    """Items, duties and red lights among outcomes, once each; notices and materials change with them."""
    groups = (theme.items, theme.duties, theme.vetoes)
    own = (id_ for id_ in ids if any(id_ in group for group in groups))
    return [{"id": id_, "name": name_of(theme, id_)} for id_ in own]


def _some(names: Sequence[str], most: int = 3) -> str:
    more = f"等 {len(names)} 项" if len(names) > most else ""
    return "、".join(names[:most]) + more


def cite(basis: Mapping[str, Any]) -> str:
    """A legal basis in short, with how well it was checked."""
    words = {"verified": "已核对", "recalled": "凭经验，待核", "unsure": "未核实"}
    return f"{basis['law']}{basis['article'] or ''}（{basis['checked']} {words[basis['certainty']]}）"


def explain(running: Running, id_: str) -> str:
    """Why an outcome stands as it does, in a sentence or two with its legal basis."""
    compiled, situation = running.release.compiled, running.guidance.situation
    outcome, name = compiled.outcomes[id_], name_of(compiled.theme, id_)
    status = situation.status_of(outcome)
    if status is Status.PERHAPS:
        return f"〈{name}〉现在还定不下来：{perhaps(running, open_facts(situation, outcome))}"
    if status is Status.UNSET:
        labels = [compiled.theme.params[param].label for param in outcome.table.unset]
        return f"〈{name}〉：{unset(compiled.locality, labels)}"
    reason = say_reason(situation, outcome) or ALWAYS.rstrip("。")
    verdict = "要办" if status is Status.NEEDED else "不用办"
    turns = [nearest(running, fact, value) for fact, value in nearest_changes(situation, outcome)]
    return f"〈{name}〉{verdict}：{reason}。" + (f"{turns[0]}。" if turns else "")
