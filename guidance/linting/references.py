"""References: every name that is used is declared."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from guidance.analysis.sites import OUTCOME_SECTIONS, say_site
from guidance.conditions import Atom, Is
from guidance.documents import KeyPath, did_you_mean
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, catalogue_check, theme_check
from guidance.theme import Theme


@theme_check("G101", "error")
def conditions_name_declared(context: ThemeContext) -> Iterator[Finding]:
    """Conditions name facts, terms and parameters that the theme declares."""
    theme = context.theme
    for site in context.sites():
        for part in context.parts(site):
            for kind, name, known in _named(part.condition, theme):
                if name not in known:
                    yield Finding(
                        part.path,
                        f"{say_site(theme, site)}用到了没有声明的{kind} {name}{did_you_mean(name, known)}；"
                        f"请改正名称，或在 {_SECTION_OF[kind]} 里声明它",
                    )


_SECTION_OF = {"问题": "facts", "条件": "terms", "参数": "params"}


def _named(condition: object, theme: Theme) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    match condition:
        case Is(term):
            yield "条件", term, theme.terms
        case Atom(subject, _, operand):
            if subject.startswith("$"):
                yield "参数", subject[1:], theme.params
            else:
                yield "问题", subject, theme.facts
            if isinstance(operand, str) and operand.startswith("$"):
                yield "参数", operand[1:], theme.params
        case _:
            return


@theme_check("G101", "error")
def outcomes_name_declared(context: ThemeContext) -> Iterator[Finding]:
    """Items, duties, vetoes, notices and terms name bases, materials, items and facts that exist."""
    theme, whole = context.theme, context.whole
    lists: dict[str, tuple[str, Collection[str], str]] = {
        "basis": ("依据", whole.bases, "bases.yaml"),
        "gives": ("材料", whole.materials, "materials.yaml"),
        "after": ("事项", theme.items, "items"),
        "about": ("事项", theme.items, "items"),
        "change": ("问题", theme.facts, "facts"),
    }
    for section in (*OUTCOME_SECTIONS, "terms"):
        for id_, spec in getattr(theme, section).items():
            for key, (kind, known, home) in lists.items():
                for number, name in enumerate(getattr(spec, key, ())):
                    if name not in known:
                        yield _missing((section, id_, key, number), kind, name, known, home)
    for id_, item in theme.items.items():
        for number, use in enumerate(item.materials if item.materials != "none" else ()):
            if use.use not in whole.materials:
                yield _missing(
                    ("items", id_, "materials", number, "use"), "材料", use.use, whole.materials, "materials.yaml"
                )


def _missing(path: KeyPath, kind: str, name: str, known: Collection[str], home: str) -> Finding:
    return Finding(path, f"没有{kind} {name}{did_you_mean(name, known)}；请改正名称，或在 {home} 里补上它")


@theme_check("G101", "error")
def examples_name_declared(context: ThemeContext) -> Iterator[Finding]:
    """Examples name facts, outcomes and cities that exist."""
    theme = context.theme
    outcomes = [id_ for section in OUTCOME_SECTIONS for id_ in getattr(theme, section)]
    outcomes += [
        f"{id_}/{use.use}"
        for id_, item in theme.items.items()
        for use in (item.materials if item.materials != "none" else ())
        if use.when is not None
    ]
    for number, example in enumerate(theme.examples):
        for key in ("given", "still_asks"):
            for fact in getattr(example, key) or ():
                if fact not in theme.facts:
                    yield _missing(("examples", number, key, fact), "问题", fact, theme.facts, "facts")
        for key in ("expect", "perhaps", "unset"):
            for outcome in getattr(example, key) or ():
                if outcome not in outcomes:
                    yield Finding(
                        ("examples", number, key),
                        f"例子的 {key} 里没有这样的结果：{outcome}{did_you_mean(outcome, outcomes)}；"
                        "写事项、义务、红灯、提示的编号，有条件的材料写成 事项/材料",
                    )
        if example.locality is not None and example.locality not in context.whole.catalogue.localities:
            known = context.whole.catalogue.localities
            yield _missing(("examples", number, "locality"), "城市", example.locality, known, "localities/")


@catalogue_check("G101", "error")
def localities_name_declared(context: CatalogueContext) -> Iterator[Finding]:
    """A city sets parameters and items that some theme has."""
    params = {param for theme in context.themes for param in theme.theme.params}
    items = {item for theme in context.themes for item in theme.theme.items}
    for document in context.localities.values():
        for kind, section, known in (("参数", "params", params), ("事项", "items", items)):
            for name in getattr(document.content, section):
                if name not in known:
                    yield Finding(
                        (section, name),
                        f"没有一个主题有{kind} {name}{did_you_mean(name, known)}；请改正名称，或删掉这一条",
                        document=document,
                    )
