"""Form: ids and versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from difflib import SequenceMatcher

from guidance.analysis.sites import OUTCOME_SECTIONS, SECTION_NAMES
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, catalogue_check, theme_check

_BOOLEANS_ELSEWHERE = frozenset({"yes", "no", "on", "off", "y", "n"})
_SAME_NAME = 0.4


@theme_check("G001", "error")
def boolean_option_ids(context: ThemeContext) -> Iterator[Finding]:
    """An option called yes, no, on or off is read as true or false by YAML 1.1 tools."""
    for fact, spec in context.theme.facts.items():
        for option in getattr(spec, "options", {}):
            if option in _BOOLEANS_ELSEWHERE:
                yield Finding(
                    ("facts", fact, "options", option),
                    f"问题“{spec.label}”的选项编号 {option} 会被别的 YAML 工具读成真假值；"
                    f"请换个编号，例如 {option}_option，并同时改用到它的条件",
                )


@theme_check("G003", "error")
def reserved_option_id(context: ThemeContext) -> Iterator[Finding]:
    """The value `unknown` means 「不知道」 and cannot be an option."""
    for fact, spec in context.theme.facts.items():
        if "unknown" in getattr(spec, "options", {}):
            yield Finding(
                ("facts", fact, "options", "unknown"),
                f"问题“{spec.label}”的选项编号不能叫 unknown：它是“不知道”的专用值，每个问题都自带；"
                "请换个编号，或者删掉这个选项，把做法写在 dont_know 里",
            )


@theme_check("G003", "error")
def one_meaning_per_id(context: ThemeContext) -> Iterator[Finding]:
    """Items, duties, vetoes and notices share one space of ids."""
    owner: dict[str, str] = {}
    for section in OUTCOME_SECTIONS:
        for id_ in getattr(context.theme, section):
            if id_ in owner:
                yield Finding(
                    (section, id_),
                    f"编号 {id_} 已经用在{SECTION_NAMES[owner[id_]]}里；清单按编号记结果，请给这个"
                    f"{SECTION_NAMES[section]}换个编号，例如 {id_}-{section.rstrip('s')}",
                )
            owner.setdefault(id_, section)


@theme_check("G003", "error")
def material_once_per_item(context: ThemeContext) -> Iterator[Finding]:
    """An item names each material once: two entries would be one row of the list."""
    for id_, item in context.theme.items.items():
        uses = [] if item.materials == "none" else item.materials
        for material, times in Counter(use.use for use in uses).items():
            if times > 1:
                last = max(number for number, use in enumerate(uses) if use.use == material)
                yield Finding(
                    ("items", id_, "materials", last, "use"),
                    f"事项“{item.name}”写了 {times} 次材料 {material}；"
                    "请合成一条，几种情况都要的用 any 写进同一个 when",
                )


@catalogue_check("G003", "warning")
def same_item_same_name(context: CatalogueContext) -> Iterator[Finding]:
    """One item id means the same item in every theme."""
    names: dict[str, tuple[str, str]] = {}
    for theme in context.themes:
        for id_, item in theme.theme.items.items():
            title, name = names.setdefault(id_, (theme.theme.title, item.name))
            if name != item.name:
                yield Finding(
                    ("items", id_, "name"),
                    f"事项编号 {id_} 在主题“{title}”里叫“{name}”，这里叫“{item.name}”；"
                    "同一事项请用同一个名称，不是同一事项请换编号",
                    document=theme.document,
                )


@theme_check("G004", "error")
def version_moves_on(context: ThemeContext) -> Iterator[Finding]:
    """A theme whose content changed since it was published has a new version."""
    published = context.whole.previous.themes.get(context.theme.id) if context.whole.previous else None
    if published is None or published.content == context.theme:
        return
    if _version(context.theme.version) <= _version(published.content.version):
        yield Finding(
            ("version",),
            f"内容和已发布的 {published.content.version} 版不一样，版本号没有变大；"
            "请把 version 改成更大的，例如 "
            f"{_next(published.content.version)}（正在办的人会继续用旧版）",
        )


@theme_check("G004", "warning")
def ids_keep_their_meaning(context: ThemeContext) -> Iterator[Finding]:
    """An id that was published is not given to something else."""
    published = context.whole.previous.themes.get(context.theme.id) if context.whole.previous else None
    if published is None:
        return
    for section, word in (("facts", "label"), ("items", "name")):
        before = getattr(published.content, section)
        for id_, spec in getattr(context.theme, section).items():
            if id_ in before and not _alike(getattr(before[id_], word), getattr(spec, word)):
                yield Finding(
                    (section, id_, word),
                    f"编号 {id_} 上一版是“{getattr(before[id_], word)}”，现在是“{getattr(spec, word)}”；"
                    "换了意思请用新编号，老的办理记录还按旧编号找它",
                )


def _alike(one: str, other: str) -> bool:
    return SequenceMatcher(None, one, other).ratio() >= _SAME_NAME


def _version(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in version.split("."))


def _next(version: str) -> str:
    *rest, last = version.split(".")
    return ".".join([*rest, str(int(last) + 1)])
