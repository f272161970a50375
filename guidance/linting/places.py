"""References: places, official codes and links that lead somewhere."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from guidance.documents import Document, KeyPath, did_you_mean
from guidance.library import ByDistrict, Locality
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import Finding, catalogue_check, theme_check
from guidance.theme import PlaceFact

_CODE: Final = re.compile(r"[0-9]{12}|[0-9A-Z]{31}")


@catalogue_check("G104", "error")
def places_exist(context: CatalogueContext) -> Iterator[Finding]:
    """Where items are handled names places and districts of the city."""
    for document in context.localities.values():
        city = document.content
        yield from _check_where(document, ("where",), city.where)
        for id_, item in city.items.items():
            if item.where is not None:
                yield from _check_where(document, ("items", id_, "where"), item.where)


def _check_where(document: Document[Locality], path: KeyPath, where: str | ByDistrict) -> Iterator[Finding]:
    city = document.content
    named: list[tuple[KeyPath, str, str, Collection[str]]] = []
    if isinstance(where, ByDistrict):
        for district, place in where.by_district.items():
            here = (*path, "by_district", district)
            named += [(here, "区", district, city.districts), (here, "地点", place, city.places)]
        named.append(((*path, "otherwise"), "地点", where.otherwise, city.places))
    else:
        named.append((path, "地点", where, city.places))
    for here, kind, name, known in named:
        if name not in known:
            section = "districts" if kind == "区" else "places"
            yield Finding(
                here,
                f"{city.name}没有{kind} {name}{did_you_mean(name, known)}；请改正名称，或在 {section} 里补上它",
                document=document,
            )


@theme_check("G104", "error")
def one_place_question(context: ThemeContext) -> Iterator[Finding]:
    """A theme asks for the district once, and of everybody: all places and overrides hang on it."""
    places = [fact for fact, spec in context.theme.facts.items() if isinstance(spec, PlaceFact)]
    for fact in places[1:]:
        yield Finding(
            ("facts", fact),
            f"一个主题只能有一个 place 问题，已经有了 {places[0]}；请删掉这个，或把它改成 choice",
        )
    for fact in places[:1]:
        if context.theme.facts[fact].only_if is not None:
            yield Finding(
                ("facts", fact, "only_if"),
                "问所在区的问题不能写 only_if：各区的门槛和办理地点对所有人都要算；请删掉 only_if",
            )


@theme_check("G104", "error")
def item_codes_well_formed(context: ThemeContext) -> Iterator[Finding]:
    """An item's official code has twelve digits (or 31 characters), and is used once."""
    owners: dict[str, str] = {}
    for id_, item in context.theme.items.items():
        if item.code is None:
            continue
        if not _CODE.fullmatch(item.code):
            yield Finding(
                ("items", id_, "code"),
                f"事项“{item.name}”的编码应是 12 位基本编码或 31 位实施编码（加引号），现在是 {item.code}；"
                "请查实施清单改正，不知道就先删掉 code",
            )
        elif item.code in owners:
            yield Finding(
                ("items", id_, "code"),
                f"事项“{item.name}”和“{owners[item.code]}”用了同一个编码 {item.code}；请核对实施清单",
            )
        owners.setdefault(item.code, item.name)


@catalogue_check("G105", "error")
def links_well_formed(context: CatalogueContext) -> Iterator[Finding]:
    """Links are complete https addresses."""
    named: list[tuple[Document[Any], KeyPath, str | None]] = [
        (context.catalogue.bases, ("bases", id_, "url"), basis.url) for id_, basis in context.bases.items()
    ]
    for theme in context.themes:
        named += [
            (theme.document, ("items", id_, "online", "url"), item.online.url)
            for id_, item in theme.theme.items.items()
            if item.online
        ]
    for city in context.localities.values():
        named += [
            (city, ("items", id_, "online", "url"), item.online.url)
            for id_, item in city.content.items.items()
            if item.online
        ]
    for document, path, url in named:
        if url is not None and not _is_link(url):
            yield Finding(
                path, f"网址写得不对：{url}；请写完整，以 https:// 开头，中间不要有空格或中文标点", document=document
            )


def _is_link(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme == "https" and "." in (parts.hostname or "") and url.isascii() and not set(url) & set(' "<>')
