"""Examples and change: the theme's own examples come out, guard every condition, and tables stay small."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from guidance.analysis.sites import OUTCOME_SECTIONS
from guidance.authoring.difference import IncomparableError, compare
from guidance.authoring.examples import Mismatch, check, cities_of
from guidance.authoring.mutation import score_theme
from guidance.compiler import compile_theme, formulas
from guidance.linting.context import ThemeContext
from guidance.linting.registry import Finding, Stage, theme_check
from guidance.logic import Resolver
from guidance.tables import MAX_ROWS, TableBuilder, TooLargeError

ADVISED_ROWS: Final = MAX_ROWS >> 2
_SHOWN: Final = 3
_KEYS = {
    "expect": ("不会需要", "还会需要"),
    "perhaps": ("不是“可能要办”", "还有“可能要办”的"),
    "unset": ("不是“本地未设定”", "还有“本地未设定”的"),
    "still_asks": ("不会再问", "还会问"),
}


@theme_check("G701", "error", Stage.MEANING)
def examples_come_out(context: ThemeContext) -> Iterator[Finding]:
    """What an example says is what the theme gives, in each city that it speaks of."""
    for number, example in enumerate(context.theme.examples):
        for city in cities_of(example, context.compiled):
            for mismatch in check(example, city):
                yield Finding(
                    ("examples", number, mismatch.key),
                    f"例子“{_shorten(example.say)}”（{city.locality.name}）对不上：{_say_mismatch(mismatch)}；"
                    "规定没变就改条件，规定变了就改例子",
                )


def _say_mismatch(mismatch: Mismatch) -> str:
    if mismatch.reason:
        return f"given 里 {mismatch.reason}"
    wrong, more = _KEYS[mismatch.key]
    told = []
    if mismatch.missing:
        told.append(f"{wrong} {'、'.join(mismatch.missing)}")
    if mismatch.extra:
        told.append(f"{more} {'、'.join(mismatch.extra)}")
    return "，".join(told) or f"{mismatch.key} 的顺序不同"


def _shorten(text: str, limit: int = 24) -> str:
    return text if len(text) <= limit else text[:limit] + "……"


@theme_check("G702", "warning", Stage.COSTLY)
def examples_guard_conditions(context: ThemeContext) -> Iterator[Finding]:
    """Some example notices every small fault that could slip into a condition."""
    if any(check(example, city) for example in context.theme.examples for city in cities_of(example, context.compiled)):
        return
    found = score_theme(context.theme, context.localities)
    if found.survivors:
        shown = "；".join(str(survivor.mutant) for survivor in found.survivors[:_SHOWN])
        yield Finding(
            ("examples",),
            f"{found.mutants} 种可能写错的地方，例子能发现 {found.killed} 种（{found.percent:.1f}%），"
            f"还有 {len(found.survivors)} 种写错了也看不出来，例如：{shown}；"
            f"请运行 python -m guidance examples {context.theme.id}，把它给出的例子核对后贴进来",
        )


@theme_check("G703", "warning")
def outcomes_have_examples(context: ThemeContext) -> Iterator[Finding]:
    """Every item, duty, veto and notice comes out in some example."""
    shown = {id_ for example in context.theme.examples for id_ in (*(example.expect or ()), *(example.unset or ()))}
    for section in OUTCOME_SECTIONS:
        for id_, spec in getattr(context.theme, section).items():
            if id_ not in shown:
                name = getattr(spec, "name", id_)
                yield Finding(
                    (section, id_),
                    f"没有一个例子出现“{name}”；请写一个会出现它的例子（运行 examples 命令可以得到现成的）",
                )


@theme_check("G704", "advice", Stage.MEANING)
def difference_is_known(context: ThemeContext) -> Iterator[Finding]:
    """Whoever publishes a new version knows whose lists it changes."""
    published = context.whole.previous.themes.get(context.theme.id) if context.whole.previous else None
    if published is None or published.content == context.theme:
        return
    for city in context.compiled.values():
        try:
            found = compare(compile_theme(published.content, city.locality), city)
        except IncomparableError as error:
            yield Finding(("facts",), f"和已发布的 {published.content.version} 版没法比较：{error}")
            return
        if found.samples:
            names = "、".join(outcome.name for outcome in found.outcomes if outcome.example)
            yield Finding(
                ("version",),
                f"和已发布的 {published.content.version} 版相比，"
                f"{found.city}约 {found.share:.1%} 的群众清单会变（{names}），"
                f"例如：{found.samples[0].situation}；发布前请运行 python -m guidance diff 看清楚",
            )


@theme_check("G705", "error", Stage.SIZES)
def tables_stay_small(context: ThemeContext) -> Iterator[Finding]:
    """No condition depends on more combinations than a table may have."""
    reported: set[str] = set()
    for locality in context.localities.values():
        builder = TableBuilder(context.theme.facts, context.theme.params, locality.districts)
        for id_, kind, owner, formula in formulas(Resolver(context.theme, locality)):
            if owner in reported or kind == "place":
                continue
            section = next(s for s in OUTCOME_SECTIONS if owner in getattr(context.theme, s))
            try:
                rows = builder.build(formula).size
            except (TooLargeError, OverflowError) as error:
                reported.add(owner)
                yield Finding(
                    (section, owner, "when"),
                    f"“{id_}”的条件牵涉太多：{error}；请拆成几个结果，或用更少的问题写",
                )
                continue
            if rows > ADVISED_ROWS:
                reported.add(owner)
                yield Finding(
                    (section, owner, "when"),
                    f"“{id_}”的条件牵涉 {rows} 种组合，接近上限 {MAX_ROWS}；请拆成几个结果，或用更少的问题写",
                    "advice",
                )
