"""Says back what was understood."""

from __future__ import annotations

from collections.abc import Mapping

from guidance.library import District
from guidance.reading.readings import FactValue
from guidance.theme import ChoiceFact, Fact, MultiFact, NumberFact, YesNoFact
from guidance.units import say_unit
from guidance.values import UNKNOWN, Range


def say_value(fact: Fact, value: FactValue, districts: Mapping[str, District]) -> str:
    """A fact with its value, for reading back: 「建筑面积：约 180–220 平方米」.

    Args:
        fact: a fact of the theme.
        value: a value of it, as in `FactReading.value`.
        districts: the city's districts.
    """
    return f"{fact.label}：{_said(fact, value, districts)}"


def _said(fact: Fact, value: FactValue, districts: Mapping[str, District]) -> str:
    if value is UNKNOWN:
        return "不知道"
    if value is None:
        return "还没说"
    if isinstance(fact, YesNoFact):
        return "是" if value else "否"
    if isinstance(fact, NumberFact):
        return f"{_number(value)} {say_unit(fact.unit)}"
    if isinstance(fact, MultiFact):
        chosen = value if isinstance(value, frozenset) else frozenset()
        return "、".join(option.label for id_, option in fact.options.items() if id_ in chosen) or "都没有"
    options: Mapping[str, object] = fact.options if isinstance(fact, ChoiceFact) else districts
    return str(getattr(options[str(value)], "label", value))


def _number(value: object) -> str:
    if not isinstance(value, Range):
        return _plain(value)
    if value.low is None and value.high is None:
        return "不确定多少"
    if value.low is None:
        return f"{'不到' if value.high_open else '不超过'} {_plain(value.high)}"
    if value.high is None:
        return f"{'超过' if value.low_open else '至少'} {_plain(value.low)}"
    return f"约 {_plain(value.low)}–{_plain(value.high)}"


def _plain(number: object) -> str:
    """A number without needless digits: 260, 1.5, 12345."""
    if not isinstance(number, (int, float)):
        return ""
    return f"{number:.2f}".rstrip("0").rstrip(".")
