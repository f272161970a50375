"""Questions: how many, and how likely their answers are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any, Final

from guidance.authoring.simulation import draw, simulate
from guidance.compiler import CompiledTheme
from guidance.linting.context import ThemeContext
from guidance.linting.registry import Finding, Stage, theme_check
from guidance.situation import Situation
from guidance.tables import Status
from guidance.theme import ChoiceFact, NumberFact

SESSIONS: Final = 300
DOUBTFUL_SESSIONS: Final = 40
MAX_DOUBTFUL: Final = 8
_TOLERANCE: Final = 0.015


@theme_check("G305", "error")
def shares_add_up(context: ThemeContext) -> Iterator[Finding]:
    """Shares of answers, where written, make a distribution inside the range."""
    for fact, spec in context.theme.facts.items():
        if isinstance(spec, ChoiceFact):
            yield from _check_options(fact, spec.label, spec.options)
        elif isinstance(spec, NumberFact) and spec.prior:
            total = sum(share for _, _, share in spec.prior)
            if abs(total - 1) > _TOLERANCE:
                yield Finding(("facts", fact, "prior"), f"“{spec.label}”各段的比例加起来是 {total:g}；请改到正好是 1")
            for number, (low, high, _) in enumerate(spec.prior):
                if not spec.range[0] <= low <= high <= spec.range[1]:
                    yield Finding(
                        ("facts", fact, "prior", number),
                        f"“{spec.label}”的比例段 {low:g}–{high:g} 不在范围 {spec.range[0]:g}–{spec.range[1]:g} 里，"
                        "或大小写反了；请写成 [最小, 最大, 比例]",
                    )


def _check_options(fact: str, label: str, options: Mapping[str, Any]) -> Iterator[Finding]:
    given = [option.prior for option in options.values() if option.prior is not None]
    total = sum(given)
    complete = len(given) == len(options)
    if given and (total > 1 + _TOLERANCE or (complete and total < 1 - _TOLERANCE)):
        yield Finding(
            ("facts", fact, "options"),
            f"问题“{label}”各选项的比例加起来是 {total:g}；单选题请改到正好是 1（不写的选项平分剩下的）",
        )


@theme_check("G305", "warning", Stage.COSTLY)
def questions_within_budget(context: ThemeContext) -> Iterator[Finding]:
    """No simulated session asks more questions than `max_questions`."""
    limit = context.theme.max_questions
    if limit is None:
        return
    budgets = {city.locality.name: simulate(city, SESSIONS) for city in context.compiled.values()}
    name, worst = max(budgets.items(), key=lambda pair: pair[1].maximum)
    if worst.maximum > limit:
        often = sorted(worst.asked, key=lambda fact: -worst.asked[fact])[:3]
        labels = "、".join(context.theme.facts[fact].label for fact in often)
        yield Finding(
            ("max_questions",),
            f"模拟 {SESSIONS} 位群众，{name}最多要问 {worst.maximum} 个问题，超过 max_questions: {limit}；"
            f"请合并或删掉问题（问得最多的是：{labels}），或运行 report 看调整顺序的建议",
        )


@theme_check("G406", "advice", Stage.COSTLY)
def doubt_stays_small(context: ThemeContext) -> Iterator[Finding]:
    """One 「不知道」 does not leave the whole list in doubt."""
    city = next(iter(context.compiled.values()))
    for fact, spec in context.theme.facts.items():
        if spec.dont_know.fallback == "assume":
            continue
        doubtful = _most_doubtful(city, fact)
        if len(doubtful) > MAX_DOUBTFUL:
            names = "、".join(city.theme.items[id_].name for id_ in doubtful[:3])
            yield Finding(
                ("facts", fact, "dont_know"),
                f"只是不知道“{spec.label}”，就会有 {len(doubtful)} 个事项只能说“可能要办”（{names}等）；"
                "请用 assume 或 proxy，或在 help 里说清怎么弄明白，让清单确定一些",
            )


def _most_doubtful(city: CompiledTheme, fact: str) -> list[str]:
    """The items left in doubt if a fact alone stays unknown, for the citizen with most of them."""
    random = Random(0)  # noqa: S311 - chance, not secrecy
    worst: list[str] = []
    for _ in range(DOUBTFUL_SESSIONS):
        known = {name: value for name, value in draw(random, city).items() if name != fact}
        situation = Situation(city, known, frozenset({fact}))
        doubtful = [item for item in city.theme.items if situation.status(item) is Status.PERHAPS]
        worst = max(worst, doubtful, key=len)
    return worst
