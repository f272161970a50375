"""Meaning: conditions that can never hold, always hold, or say something twice."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from guidance.analysis.sites import (
    OUTCOME_SECTIONS,
    SECTION_NAMES,
    Part,
    Site,
    condition_at,
    names_read,
    part_at,
    say_site,
    with_part,
)
from guidance.conditions import ALWAYS, AllOf, AnyOf, Atom, Condition
from guidance.linting.context import ThemeContext
from guidance.linting.proofs import Proofs
from guidance.linting.registry import Finding, Stage, theme_check
from guidance.logic import Literal as TestOnFact
from guidance.logic import Resolver
from guidance.sentences import ConditionWriter
from guidance.tables import literals
from guidance.theme import NumberFact
from guidance.units import say_unit
from guidance.values import Under


@theme_check("G203", "error", Stage.MEANING)
def can_happen(context: ThemeContext) -> Iterator[Finding]:
    """Every outcome, material, term and question can come up in some situation."""
    proofs = context.proofs
    for site in context.sites():
        condition = condition_at(context.theme, site)
        in_item = AllOf((proofs.whole(site), condition)) if site.material is not None else condition
        if not proofs.never(in_item):
            if site.section in OUTCOME_SECTIONS and site.material is None:
                yield from _only_elsewhere(context, site)
            continue
        if site.material is not None and proofs.never(proofs.whole(site)):
            continue
        yield Finding(site.path, f"{say_site(context.theme, site)}永远不成立：{_why_never(context, in_item)}")


def _why_never(context: ThemeContext, condition: Condition) -> str:
    write = ConditionWriter(next(iter(context.compiled.values()))).write
    clash = context.proofs.conflict(condition)
    if len(clash) > 1:
        told = "”和“".join(write(part) for part in clash)
        return f"它同时要求“{told}”，而这几样碰不到一起；请去掉其中一样，或把该放宽的改成 any"
    return f"“{write(clash[0])}”在任何情形下都不成立；请检查选项、门槛和 only_if，或删掉这一条"


def _only_elsewhere(context: ThemeContext, site: Site) -> Iterator[Finding]:
    cities = context.proofs.real_cities
    if context.proofs.unreachable(site.id, cities):
        names = "、".join(city.locality.name for city in cities)
        yield Finding(
            site.path,
            f"{say_site(context.theme, site)}在目前每个城市（{names}）的参数下都不会成立；"
            "为别的城市预备的就留着，否则请核对各城市的参数",
            "advice",
        )


@theme_check("G204", "warning", Stage.MEANING)
def not_always(context: ThemeContext) -> Iterator[Finding]:
    """A condition that holds in every situation says so: `always`."""
    for site in context.sites():
        condition = condition_at(context.theme, site)
        if condition == ALWAYS or not context.proofs.always(condition):
            continue
        if site.section == "facts":
            mend = "请删掉 only_if"
        elif site.material is not None:
            mend = "请删掉这个 when（没有 when 就是总要交）"
        else:
            mend = "如果本来就对所有人都成立，请写 when: always；不是的话，请检查选项和门槛"
        yield Finding(site.path, f"{say_site(context.theme, site)}在每种情形下都成立；{mend}")


@theme_check("G205", "warning", Stage.MEANING)
def every_part_counts(context: ThemeContext) -> Iterator[Finding]:
    """Every part of a condition changes the result in some situation."""
    proofs = context.proofs
    write = ConditionWriter(next(iter(context.compiled.values()))).write
    for site in context.sites():
        whole = condition_at(context.theme, site)
        if proofs.never(whole) or (whole != ALWAYS and proofs.always(whole)):
            continue
        for part, smaller in _droppable(whole, context.parts(site)):
            if proofs.equal(whole, smaller, proofs.whole(site)) and not _is_gate(context, whole, part):
                yield Finding(
                    part.path,
                    f"{say_site(context.theme, site)}里“{write(part.condition)}”是多余的：去掉它，"
                    f"每种情形的结果都不变；{_mend_redundant(proofs, whole, part)}",
                )
        yield from _useless_options(context, site, whole)


def _droppable(whole: Condition, parts: Iterator[Part]) -> Iterator[tuple[Part, Condition]]:
    for part in parts:
        if part.steps:
            parent = part_at(whole, part.steps[:-1])
            if isinstance(parent, (AllOf, AnyOf)) and len(parent.parts) > 1:
                yield part, with_part(whole, part.steps, None)


def _mend_redundant(proofs: Proofs, whole: Condition, part: Part) -> str:
    if proofs.never(part.condition):
        return "它自己就永远不成立，请改正它，或删掉"
    if isinstance(part_at(whole, part.steps[:-1]), AllOf):
        return "它已经包含在别的要求里，请删掉；如果本意是另外的要求，请检查写法"
    return "别的分支已经包含了它，请删掉；如果本意是 all，请改写"


def _is_gate(context: ThemeContext, whole: Condition, part: Part) -> bool:
    """Whether a part only repeats, for the reader, the gate of a question tested next to it."""
    parent = part_at(whole, part.steps[:-1])
    for name in names_read(parent):
        kind, _, fact = name.partition(":")
        gate = context.theme.facts[fact].only_if if kind == "fact" else None
        if gate is not None and context.proofs.implies(gate, part.condition):
            return True
    return False


def _useless_options(context: ThemeContext, site: Site, whole: Condition) -> Iterator[Finding]:
    proofs = context.proofs
    for part in context.parts(site):
        match part.condition:
            case Atom(subject, op, tuple() as listed) if len(listed) > 1 and not subject.startswith("$"):
                for option in listed:
                    rest = tuple(other for other in listed if other != option)
                    smaller = with_part(whole, part.steps, Atom(subject, op, rest))
                    if proofs.equal(whole, smaller, proofs.whole(site)):
                        yield Finding(
                            part.path,
                            f"{say_site(context.theme, site)}里 {op} 列出的 {option} 是多余的：去掉它，"
                            "每种情形的结果都不变；请删掉，或检查别的要求是不是已经把它排除了",
                        )
            case _:
                pass


@theme_check("G206", "advice", Stage.MEANING)
def items_differ(context: ThemeContext) -> Iterator[Finding]:
    """Two items that always come together might be one."""
    for group in context.proofs.twins():
        names = "”“".join(context.theme.items[item].name for item in group)
        yield Finding(
            ("items", group[1], "when"),
            f"事项“{names}”在每种情形下都一起出现；确实是几件事就留着，只是一件事的几个环节请合成一个",
        )


@theme_check("G207", "warning", Stage.MEANING)
def thresholds_meet(context: ThemeContext) -> Iterator[Finding]:
    """Two rules that split a number at the same value agree to which side the value belongs."""
    for fact, spec in context.theme.facts.items():
        if not isinstance(spec, NumberFact):
            continue
        sides: dict[object, dict[bool, tuple[Part, Site]]] = {}
        for site in context.sites():
            for part in context.parts(site):
                match part.condition:
                    case Atom(subject, "lt" | "le" | "gt" | "ge" as op, operand) if subject == fact:
                        sides.setdefault(operand, {}).setdefault(op in ("le", "gt"), (part, site))
                    case _:
                        pass
        for operand, found in sides.items():
            if len(found) > 1:
                (_, other), (part, site) = found.values()
                value = f"{operand:g} {say_unit(spec.unit)}" if isinstance(operand, (int, float)) else str(operand)
                yield Finding(
                    part.path,
                    f"“{spec.label}”正好 {value}时，{say_site(context.theme, site)}和"
                    f"{say_site(context.theme, other)}一个把它算在上边、一个算在下边，会漏掉或重复；"
                    "请统一：lt 配 ge，le 配 gt",
                )


_WORDS: Final = {
    "以上": (False, True),
    "以下": (True, True),
    "以内": (True, True),
    "不超过": (True, True),
    "不少于": (False, True),
    "不足": (True, False),
    "不满": (True, False),
    "超过": (False, False),
}
"""Words of law: which side they mean (True: below), and whether they include the number (民法典 1259)."""
_BEHIND: Final = "以上|以下|以内"
_AHEAD: Final = "不超过|不少于|不足|不满|(?<!不)超过"


@theme_check("G207", "warning", Stage.MEANING)
def words_agree_with_operator(context: ThemeContext) -> Iterator[Finding]:
    """「以上」「以下」 in an outcome's text include the number exactly if its condition does."""
    city = next(iter(context.compiled.values()))
    for section in (*OUTCOME_SECTIONS, "terms"):
        for id_, spec in getattr(context.theme, section).items():
            cuts = _cuts(context, city, spec)
            for key in ("name", "label", "say"):
                text = getattr(spec, key, None)
                for number, word in _numbers_told(text if isinstance(text, str) else ""):
                    includes = _WORDS[word][1] is _WORDS[word][0]
                    if number in cuts and cuts[number] != {includes}:
                        side = "包括" if _WORDS[word][1] else "不包括"
                        yield Finding(
                            (section, id_, key),
                            f"{SECTION_NAMES[section]}的文字说“{number:g}{word}”或同样的意思，按法律用语{side}"
                            f" {number:g} 本数，条件却相反；请改文字，或把 lt/le、gt/ge、up_to/below 换过来",
                        )


def _cuts(context: ThemeContext, city: Any, spec: Any) -> dict[float, set[bool]]:
    """By value, whether the value itself is on the low side of the thresholds of a condition."""
    found: dict[float, set[bool]] = {}
    for literal in literals(Resolver(context.theme, city.locality).formula(spec.when)):
        match literal:
            case TestOnFact(_, Under(cut, closed)):
                found.setdefault(cut, set()).add(closed)
            case _:
                pass
    return found


def _numbers_told(text: str) -> Iterator[tuple[float, str]]:
    unit = r"\s*(?:平方米|平米|万元|元|米|人|个|层)?\s*"
    for match in re.finditer(rf"(\d+(?:\.\d+)?){unit}({_BEHIND})", text):
        yield float(match[1]), match[2]
    for match in re.finditer(rf"({_AHEAD})\s*(\d+(?:\.\d+)?)", text):
        yield float(match[2]), match[1]
