"""Mutants: themes that differ from a theme in one small fault, as authors make them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from guidance.analysis.sites import (
    OUTCOME_SECTIONS,
    Dependencies,
    Site,
    inner_parts,
    say_site,
    sites,
    with_condition,
    with_part,
)
from guidance.compiler import CompiledTheme
from guidance.conditions import AllOf, Always, AnyOf, Atom, Condition, Is, Not
from guidance.library import Below, Locality, ParamLiteral, UpTo
from guidance.sentences import ConditionWriter, say_param
from guidance.theme import NumberFact, Theme, YesNoFact

_SHIFTED_LE = {"lt": "le", "le": "lt", "gt": "ge", "ge": "gt"}
_SIDES = {"within": "beyond", "beyond": "within"}


@dataclass(frozen=True)
class Mutant:
    """A theme or a set of cities with one fault.

    Attributes:
        where: what was changed, in Chinese.
        change: how, in Chinese.
        site: the condition that was changed; None for a parameter.
        theme: the theme with the fault.
        localities: the cities with the fault; those that are as they were are absent.
        owners: ids of the outcomes that may differ.
    """

    where: str
    change: str
    site: Site | None
    theme: Theme
    localities: dict[str, Locality]
    owners: frozenset[str]

    def __str__(self) -> str:
        return f"{self.where}：{self.change}"


def mutants(theme: Theme, cities: Mapping[str, CompiledTheme]) -> Iterator[Mutant]:
    """Every mutant of a theme and of the parameters that cities set for it.

    Args:
        theme: the theme.
        cities: the theme compiled for each city.
    """
    affected = _Affected(theme)
    write = ConditionWriter(next(iter(cities.values()))).write
    for site, condition in sites(theme):
        places = {place for city in cities.values() for place in city.locality.districts}
        for change, mutated in _edits(theme, condition, write, places):
            owners = affected.by(site)
            yield Mutant(say_site(theme, site), change, site, with_condition(theme, site, mutated), {}, owners)
    localities = {id_: city.locality for id_, city in cities.items()}
    for param, spec in theme.params.items():
        owners = affected.by_name(f"param:{param}")
        if owners:
            for change, changed in _param_edits(theme, param, localities):
                yield Mutant(f"参数“{spec.label}”", change, None, theme, changed, owners)


class _Affected:
    """Which outcomes may differ when a condition or parameter changes."""

    def __init__(self, theme: Theme) -> None:
        dependencies = Dependencies(theme)
        self._rests_on: dict[str, set[str]] = {}
        for site, condition in sites(theme):
            if site.section in OUTCOME_SECTIONS:
                self._rests_on.setdefault(site.id, set()).update(dependencies.closure(condition))

    def by_name(self, name: str) -> frozenset[str]:
        """The outcomes that rest on a fact's gate, a term or a parameter."""
        return frozenset(id_ for id_, names in self._rests_on.items() if name in names)

    def by(self, site: Site) -> frozenset[str]:
        """The outcomes that rest on a condition."""
        if site.section in OUTCOME_SECTIONS:
            return frozenset({site.id})
        return self.by_name(f"{site.section.rstrip('s')}:{site.id}")


def _edits(theme: Theme, whole: Condition, write: Any, places: set[str]) -> Iterator[tuple[str, Condition]]:
    """Every faulty form of a condition, with what was changed."""
    for steps, part in _walk(whole, ()):
        for change, new in _part_edits(theme, part, places):
            yield f"“{write(part)}”{change}", with_part(whole, steps, new)
        found = inner_parts(part)
        if isinstance(part, (AllOf, AnyOf)) and len(found) > 1:
            for number, inner in enumerate(found):
                yield f"去掉“{write(inner)}”", with_part(whole, (*steps, number), None)


def _walk(condition: Condition, steps: tuple[int, ...]) -> Iterator[tuple[tuple[int, ...], Condition]]:
    yield steps, condition
    for number, part in enumerate(inner_parts(condition)):
        yield from _walk(part, (*steps, number))


def _part_edits(theme: Theme, part: Condition, places: set[str]) -> Iterator[tuple[str, Condition]]:
    match part:
        case AllOf(parts) if len(parts) > 1:
            yield "里的“且”改成“或”", AnyOf(parts)
        case AnyOf(parts) if len(parts) > 1:
            yield "里的“或”改成“且”", AllOf(parts)
        case Not(inner):
            yield "去掉“并非”", inner
        case Atom():
            yield from _atom_edits(theme, part, places)
        case Always() | Is():
            yield "反过来", Not(part)
        case _:
            pass


def _atom_edits(theme: Theme, atom: Atom, places: set[str]) -> Iterator[tuple[str, Condition]]:
    subject, op, operand = atom.subject, atom.op, atom.operand
    if isinstance(operand, bool) and isinstance(theme.facts.get(subject), YesNoFact):
        yield "反过来", Atom(subject, "eq", not operand)
        return
    if op in _SIDES:
        yield "换到门槛另一边", Atom(subject, _SIDES[op], operand)
        return
    yield "反过来", Not(atom)
    if op in _SHIFTED_LE:
        yield "把门槛本数算到另一边", Atom(subject, _SHIFTED_LE[op], operand)
        if isinstance(operand, (int, float)):
            for moved in _moved(operand, theme.facts[subject]):
                yield f"门槛改成 {moved:g}", Atom(subject, op, moved)
        return
    yield from _option_edits(theme, atom, places)


def _option_edits(theme: Theme, atom: Atom, places: set[str]) -> Iterator[tuple[str, Condition]]:
    """Options taken out of and put into a list; a single option counts as a list of one."""
    spec = theme.facts.get(atom.subject)
    known = _options(theme, atom, places)
    listed = atom.operand if isinstance(atom.operand, tuple) else (atom.operand,)
    op = {"eq": "in", "has": "any"}.get(atom.op, atom.op)
    if len(listed) > 1:
        for option in listed:
            rest = tuple(other for other in listed if other != option)
            yield f"漏掉选项 {option}", Atom(atom.subject, op, rest)
    if isinstance(spec, YesNoFact):
        return
    for option in known:
        if option not in listed:
            yield f"多写选项 {option}", Atom(atom.subject, op, (*listed, option))


def _options(theme: Theme, atom: Atom, places: set[str]) -> list[str]:
    if atom.subject.startswith("$"):
        return list(theme.params[atom.subject[1:]].options or ())
    return list(getattr(theme.facts[atom.subject], "options", sorted(places)))


def _moved(number: float, fact: Any) -> Iterator[float]:
    """The next numbers on both sides of a threshold that still are in range."""
    step = threshold_step(number, fact)
    low, high = fact.range
    yield from (moved for moved in (round(number - step, 6), round(number + step, 6)) if low <= moved <= high)


def threshold_step(number: float, fact: Any) -> float:
    """How far a threshold is moved: by one, by a tenth where the numbers are small and not whole."""
    whole = isinstance(fact, NumberFact) and fact.integer
    return 1.0 if whole or number >= 2 or number == 0 else 0.1


def _param_edits(theme: Theme, param: str, cities: Mapping[str, Locality]) -> Iterator[tuple[str, dict[str, Locality]]]:
    """A parameter's values changed in the cities that have them."""
    spec = theme.params[param]
    having: dict[ParamLiteral, list[str]] = {}
    for id_, city in cities.items():
        if param in city.params:
            having.setdefault(city.params[param].value, []).append(id_)
            yield from _override_edits(theme, param, id_, city)
    for value, ids in having.items():
        for other in _other_values(theme, param, value):
            written = say_param(other, spec.unit, spec.options)
            names = "、".join(cities[id_].name for id_ in ids)
            yield (
                f"{names}的值从“{say_param(value, spec.unit, spec.options)}”改成“{written}”",
                {id_: _with_value(cities[id_], param, other) for id_ in ids},
            )


def _override_edits(theme: Theme, param: str, id_: str, city: Locality) -> Iterator[tuple[str, dict[str, Locality]]]:
    """A parameter's value changed in one district that has its own."""
    spec, own = theme.params[param], city.params[param]
    for district, value in own.overrides.items():
        for other in _other_values(theme, param, value):
            label = city.districts[district].label
            written = say_param(other, spec.unit, spec.options)
            changed = replace(own, overrides={**own.overrides, district: other})
            yield (
                f"{city.name}{label}的值从“{say_param(value, spec.unit, spec.options)}”改成“{written}”",
                {id_: replace(city, params={**city.params, param: changed})},
            )


def _with_value(city: Locality, param: str, value: ParamLiteral) -> Locality:
    return replace(city, params={**city.params, param: replace(city.params[param], value=value)})


def _other_values(theme: Theme, param: str, value: ParamLiteral) -> Iterator[ParamLiteral]:
    match value:
        case UpTo(number):
            yield Below(number)
            for moved in (number - threshold_step(number, None), number + threshold_step(number, None)):
                yield UpTo(round(moved, 6))
        case Below(number):
            yield UpTo(number)
            for moved in (number - threshold_step(number, None), number + threshold_step(number, None)):
                yield Below(round(moved, 6))
        case bool():
            yield not value
        case str():
            yield from (option for option in theme.params[param].options or () if option != value)
        case _:
            step = threshold_step(value, None)
            yield from (round(value - step, 6), round(value + step, 6))
