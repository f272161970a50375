"""Questions: each is asked for something, in an order that works, with a way on for 「不知道」."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidance.analysis.sites import Dependencies, Site, condition_at, names_read, say_site, with_part
from guidance.conditions import Atom, Condition, Not
from guidance.linting.context import ThemeContext
from guidance.linting.proofs import Witness
from guidance.linting.registry import Finding, Stage, theme_check
from guidance.situation import AnswerError, check_answer
from guidance.theme import DontKnow, MultiFact, NumberFact, PlaceFact, YesNoFact


@theme_check("G301", "error", Stage.MEANING)
def question_changes_something(context: ThemeContext) -> Iterator[Finding]:
    """Every question can change some outcome; else nobody would ever be asked it."""
    named = {name for site in context.sites() for name in names_read(condition_at(context.theme, site))}
    for fact, spec in context.theme.facts.items():
        if not context.proofs.idle(fact):
            continue
        if f"fact:{fact}" not in named:
            if isinstance(spec, PlaceFact):
                mend = "没有分区的门槛，也没有分区的办理地点；请在城市文件里写 overrides 或 by_district，或删掉它"
            else:
                mend = "没有条件用到它；请在该用的条件里写上，或删掉它"
        else:
            mend = "用到它的条件，换哪个答案都一样；请检查这些条件是不是写反了、写重了，或删掉它"
        yield Finding(("facts", fact), f"问题“{spec.label}”不影响任何结果，不会问到：{mend}")


@theme_check("G302", "error")
def no_circles(context: ThemeContext) -> Iterator[Finding]:
    """No question or term rests on itself."""
    circle = Dependencies(context.theme).circle()
    if circle is not None:
        section, id_ = ("facts", circle[0][5:]) if circle[0].startswith("fact:") else ("terms", circle[0][5:])
        way = " → ".join(name.partition(":")[2] for name in circle)
        yield Finding(
            Site("facts", id_).path if section == "facts" else Site("terms", id_).path,
            f"条件绕成了圈：{way}；请去掉其中一处引用（问题的 only_if 不能用到它自己）",
        )


@theme_check("G302", "error")
def gates_look_back(context: ThemeContext) -> Iterator[Finding]:
    """A question applies by answers to earlier questions."""
    order = list(context.theme.facts)
    dependencies = Dependencies(context.theme)
    if dependencies.circle() is not None:
        return
    for number, (fact, spec) in enumerate(context.theme.facts.items()):
        if spec.only_if is None:
            continue
        later = [other for other in order[number + 1 :] if f"fact:{other}" in dependencies.closure(spec.only_if)]
        if later:
            labels = "、".join(context.theme.facts[other].label for other in later)
            yield Finding(
                ("facts", fact, "only_if"),
                f"问题“{spec.label}”要看后面才问的“{labels}”；请把“{labels}”移到它前面，或改 only_if",
            )


@theme_check("G303", "advice", Stage.MEANING)
def negatives_of_gated_facts(context: ThemeContext) -> Iterator[Finding]:
    """A test for no (`false`, `none`) of a question that may not apply says what it means then."""
    for site in context.sites():
        whole = condition_at(context.theme, site)
        for part in context.parts(site):
            positive = _positive(context, part.condition)
            if positive is None or not isinstance(part.condition, Atom):
                continue
            wider = with_part(whole, part.steps, Not(positive))
            witness = context.proofs.difference(whole, wider, context.proofs.whole(site))
            if witness is not None:
                yield Finding(part.path, _say_gated(context, site, part.condition, witness))


def _positive(context: ThemeContext, condition: Condition) -> Condition | None:
    """What a test for no denies, if its question has a gate."""
    match condition:
        case Atom(subject, op, operand) if not subject.startswith("$"):
            spec = context.theme.facts[subject]
            if spec.only_if is None:
                return None
            if isinstance(spec, YesNoFact) and operand is False:
                return Atom(subject, "eq", operand=True)
            if isinstance(spec, MultiFact) and op == "none":
                return Atom(subject, "any", operand)
        case _:
            pass
    return None


def _say_gated(context: ThemeContext, site: Site, atom: Atom, witness: Witness) -> str:
    label = context.theme.facts[atom.subject].label
    written = "false" if atom.op == "eq" else "none"
    return (
        f"{say_site(context.theme, site)}用 {written} 要求“{label}”，而这个问题不是人人都问；"
        f"没问到的人（例如：{witness}）"
        f"不算满足。如果他们也该算，请写成 not: {{{atom.subject}: …}}；如果不该算，"
        "请把那个问题的 only_if 一起写进条件，让人看得清"
    )


@theme_check("G304", "error")
def dont_know_leads_on(context: ThemeContext) -> Iterator[Finding]:
    """What follows after 「不知道」 is complete and fits the question."""
    for fact, spec in context.theme.facts.items():
        rule = spec.dont_know
        here = ("facts", fact, "dont_know")
        for key in _KEYS[rule.fallback]:
            if getattr(rule, key) is None:
                yield Finding(
                    (*here, "fallback"),
                    f"问题“{spec.label}”的“不知道”用了 {rule.fallback}，还缺 {key}；{_MEND[key]}",
                )
        for key in ("value", "ask", "unit", "map"):
            allowed = (*_KEYS[rule.fallback], "unit") if rule.fallback == "proxy" else _KEYS[rule.fallback]
            if getattr(rule, key) is not None and key not in allowed:
                yield Finding(
                    (*here, key),
                    f"问题“{spec.label}”的“不知道”用了 {rule.fallback}，{key} 用不上；请删掉 {key}，或改 fallback",
                )
        if rule.fallback == "proxy":
            yield from _check_proxy(fact, spec, rule)


_KEYS: dict[str, tuple[str, ...]] = {
    "keep": (),
    "assume": ("value", "say"),
    "help": ("say",),
    "proxy": ("ask", "map"),
    "handoff": ("say",),
}
_MEND = {
    "value": "请写按哪个答案算",
    "say": "请写一句说给群众听的话，例如“先按……给您算”",
    "ask": "请写换个问法的问题，例如“大概能摆几张桌子？”",
    "map": "请写对照表，例如 [{lt: 10, as: 80}, {as: 200}]",
}


def _check_proxy(fact: str, spec: Any, rule: DontKnow) -> Iterator[Finding]:
    here = ("facts", fact, "dont_know", "map")
    if not isinstance(spec, NumberFact):
        yield Finding(
            ("facts", fact, "dont_know", "fallback"),
            f"问题“{spec.label}”不是数字，不能用 proxy 换算；请改用 help 或 handoff",
        )
        return
    limits = [step.lt for step in rule.map or ()]
    if not limits:
        return
    if limits[-1] is not None or None in limits[:-1]:
        yield Finding(here, f"问题“{spec.label}”的对照表没有盖住所有数；请让最后一行不写 lt，前面每行都写 lt")
    bounded = [limit for limit in limits if limit is not None]
    if bounded != sorted(set(bounded)):
        yield Finding(here, f"问题“{spec.label}”的对照表没有从小到大；请按 lt 从小到大排，每个数只写一次")
    low, high = spec.range
    for number, step in enumerate(rule.map or ()):
        wrong = isinstance(step.value, bool) or not isinstance(step.value, (int, float))
        if wrong or not low <= step.value <= high or (spec.integer and step.value != int(step.value)):
            yield Finding(
                (*here, number, "as"),
                f"问题“{spec.label}”的对照表里 as: {step.value} 不是它能有的答案；应是 {low:g} 到 {high:g} 之间的数",
            )


@theme_check("G304", "error", Stage.MEANING)
def assumed_value_fits(context: ThemeContext) -> Iterator[Finding]:
    """What is assumed after 「不知道」 is an answer to the question, in every city."""
    for fact, spec in context.theme.facts.items():
        if spec.dont_know.fallback != "assume":
            continue
        for city in context.compiled.values():
            try:
                check_answer(city, fact, spec.dont_know.value)
            except AnswerError as error:
                where = f"（{city.locality.name}）" if isinstance(spec, PlaceFact) else ""
                yield Finding(
                    ("facts", fact, "dont_know", "value"),
                    f"问题“{spec.label}”的“不知道”按 {spec.dont_know.value} 算，"
                    f"但这不是它的答案{where}；{error.reason}",
                )
                break
