"""Checking `casework.yaml` against the catalogue: what its rules name has to be there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from guidance.documents import CatalogueError, Document, Problem, did_you_mean
from guidance.loading import Catalogue, load_catalogue
from miniapp_api.cases.casework import FILE, Casework, Handling, read


def check(folder: Path) -> tuple[Casework, list[Problem]]:
    """Check the file of a catalogue.

    Returns:
        Its content, and what nobody is stopped by.

    Raises:
        CatalogueError: with every fault, by line.
    """
    document, catalogue = read(folder), load_catalogue(folder)
    problems = sorted((*_regions(document, catalogue), *_items(document, catalogue)))
    if errors := [problem for problem in problems if problem.severity == "error"]:
        raise CatalogueError(errors)
    return document.content, problems


def _regions(document: Document[Casework], catalogue: Catalogue) -> Iterator[Problem]:
    regions = document.content.regions
    for city in regions.keys() - catalogue.localities.keys():
        hint = did_you_mean(city, catalogue.localities)
        yield _fault(document, "W001", ("regions", city), f"localities/ 里没有城市 {city}{hint}")
    for city in sorted(catalogue.localities.keys() - regions.keys()):
        message = f"城市 {city} 没有写行政区划代码，那里收不了件"
        yield _fault(document, "W002", ("regions",), message, "warning")
    for city, code in regions.items():
        if list(regions.values()).count(code) > 1:
            yield _fault(document, "W003", ("regions", city), f"代码 {code} 有两个城市在用，办件编号会重复")


def _items(document: Document[Casework], catalogue: Catalogue) -> Iterator[Problem]:
    for ref, handling in document.content.items.items():
        theme, _, item = ref.partition(":")
        if theme not in catalogue.themes:
            hint = did_you_mean(theme, catalogue.themes)
            yield _fault(document, "W004", ("items", ref), f"themes/ 里没有主题 {theme}{hint}")
        elif item not in (items := catalogue.theme(theme).items):
            yield _fault(document, "W004", ("items", ref), f"主题 {theme} 里没有事项 {item}{did_you_mean(item, items)}")
        else:
            yield from _handling(document, catalogue, ref, handling)


def _handling(document: Document[Casework], catalogue: Catalogue, ref: str, handling: Handling) -> Iterator[Problem]:
    theme, _, id_ = ref.partition(":")
    item = catalogue.theme(theme).items[id_]
    used = [] if item.materials == "none" else [use.use for use in item.materials]
    for index, material in enumerate(handling.provisional):
        if material not in used:
            where = ("items", ref, "provisional", index)
            yield _fault(document, "W005", where, f"事项 {ref} 用不到材料 {material}{did_you_mean(material, used)}")
    if handling.one_person and item.kind == "licence":
        message = "审核合一只用于登记、备案；许可要由另一个人审批（受审分离）"
        yield _fault(document, "W006", ("items", ref, "one_person"), message)


def _fault(
    document: Document[Casework], code: str, where: tuple[str | int, ...], message: str, severity: str = "error"
) -> Problem:
    return Problem(FILE, document.line_of(*where), code, message, severity)
