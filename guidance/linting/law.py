"""Law and time: every rule has a basis, and the basis is in force and was checked lately."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Final

from guidance.analysis.sites import OUTCOME_SECTIONS, SECTION_NAMES
from guidance.analysis.space import NO, Space
from guidance.analysis.telling import say_situation
from guidance.compiler import compile_theme
from guidance.library import ParamValue
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, Stage, catalogue_check, theme_check
from guidance.sentences import say_param

CHECKED_WITHIN: Final = timedelta(days=365)

_ECOLOGICAL_CODE: Final = (date(2026, 8, 15), "中华人民共和国生态环境法典")
REPEALED: Final[dict[str, tuple[date, str]]] = {
    "环境保护法": _ECOLOGICAL_CODE,
    "大气污染防治法": _ECOLOGICAL_CODE,
    "水污染防治法": _ECOLOGICAL_CODE,
    "土壤污染防治法": _ECOLOGICAL_CODE,
    "固体废物污染环境防治法": _ECOLOGICAL_CODE,
    "噪声污染防治法": _ECOLOGICAL_CODE,
    "环境影响评价法": _ECOLOGICAL_CODE,
    "酒类流通管理办法": (date(2016, 11, 3), "商务部关于废止酒类流通管理办法的决定"),
    "公司登记管理条例": (date(2022, 3, 1), "中华人民共和国市场主体登记管理条例"),
    "企业法人登记管理条例": (date(2022, 3, 1), "中华人民共和国市场主体登记管理条例"),
    "食品经营许可管理办法": (date(2023, 12, 1), "食品经营许可和备案管理办法"),
}
"""Acts that are often still cited: since when they are not in force, and what to cite instead."""


@theme_check("G501", "error")
def rules_have_a_basis(context: ThemeContext) -> Iterator[Finding]:
    """Every item, duty and veto rests on a legal basis."""
    for section in OUTCOME_SECTIONS:
        for id_, spec in getattr(context.theme, section).items():
            if not spec.basis:
                name = getattr(spec, "name", id_)
                yield Finding(
                    (section, id_, "basis"),
                    f"{SECTION_NAMES[section]}“{name}”没有写依据；请在 bases.yaml 里找到或补上法条，写进 basis",
                    "warning" if section == "notices" else None,
                )


@catalogue_check("G502", "error")
def bases_in_force(context: CatalogueContext) -> Iterator[Finding]:
    """No basis is repealed or not yet in force."""
    for id_, basis in context.bases.items():
        fault = None
        if basis.until is not None and basis.until < context.today:
            fault = f"已在 {basis.until} 失效"
        elif basis.since is not None and basis.since > context.today:
            fault = f"要到 {basis.since} 才施行"
        else:
            cited = basis.law.partition("（")[0].removeprefix("中华人民共和国").strip("《》")
            if cited in REPEALED and REPEALED[cited][0] <= context.today:
                fault = f"已在 {REPEALED[cited][0]} 废止，现在是《{REPEALED[cited][1]}》"
        if fault:
            yield Finding(
                ("bases", id_),
                f"依据 {id_}（{basis.law}）{fault}；请换成现行的法条，并核对用到它的事项",
                document=context.catalogue.bases,
            )


@catalogue_check("G502", "warning")
def bases_checked_lately(context: CatalogueContext) -> Iterator[Finding]:
    """Every basis was compared with its source within a year."""
    for id_, basis in context.bases.items():
        if basis.checked > context.today:
            yield Finding(
                ("bases", id_, "checked"),
                f"依据 {id_} 的核对日期 {basis.checked} 在将来；请写真正核对的那一天",
                document=context.catalogue.bases,
            )
        elif basis.checked + CHECKED_WITHIN < context.today:
            yield Finding(
                ("bases", id_, "checked"),
                f"依据 {id_}（{basis.law}）上次核对是 {basis.checked}，超过一年；请重新核对，再改 checked",
                document=context.catalogue.bases,
            )


@theme_check("G502", "warning")
def theme_reviewed_in_time(context: ThemeContext) -> Iterator[Finding]:
    """A theme is read again by the day it names."""
    effective = context.theme.effective
    if effective.review_by < context.whole.today:
        yield Finding(
            ("effective", "review_by"),
            f"这个主题应在 {effective.review_by} 前复核，已经过期；请逐条复核，再把 review_by 往后改",
        )
    if effective.since > effective.review_by:
        yield Finding(
            ("effective", "from"),
            f"开始日期 {effective.since} 晚于复核日期 {effective.review_by}；请改正其中一个",
            "error",
        )


@catalogue_check("G503", "warning")
def published_changes_taken_over(context: CatalogueContext) -> Iterator[Finding]:
    """A change of a parameter that has taken effect is the value, not still announced."""
    for document in context.localities.values():
        for id_, own in document.content.params.items():
            if own.change is not None and own.change.since <= context.today:
                yield Finding(
                    ("params", id_, "change"),
                    f"参数 {id_} 的新值从 {own.change.since} 起已经生效；请把它移到 value，并删掉 change",
                    document=document,
                )


@theme_check("G503", "advice", Stage.MEANING)
def coming_changes_shown(context: ThemeContext) -> Iterator[Finding]:
    """A parameter that will change: whose list changes with it."""
    for city_id, city in context.compiled.items():
        for id_, own in city.locality.params.items():
            if own.change is None or own.change.since <= context.whole.today or id_ not in context.theme.params:
                continue
            value = ParamValue(own.change.value, own.status, own.change.source, overrides=own.overrides)
            after = compile_theme(context.theme, replace(city.locality, params={**city.locality.params, id_: value}))
            space = Space([city, after])
            changed = [o for o in city.outcomes if city.outcomes[o].formula != after.outcomes[o].formula]
            before_truth = [space.truth(city.outcomes[o].formula, city_id) for o in changed]
            after_truth = [space.truth(after.outcomes[o].formula, city_id) for o in changed]
            differ = space.any_of(
                space.differ(one, other)
                for old, new in zip(before_truth, after_truth, strict=True)
                for one, other in ((old.must, new.must), (old.may, new.may))
            )
            param = context.theme.params[id_]
            effect = "没有人的清单会变"
            if differ != NO:
                effect = (
                    f"约 {space.share(differ):.1%} 的群众清单会变，例如：{say_situation(city, space.witness(differ))}"
                )
            yield Finding(
                ("params", id_, "change"),
                f"{city.locality.name}的“{param.label}”从 {own.change.since} 起改为"
                f"{say_param(own.change.value, param.unit, param.options)}，{effect}；到那天请把它移到 value",
                document=context.whole.localities[city_id],
            )
