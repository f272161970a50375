"""Types: what cities set fits what themes declare."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from guidance.documents import KeyPath, did_you_mean
from guidance.library import Below, Locality, ParamLiteral, ParamValue, UpTo
from guidance.linting.context import CatalogueContext
from guidance.linting.registry import Finding, catalogue_check
from guidance.theme import Param, PlaceFact

_FORMS = {
    "cut": "{up_to: 300}（含 300）或 {below: 50}（不含 50）",
    "number": "一个数字",
    "choice": "主题列出的一个值",
    "yesno": "true 或 false",
}


@catalogue_check("G201", "error")
def city_value_fits_parameter(context: CatalogueContext) -> Iterator[Finding]:
    """A city's value has the type of its parameter."""
    declared = _declared(context)
    for document in context.localities.values():
        for id_, own in document.content.params.items():
            for path, value in _all_values(own):
                fault = _misfit(declared[id_], value) if id_ in declared else None
                if fault:
                    yield Finding(("params", id_, *path), fault, document=document)


def _all_values(own: ParamValue) -> Iterator[tuple[KeyPath, ParamLiteral]]:
    yield ("value",), own.value
    yield from ((("overrides", district), value) for district, value in own.overrides.items())
    if own.change is not None:
        yield ("change", "value"), own.change.value


def _misfit(param: Param, value: ParamLiteral) -> str | None:
    fits = {
        "cut": isinstance(value, (UpTo, Below)),
        "number": isinstance(value, float) and not isinstance(value, bool),
        "yesno": isinstance(value, bool),
        "choice": isinstance(value, str) and value in (param.options or {}),
    }[param.type]
    if fits:
        return None
    if param.type == "choice":
        known = param.options or {}
        hint = f"{did_you_mean(str(value), known)}；可用的值：{'、'.join(known)}"
        return f"参数“{param.label}”没有这个值：{_say(value)}{hint}"
    return f"参数“{param.label}”的值现在是 {_say(value)}，类型不对；请写成 {_FORMS[param.type]}"


def _say(value: Any) -> str:
    match value:
        case UpTo(number):
            return f"{{up_to: {number:g}}}"
        case Below(number):
            return f"{{below: {number:g}}}"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)


@catalogue_check("G201", "error")
def overrides_name_districts(context: CatalogueContext) -> Iterator[Finding]:
    """A value of its own for a district names a district, and themes ask for the district."""
    declared = _declared(context)
    placeless = {
        param: theme.theme.title
        for theme in context.themes
        if not any(isinstance(spec, PlaceFact) for spec in theme.theme.facts.values())
        for param in theme.theme.params
    }
    for document in context.localities.values():
        for id_, own in document.content.params.items():
            for district in own.overrides:
                fault = _useless_override(document.content, district, declared.get(id_), placeless.get(id_))
                if fault:
                    yield Finding(("params", id_, "overrides", district), fault, document=document)


def _useless_override(city: Locality, district: str, param: Param | None, placeless: str | None) -> str | None:
    if district not in city.districts:
        near = did_you_mean(district, city.districts)
        return f"{city.name}没有区 {district}{near}；请改正，或在 districts 里补上"
    if param is not None and param.type in ("choice", "yesno"):
        return f"参数“{param.label}”是 {param.type}，不能分区设定；只有数字和门槛可以写 overrides"
    if placeless is not None:
        return f"主题“{placeless}”没有 place 问题，分区的值用不上；请加一个问所在区的问题，或删掉 overrides"
    return None


def _declared(context: CatalogueContext) -> dict[str, Param]:
    return {id_: param for theme in context.themes for id_, param in theme.theme.params.items()}


@catalogue_check("G201", "error")
def parameter_same_everywhere(context: CatalogueContext) -> Iterator[Finding]:
    """A parameter that several themes declare is the same in all: a city sets it once."""
    first: dict[str, tuple[str, Param]] = {}
    for theme in context.themes:
        for id_, param in theme.theme.params.items():
            title, known = first.setdefault(id_, (theme.theme.title, param))
            if (known.type, known.unit, known.options) != (param.type, param.unit, param.options):
                yield Finding(
                    ("params", id_),
                    f"参数 {id_} 在主题“{title}”里的类型、单位或选项不一样，而每个城市只设一次；"
                    "请改成一样的，或换个编号",
                    document=theme.document,
                )
