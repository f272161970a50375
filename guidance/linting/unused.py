"""References: every name that is declared is used."""

from __future__ import annotations

from collections.abc import Iterator

from guidance.analysis.sites import OUTCOME_SECTIONS, sites
from guidance.conditions import Atom, terms_used
from guidance.library import ByDistrict, Locality
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, Stage, catalogue_check, theme_check
from guidance.theme import ChoiceFact, Theme


@theme_check("G102", "warning")
def declared_but_unused(context: ThemeContext) -> Iterator[Finding]:
    """Terms and parameters that no condition uses mislead readers."""
    theme = context.theme
    terms = {term for _, condition in sites(theme) for term in terms_used(condition)}
    params = {name for site in context.sites() for part in context.parts(site) for name in _params(part.condition)}
    for term, spec in theme.terms.items():
        if term not in terms:
            yield Finding(("terms", term), f"条件“{spec.label}”（{term}）没有用到；请删掉，或在该用的地方写 is: {term}")
    for param, declared in theme.params.items():
        if param not in params:
            yield Finding(
                ("params", param), f"参数“{declared.label}”（{param}）没有用到；请删掉，或在该用的地方写 ${param}"
            )


def _params(condition: object) -> Iterator[str]:
    if isinstance(condition, Atom):
        if condition.subject.startswith("$"):
            yield condition.subject[1:]
        if isinstance(condition.operand, str) and condition.operand.startswith("$"):
            yield condition.operand[1:]


@theme_check("G102", "advice", Stage.MEANING)
def options_nobody_asks_for(context: ThemeContext) -> Iterator[Finding]:
    """Options of a choice that no rule tells apart could be one option."""
    for fact, spec in context.theme.facts.items():
        if not isinstance(spec, ChoiceFact):
            continue
        tests = {
            test
            for city in context.compiled.values()
            for outcome in city.deciding[fact]
            for test in outcome.table.dimension(fact).tests
        }
        groups: dict[tuple[bool, ...], list[str]] = {}
        for option in spec.options:
            groups.setdefault(tuple(test.holds(option) for test in tests), []).append(option)
        for group in groups.values():
            if tests and len(group) > 1:
                labels = "、".join(spec.options[option].label for option in group)
                yield Finding(
                    ("facts", fact, "options", group[1]),
                    f"问题“{spec.label}”的这几个选项结果都一样：{labels}；可以合成一个（只是为了好认就留着）",
                )


@catalogue_check("G102", "warning")
def library_entries_unused(context: CatalogueContext) -> Iterator[Finding]:
    """Bases and materials that nothing refers to are forgotten when the law changes."""
    bases = {basis for theme in context.themes for basis in _bases_used(theme.theme)}
    materials = {material for theme in context.themes for material in _materials_used(theme.theme)}
    for document, section, used, kind in (
        (context.catalogue.bases, "bases", bases, "依据"),
        (context.catalogue.materials, "materials", materials, "材料"),
    ):
        for name in getattr(document.content, section):
            if name not in used:
                yield Finding((section, name), f"{kind} {name} 没有一个主题用到；请删掉，或用上它", document=document)


@catalogue_check("G102", "warning")
def places_unused(context: CatalogueContext) -> Iterator[Finding]:
    """Places at which nothing is handled are not kept up to date."""
    for city in context.localities.values():
        used = set(_places_used(city.content))
        for name in city.content.places:
            if name not in used:
                yield Finding(
                    ("places", name),
                    f"地点 {name} 没有事项在那里办；请删掉，或在 where 里用上它",
                    document=city,
                )


def _bases_used(theme: Theme) -> Iterator[str]:
    for section in (*OUTCOME_SECTIONS, "terms"):
        for spec in getattr(theme, section).values():
            yield from spec.basis


def _materials_used(theme: Theme) -> Iterator[str]:
    for item in theme.items.values():
        yield from item.gives
        if item.materials != "none":
            yield from (use.use for use in item.materials)


def _places_used(locality: Locality) -> Iterator[str]:
    for where in (locality.where, *(item.where for item in locality.items.values())):
        if isinstance(where, ByDistrict):
            yield from (*where.by_district.values(), where.otherwise)
        elif where is not None:
            yield where
