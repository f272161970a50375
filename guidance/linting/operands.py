"""Types: every test fits the fact or parameter it is made on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidance.analysis.sites import Part, say_site
from guidance.conditions import NUMBER_OPS, SET_OPS, Atom
from guidance.documents import did_you_mean
from guidance.linting.context import ThemeContext
from guidance.linting.registry import Finding, theme_check
from guidance.theme import ChoiceFact, MultiFact, NumberFact, Param, PlaceFact, YesNoFact
from guidance.units import say_unit

_FORMS = {
    "yesno": "true 或 false",
    "choice": "一个选项，或 {in: [选项, …]}",
    "place": "一个区，或 {in: [区, …]}",
    "multi": "{has: 选项}、{any: […]}、{all: […]} 或 {none: […]}",
    "number": "{lt|le|gt|ge: 数字或 $参数} 或 {within|beyond: $门槛参数}",
}
_OPERATORS = {
    "yesno": ("eq",),
    "choice": ("eq", "in"),
    "place": ("eq", "in"),
    "multi": ("has", *SET_OPS),
    "number": NUMBER_OPS,
}


def _atoms(context: ThemeContext) -> Iterator[tuple[str, Part, Atom]]:
    """Every test of the theme that names what is declared."""
    for site in context.sites():
        for part in context.parts(site):
            match part.condition:
                case Atom(subject) as atom if subject.lstrip("$") in (
                    context.theme.params if subject.startswith("$") else context.theme.facts
                ):
                    yield say_site(context.theme, site), part, atom
                case _:
                    pass


@theme_check("G201", "error")
def operator_fits_fact(context: ThemeContext) -> Iterator[Finding]:
    """A comparison fits the type of its question."""
    for where, part, atom in _atoms(context):
        spec = context.theme.facts.get(atom.subject)
        if spec is not None and atom.op not in _OPERATORS[spec.type]:
            written = "" if atom.op == "eq" else f"用 {atom.op} "
            yield Finding(
                part.path,
                f"{where}{written}比较“{spec.label}”，但它的类型是 {spec.type}；请写成 {_FORMS[spec.type]}",
            )


@theme_check("G201", "error")
def value_is_possible(context: ThemeContext) -> Iterator[Finding]:
    """A value compared with is one that the question can have."""
    for where, part, atom in _atoms(context):
        spec = context.theme.facts.get(atom.subject)
        if spec is None or atom.op not in _OPERATORS[spec.type]:
            continue
        operands = atom.operand if isinstance(atom.operand, tuple) else (atom.operand,)
        for operand in operands:
            fault = _impossible(context, spec, operand)
            if fault:
                yield Finding(part.path, f"{where}里，{fault}")


def _impossible(context: ThemeContext, spec: Any, operand: Any) -> str | None:
    match spec:
        case YesNoFact() if not isinstance(operand, bool):
            return f"“{spec.label}”只能是 true 或 false，现在是 {operand}"
        case ChoiceFact() | MultiFact() if not isinstance(operand, str) or operand not in spec.options:
            known = "、".join(spec.options)
            return f"“{spec.label}”没有选项 {operand}{did_you_mean(str(operand), spec.options)}；可用的选项：{known}"
        case PlaceFact():
            known_in = [c for c in context.localities.values() if isinstance(operand, str) and operand in c.districts]
            lacking = [c.name for c in context.localities.values() if c not in known_in]
            if lacking:
                return (
                    f"{'、'.join(lacking)}没有区 {operand}；主题要在每个城市都能用，"
                    "请把分区的差别写成参数的 overrides，或补上这个区"
                )
        case NumberFact() if isinstance(operand, (int, float)) and not spec.range[0] <= operand <= spec.range[1]:
            low, high = spec.range
            return (
                f"门槛 {operand:g} 在“{spec.label}”的范围 {low:g}–{high:g} 之外，比较的结果永远一样；"
                "请改正门槛，或放宽 range"
            )
        case _:
            pass
    return None


@theme_check("G201", "error")
def parameter_fits_test(context: ThemeContext) -> Iterator[Finding]:
    """A parameter is compared as its type and unit allow."""
    for where, part, atom in _atoms(context):
        fault = _misused_subject(context, atom) or _misused_operand(context, atom)
        if fault:
            yield Finding(part.path, f"{where}里，{fault}")


def _misused_subject(context: ThemeContext, atom: Atom) -> str | None:
    if not atom.subject.startswith("$"):
        return None
    param = context.theme.params[atom.subject[1:]]
    if param.type not in ("choice", "yesno"):
        return f"参数“{param.label}”是 {param.type}，不能单独当条件；请写成 问题: {{within: {atom.subject}}} 这样的比较"
    if atom.op not in ("eq", "in"):
        return f"参数“{param.label}”只能写成一个值或 {{in: […]}}，不能用 {atom.op}"
    for value in atom.operand if isinstance(atom.operand, tuple) else (atom.operand,):
        if param.type == "yesno" and not isinstance(value, bool):
            return f"参数“{param.label}”只能是 true 或 false，现在是 {value}"
        if param.type == "choice" and (not isinstance(value, str) or value not in (param.options or {})):
            known = param.options or {}
            return f"参数“{param.label}”没有 {value}{did_you_mean(str(value), known)}；可用的值：{'、'.join(known)}"
    return None


def _misused_operand(context: ThemeContext, atom: Atom) -> str | None:
    spec = context.theme.facts.get(atom.subject)
    operand = atom.operand
    if not (isinstance(spec, NumberFact) and isinstance(operand, str) and operand[1:] in context.theme.params):
        return None
    param = context.theme.params[operand[1:]]
    wanted = "cut" if atom.op in ("within", "beyond") else "number"
    if param.type != wanted:
        ops = {"cut": "within 或 beyond", "number": "lt、le、gt 或 ge"}.get(param.type)
        mend = f"请用 {ops}" if ops else "数字问题只能跟 cut 或 number 参数比"
        return f"参数“{param.label}”的类型是 {param.type}，不能用 {atom.op} 比较；{mend}，或把参数的 type 改成 {wanted}"
    if param.unit != spec.unit:
        return (
            f"“{spec.label}”的单位是{say_unit(spec.unit)}，参数“{param.label}”的单位是"
            f"{say_unit(param.unit) or '空'}；两个单位要一样，请改正其中一个的 unit"
        )
    return None


@theme_check("G201", "error")
def number_range_in_order(context: ThemeContext) -> Iterator[Finding]:
    """The range of a number goes from small to large."""
    for fact, spec in context.theme.facts.items():
        if isinstance(spec, NumberFact) and spec.range[0] >= spec.range[1]:
            low, high = spec.range
            yield Finding(
                ("facts", fact, "range"),
                f"“{spec.label}”的范围 [{low:g}, {high:g}] 里没有数；请写成 [最小, 最大]",
            )


@theme_check("G201", "error")
def parameter_declared_whole(context: ThemeContext) -> Iterator[Finding]:
    """A choice parameter lists its options, a threshold has a unit."""
    for id_, param in context.theme.params.items():
        if param.type == "choice" and not param.options:
            yield Finding(
                ("params", id_),
                f"参数“{param.label}”是 choice，却没有 options；请列出可选的值，例如 options: {{approval: 审批}}",
            )
        if param.type in ("cut", "number") and not param.unit:
            yield Finding(
                ("params", id_), f"参数“{param.label}”是数字，却没有 unit；请写单位，例如 unit: m2，要和问题的单位一样"
            )


@theme_check("G202", "error")
def exclusive_options_consistent(context: ThemeContext) -> Iterator[Finding]:
    """An exclusive option (「都没有」) is never demanded together with another."""
    for where, part, atom in _atoms(context):
        spec = context.theme.facts.get(atom.subject)
        if isinstance(spec, MultiFact) and atom.op == "all" and len(atom.operand) > 1:
            for option in atom.operand:
                if option in spec.options and spec.options[option].exclusive:
                    others = "、".join(other for other in atom.operand if other != option)
                    yield Finding(
                        part.path,
                        f"{where}永远不成立：它要求“{spec.label}”同时有 {option} 和 {others}，但 {option} 只能单独选；"
                        f"请改成 any，或去掉 {option} 的 exclusive",
                    )


@theme_check("G202", "error")
def options_can_be_chosen(context: ThemeContext) -> Iterator[Finding]:
    """A choice has two options at least, a multi question one that combines."""
    for fact, spec in context.theme.facts.items():
        if isinstance(spec, ChoiceFact) and len(spec.options) < 2:
            yield Finding(
                ("facts", fact, "options"),
                f"问题“{spec.label}”不到两个选项，没有可选的；请补上别的选项，或删掉这个问题",
            )
        if isinstance(spec, ChoiceFact):
            for option, entry in spec.options.items():
                if entry.exclusive:
                    yield Finding(
                        ("facts", fact, "options", option, "exclusive"),
                        f"问题“{spec.label}”是单选，选项本来就互斥；请去掉 {option} 的 exclusive，或把 type 改成 multi",
                    )
        if isinstance(spec, MultiFact) and all(entry.exclusive for entry in spec.options.values()):
            yield Finding(
                ("facts", fact, "options"),
                f"问题“{spec.label}”的选项都只能单独选；请把 type 改成 choice，或去掉能一起选的选项的 exclusive",
            )


@theme_check("G208", "warning")
def literal_where_parameter_exists(context: ThemeContext) -> Iterator[Finding]:
    """A number that some city sets as a parameter is not written into the rule."""
    for where, part, atom in _atoms(context):
        spec = context.theme.facts.get(atom.subject)
        if not isinstance(spec, NumberFact) or isinstance(atom.operand, (str, tuple)) or atom.op not in NUMBER_OPS:
            continue
        for id_, param in context.theme.params.items():
            if param.unit == spec.unit and atom.operand in _values(context, id_, param):
                op = "within" if param.type == "cut" else "le"
                yield Finding(
                    part.path,
                    f"{where}把 {atom.operand:g} {say_unit(spec.unit)}写死了，"
                    f"而参数“{param.label}”（${id_}）就是这个数；"
                    f"如果说的是同一个门槛，请写成 {{{op}: ${id_}}} 一类的比较",
                )


def _values(context: ThemeContext, id_: str, param: Param) -> Iterator[float]:
    if param.type not in ("cut", "number"):
        return
    for city in context.localities.values():
        if id_ in city.params:
            own = city.params[id_]
            for value in (own.value, *own.overrides.values()):
                yield number_in(value)


def number_in(value: Any) -> float:
    """The number inside a parameter's value; nan if there is none."""
    found = getattr(value, "up_to", getattr(value, "below", value))
    return float(found) if isinstance(found, (int, float)) and not isinstance(found, bool) else float("nan")
