"""Answers and conditions as plain Chinese."""

from __future__ import annotations

from typing import Any

from guidance import conditions as written
from guidance.compiler import CompiledTheme
from guidance.library import Below, ParamLiteral, UpTo
from guidance.theme import MultiFact, NumberFact, YesNoFact
from guidance.units import say_unit
from guidance.values import UNKNOWN, Range, Under


def say_answer(compiled: CompiledTheme, fact: str, answer: Any) -> str:
    """An answer as citizens read it: 「260 平方米」, 「热食、凉菜」, 「有」."""
    spec = compiled.theme.facts[fact]
    if answer is UNKNOWN:
        return "不知道"
    if isinstance(spec, YesNoFact):
        return "是" if answer else "否"
    if isinstance(spec, NumberFact):
        return say_number(answer, spec.unit)
    options = compiled.options(fact)
    if isinstance(spec, MultiFact):
        chosen = [option.label for id_, option in options.items() if id_ in answer]
        return "、".join(chosen) or "都没有"
    return str(options[answer].label)


def say_number(number: float | Range, unit: str) -> str:
    """A number or range with its unit: 「260 平方米」, 「约 180–220 平方米」, 「不到 300 平方米」."""
    name = say_unit(unit)
    if not isinstance(number, Range):
        return f"{_plain(number)} {name}"
    if number.low is None and number.high is None:
        return "不确定多少"
    if number.low is None:
        return f"{'不到' if number.high_open else '不超过'} {_plain(number.high)} {name}"
    if number.high is None:
        return f"{'超过' if number.low_open else '至少'} {_plain(number.low)} {name}"
    return f"约 {_plain(number.low)}–{_plain(number.high)} {name}"


def _plain(number: float | None) -> str:
    """A number without needless digits: 260, 1.5, 12345."""
    return f"{number:.2f}".rstrip("0").rstrip(".")


def say_side(cut: Under, unit: str, *, low: bool) -> str:
    """One side of a cut: 「300 平方米以内（含）」, 「超过 300 平方米」."""
    if low:
        return f"{'不超过' if cut.closed else '不足'} {cut.cut:g} {say_unit(unit)}"
    return f"{'超过' if cut.closed else '达到或超过'} {cut.cut:g} {say_unit(unit)}"


def say_param(value: ParamLiteral, unit: str | None = None, options: dict[str, str] | None = None) -> str:
    """A parameter's value as citizens read it."""
    match value:
        case UpTo(up_to):
            return f"{up_to:g} {say_unit(unit)}以内（含）"
        case Below(below):
            return f"不足 {below:g} {say_unit(unit)}"
        case bool():
            return "是" if value else "否"
        case str():
            return (options or {}).get(value, value)
        case _:
            return f"{value:g} {say_unit(unit)}"


class ConditionWriter:
    """Writes conditions of a compiled theme as Chinese sentences, for authors and lawyers."""

    def __init__(self, compiled: CompiledTheme) -> None:
        self._compiled = compiled
        self._theme = compiled.theme

    def write(self, condition: written.Condition) -> str:
        """The condition as one sentence without a full stop."""
        match condition:
            case written.Always():
                return "任何情形"
            case written.AllOf(parts):
                return "，且".join(self._nested(part) for part in parts)
            case written.AnyOf(parts):
                return "，或".join(self._nested(part) for part in parts)
            case written.Not(part):
                return f"并非（{self.write(part)}）"
            case written.Is(term):
                return f"属于“{self._theme.terms[term].label}”"
            case written.Atom(subject, op, operand) if subject.startswith("$"):
                return self._local(subject[1:], op, operand)
            case written.Atom(subject, op, operand):
                return self._test(subject, op, operand)

    def _nested(self, condition: written.Condition) -> str:
        text = self.write(condition)
        return f"（{text}）" if isinstance(condition, (written.AllOf, written.AnyOf)) else text

    def _local(self, param: str, op: str, operand: Any) -> str:
        spec = self._theme.params[param]
        values = operand if op == "in" else (operand,)
        return f"本地“{spec.label}”为{'或'.join(say_param(value, spec.unit, spec.options) for value in values)}"

    def _test(self, fact: str, op: str, operand: Any) -> str:
        spec = self._theme.facts[fact]
        if isinstance(spec, YesNoFact):
            return f"{spec.label}：{'是' if operand is True else '否'}"
        if isinstance(spec, NumberFact):
            return spec.label + self._comparison(op, operand, spec.unit)
        options = self._compiled.options(fact)
        ids = operand if isinstance(operand, tuple) else (operand,)
        names = "、".join(options[id_].label if id_ in options else str(id_) for id_ in ids)
        words = {
            "eq": "是",
            "in": "是其中之一：",
            "any": "包含其中任一：",
            "all": "同时包含：",
            "none": "不含：",
            "has": "包含",
        }
        return f"{spec.label}{words[op]}{names}"

    def _comparison(self, op: str, operand: Any, unit: str) -> str:
        if not isinstance(operand, str):
            return f"{_OPERATORS.get(op, op)} {operand:g} {say_unit(unit)}"
        param = operand[1:]
        value = self._compiled.locality.params.get(param)
        label = self._theme.params[param].label
        known = say_param(value.value, unit) if value else "本地未设定"
        side = {"within": "在门槛以内", "beyond": "超出门槛"}.get(op, _OPERATORS.get(op, op))
        return f"{side}（{label}：{known}）"


_OPERATORS = {"lt": "小于", "le": "不超过", "gt": "大于", "ge": "不小于"}
