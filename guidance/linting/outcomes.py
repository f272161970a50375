"""Outcomes: every situation is answered, every item complete, nothing contradicts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import Final

from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, Stage, catalogue_check, theme_check
from guidance.theme import Item, Limit
from guidance.units import say_unit

_SAME_MATERIAL: Final = 0.8
_DENIAL: Final = r"(?:不用|不需要|无需|不必|不再|不要求)(?:再|另外|单独)?(?:办理|办|申请|做)?"


@theme_check("G401", "error", Stage.MEANING)
def every_situation_answered(context: ThemeContext) -> Iterator[Finding]:
    """Every situation calls for an item or a veto, or the theme says that nothing is needed."""
    silent = {
        city.locality.name: witness
        for city in context.proofs.real_cities
        if (witness := context.proofs.unanswered(city)) is not None
    }
    if silent and context.theme.nothing_needed is None:
        where = "" if len(silent) == len(context.proofs.real_cities) else f"在{'、'.join(silent)}，"
        yield Finding(
            ("items",),
            f"{where}有的情形一个事项也没有，例如：{next(iter(silent.values()))}；"
            "请写 nothing_needed（告诉群众不用办什么），或检查各事项的条件是不是漏了这种情形",
        )
    if not context.proofs.may_be_unanswered() and context.theme.nothing_needed is not None:
        yield Finding(
            ("nothing_needed",),
            "每种情形都有事项要办，nothing_needed 这句话用不上；请删掉，或检查各事项的条件",
            "advice",
        )


@theme_check("G402", "error")
def item_is_complete(context: ThemeContext) -> Iterator[Finding]:
    """An item says how long it takes and what to bring."""
    for id_, item in context.theme.items.items():
        if item.time.legal is None and item.time.promised is None and item.time.note is None:
            yield Finding(
                ("items", id_, "time"),
                f"事项“{item.name}”没有写时限；请写 legal（法定）或 promised（承诺），实在查不到就写 note 说明",
            )
        if item.materials == []:
            yield Finding(
                ("items", id_, "materials"),
                f"事项“{item.name}”的材料是空的；请列出材料，真的不用交请写 materials: none",
            )


@theme_check("G402", "error")
def promise_within_law(context: ThemeContext) -> Iterator[Finding]:
    """What is promised is not longer than what the law allows."""
    for id_, item in context.theme.items.items():
        legal = item.time.legal
        if legal is not None and item.time.promised is not None and _longer(item.time.promised, legal):
            yield Finding(("items", id_, "time", "promised"), _say_longer(item, item.time.promised, legal))


@catalogue_check("G402", "error")
def city_promise_within_law(context: CatalogueContext) -> Iterator[Finding]:
    """What a city promises is not longer than what the law allows."""
    for theme in context.themes:
        for id_, item in theme.theme.items.items():
            for document in context.localities.values():
                own = document.content.items.get(id_)
                if own and own.promised and item.time.legal and _longer(own.promised, item.time.legal):
                    yield Finding(
                        ("items", id_, "promised"),
                        _say_longer(item, own.promised, item.time.legal),
                        document=document,
                    )


def _longer(promised: Limit, legal: Limit) -> bool:
    """Whether a promise is certainly longer than the law allows, whatever the calendar."""
    if promised.unit == legal.unit:
        return promised.days > legal.days
    units = {promised.unit, legal.unit}
    if units == {"workday", "day"}:
        return promised.days > legal.days if promised.unit == "workday" else promised.days > legal.days * 1.4 + 2
    hours = {"hour": 1, "workday": 8, "day": 24}
    return promised.days * hours[promised.unit] > legal.days * hours[legal.unit]


def _say_longer(item: Item, promised: Limit, legal: Limit) -> str:
    return (
        f"事项“{item.name}”承诺 {promised.days:g} {say_unit(promised.unit)}，"
        f"比法定的 {legal.days:g} {say_unit(legal.unit)}还长；请改正承诺时限，或核对法定时限"
    )


@theme_check("G403", "error", Stage.MEANING)
def order_of_items_ends(context: ThemeContext) -> Iterator[Finding]:
    """No item waits for itself by way of `after` or of a document that another gives."""
    before = {id_: set(_waits_for(context, id_)) for id_ in context.theme.items}
    reported: set[frozenset[str]] = set()
    for id_ in before:
        circle = _circle(before, id_)
        if circle and frozenset(circle) not in reported:
            reported.add(frozenset(circle))
            together = context.proofs.meeting(circle)
            if together is not None:
                names = " → ".join(context.theme.items[item].name for item in (*circle, circle[0]))
                yield Finding(
                    ("items", circle[0]),
                    f"先后顺序绕成了圈：{names}（例如：{together}）；请去掉其中一处 after，或检查 gives 和材料",
                )


def _waits_for(context: ThemeContext, id_: str) -> Iterator[str]:
    items = context.theme.items
    item = items[id_]
    used = {use.use for use in item.materials} if item.materials != "none" else set()
    yield from (other for other in item.after if other != id_)
    yield from (other for other, spec in items.items() if other != id_ and used & set(spec.gives))


def _circle(before: dict[str, set[str]], start: str) -> list[str] | None:
    """A shortest way from an item back to itself."""
    ways = [[start]]
    seen = {start}
    while ways:
        way = ways.pop(0)
        for other in sorted(before[way[-1]]):
            if other == start:
                return way
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return None


@theme_check("G403", "error")
def issued_by_somebody(context: ThemeContext) -> Iterator[Finding]:
    """A document issued by an earlier item is given by an item of the theme."""
    given = {material for item in context.theme.items.values() for material in item.gives}
    for id_, item in context.theme.items.items():
        for number, use in enumerate(item.materials if item.materials != "none" else ()):
            material = context.whole.materials.get(use.use)
            if material is not None and material.source == "issued" and use.use not in given:
                yield Finding(
                    ("items", id_, "materials", number, "use"),
                    f"材料“{material.name}”是前面的事项发的（source: issued），可是没有一个事项 gives 它；"
                    f"请在发它的事项里写 gives: [{use.use}]，或改它的 source",
                )


@theme_check("G403", "error")
def item_not_after_itself(context: ThemeContext) -> Iterator[Finding]:
    """An item neither waits for itself nor needs what it gives."""
    for id_, item in context.theme.items.items():
        used = {use.use for use in item.materials} if item.materials != "none" else set()
        if id_ in item.after:
            yield Finding(("items", id_, "after"), f"事项“{item.name}”的 after 写了它自己；请删掉")
        for material in used & set(item.gives):
            yield Finding(
                ("items", id_, "gives"),
                f"事项“{item.name}”既要交 {material} 又发 {material}；请去掉一处，或给旧证、新证各起一个名字",
            )


@catalogue_check("G404", "warning")
def one_name_per_material(context: CatalogueContext) -> Iterator[Finding]:
    """The same material is not in the library under two names."""
    known: list[tuple[str, str]] = []
    for id_, material in context.materials.items():
        name = re.sub(r"[（(].*?[）)]", "", material.name)
        for other_id, other in known:
            if SequenceMatcher(None, name, other).ratio() >= _SAME_MATERIAL:
                yield Finding(
                    ("materials", id_, "name"),
                    f"材料“{material.name}”和“{context.materials[other_id].name}”（{other_id}）很像；"
                    "是同一份就合成一个，群众才不会交两遍；不是就把名字写得更不一样",
                    document=context.catalogue.materials,
                )
        known.append((id_, name))


@theme_check("G404", "warning")
def copies_agree(context: ThemeContext) -> Iterator[Finding]:
    """A material shown once in the list is asked for in one number of copies."""
    copies: dict[str, dict[int, str]] = {}
    for id_, item in context.theme.items.items():
        for number, use in enumerate(item.materials if item.materials != "none" else ()):
            material = context.whole.materials.get(use.use)
            if material is None or material.merge != "once":
                continue
            seen = copies.setdefault(use.use, {})
            wanted = material.copies if use.copies is None else use.copies
            if seen and wanted not in seen:
                other = next(iter(seen))
                yield Finding(
                    ("items", id_, "materials", number),
                    f"材料“{material.name}”在这里要 {wanted} 份，在“{seen[other]}”要 {other} 份，而合并方式是 once；"
                    "请把份数改成一样，或在材料库里写 merge: sum（相加）或 max（取最多）",
                )
            seen.setdefault(wanted, item.name)


@theme_check("G405", "error", Stage.MEANING)
def notice_meets_its_items(context: ThemeContext) -> Iterator[Finding]:
    """A notice is shown in some situation together with each item that it speaks about."""
    for id_, notice in context.theme.notices.items():
        for number, item in enumerate(notice.about):
            if context.proofs.meeting([id_]) and context.proofs.meeting([id_, item]) is None:
                yield Finding(
                    ("notices", id_, "about", number),
                    f"提示 {id_} 说的是事项“{context.theme.items[item].name}”，可是出现这条提示时这个事项从不出现；"
                    "请改提示的条件，或从 about 里去掉它",
                )


@theme_check("G405", "warning", Stage.MEANING)
def notice_denies_no_needed_item(context: ThemeContext) -> Iterator[Finding]:
    """A notice that says an item is not needed never comes with that item."""
    for id_, notice in context.theme.notices.items():
        for item, spec in context.theme.items.items():
            short = re.sub(r"[（(].*?[）)]", "", spec.name)
            if not re.search(f"{_DENIAL}(?:“|《)?{re.escape(short)}", notice.say):
                continue
            witness = context.proofs.meeting([id_, item])
            if witness is not None:
                yield Finding(
                    ("notices", id_, "say"),
                    f"提示 {id_} 说不用办“{short}”，可是这时清单里会有这个事项，例如：{witness}；"
                    "请改提示的条件，或改文字",
                )
