"""Reads `catalogue/papers.yaml`, and checks that each paper prints what it must.

P001 no such file · P002 a name that nothing has · P003 something a paper must print and does not ·
P004 numbers · P005 a sentence whose law was not checked · P006 a fact that may be absent, printed without `when` ·
P007 a character that the font does not have.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Set
from pathlib import Path
from typing import Any

from guidance.documents import CatalogueError, Document, KeyPath, Problem, Schema, did_you_mean
from miniapp_api.papers.files import FILE, Block, Issuer, PapersFile, Template
from miniapp_api.papers.fonts import Fonts, MissingCharacterError
from miniapp_api.papers.kinds import FACTS, KINDS, FactType, PaperKind

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")
ISSUER = "issuer."
NUMBER_PLACEHOLDERS = ("short", "year", "serial")
INLINE = frozenset(FactType) - {FactType.LIST, FactType.TABLE}
"""Facts that can stand in a line."""

SPOKEN = INLINE - {FactType.DUE}
"""Facts that can stand in a sentence: a last day that nobody can tell yet would make none."""

_FONTS = Fonts()
_SCHEMA: Schema[PapersFile] = Schema(PapersFile)
_STRAY = re.compile(r"[{}]")

Found = Iterator[tuple[str, KeyPath, str]]
"""Code, place and message of what is wrong."""


def load(folder: Path) -> tuple[PapersFile, tuple[Problem, ...]]:
    """Read and check the papers of a catalogue.

    Returns:
        The file, and what should be looked at and stops nothing.

    Raises:
        CatalogueError: with every fault, in Chinese, by line.
    """
    try:
        document = _SCHEMA.read(folder / FILE)
    except FileNotFoundError:
        raise CatalogueError([Problem(FILE, 1, "P001", "缺少这个文件：文书怎么写要写在里面")]) from None
    cities = {path.stem for path in (folder / "localities").glob("*.yaml")}
    found = [*_errors(document.content), *_cities(document.content, cities)]
    errors = [_problem(document, *fault) for fault in found]
    if errors:
        raise CatalogueError(sorted(errors))
    return document.content, tuple(_problem(document, *doubt, "warning") for doubt in _doubts(document.content))


def _problem(
    document: Document[PapersFile], code: str, where: KeyPath, message: str, severity: str = "error"
) -> Problem:
    return Problem(FILE, document.line_of(*where), code, message, severity)


def _doubts(file: PapersFile) -> Found:
    for name, sentence in file.sentences.items():
        if sentence.certainty != "verified":
            note = f"：{sentence.note}" if sentence.note else ""
            yield "P005", ("sentences", name), f"“{name}”这句话还没有核对过法律原文{note}"


def _errors(file: PapersFile) -> Found:
    for name in sorted(KINDS.keys() - file.papers.keys()):
        yield "P003", ("papers",), f"缺少文书 {name}；每种文书都要写"
    for name, sentence in file.sentences.items():
        yield from _placeholders(("sentences", name, "text"), sentence.text, ())
    yield from _placeholders(("footer",), file.footer, ())
    for name, template in file.papers.items():
        where = ("papers", name)
        if (kind := KINDS.get(name)) is None:
            yield "P002", where, f"没有文书 {name}{did_you_mean(name, KINDS)}"
            continue
        yield from _number(where, template)
        for place, block in enumerate(template.body):
            yield from _block((*where, "body", place), block, kind, file)
        yield from _lacking(where, template, kind)
    yield from _shared_numbers(file)
    yield from _unprintable((), file.model_dump())


def _cities(file: PapersFile, cities: Set[str]) -> Found:
    for city in sorted(cities - file.issuers.keys()):
        yield "P003", ("issuers",), f"issuers 里缺少城市 {city}：写上它的文书由谁发"


def _number(where: KeyPath, template: Template) -> Found:
    times = Counter(PLACEHOLDER.findall(template.number))
    if times != dict.fromkeys(NUMBER_PLACEHOLDERS, 1) or _STRAY.search(PLACEHOLDER.sub("", template.number)):
        yield "P004", (*where, "number"), "编号里 {short}、{year}、{serial} 各写一次，不写别的花括号"
    elif not template.number.partition("{serial}")[0].count("{"):
        yield "P004", (*where, "number"), "{serial} 写在 {short} 和 {year} 后面"


def _shared_numbers(file: PapersFile) -> Found:
    shorts = Counter(issuer.short for issuer in file.issuers.values())
    for name, issuer in file.issuers.items():
        if shorts[issuer.short] > 1:
            yield "P004", ("issuers", name, "short"), f"简称 {issuer.short} 用了两次，编号会分不清是谁发的；请换一个"


def _block(where: KeyPath, block: Block, kind: PaperKind, file: PapersFile) -> Found:
    known = (*kind.needs, *kind.may)
    given = {*kind.needs, *([block.when] if block.when else [])}
    if block.when and block.when not in known:
        yield "P002", (*where, "when"), _no_fact(block.when, known)
    if block.say and block.say not in file.sentences:
        yield (
            "P002",
            (*where, "say"),
            f"sentences 里没有 {block.say} 这句话{did_you_mean(block.say, file.sentences)}",
        )
    if block.text:
        yield from _placeholders((*where, "text"), block.text, known)
    for name, types in _printed(block):
        if name not in known:
            yield "P002", where, _no_fact(name, known)
        elif FACTS[name].type not in types:
            wants = {FactType.LIST: "list", FactType.TABLE: "table"}.get(FACTS[name].type, "lines")
            yield "P002", where, f"{name}（{FACTS[name].label}）要写在 {wants} 里"
        elif name not in given:
            yield "P006", where, f"{name}（{FACTS[name].label}）不一定有；请单独成段，加上 when: {name}"


def _no_fact(name: str, known: Iterable[str]) -> str:
    return f"这种文书没有 {name} 这一项{did_you_mean(name, known)}"


def _printed(block: Block) -> Iterator[tuple[str, frozenset[FactType]]]:
    """Name the facts that a block prints, and what they may be there; unknown placeholders are told of elsewhere."""
    for name in block.lines or ():
        yield name, INLINE
    for name in PLACEHOLDER.findall(block.text or ""):
        if name in FACTS:
            yield name, SPOKEN
    if block.list:
        yield block.list, frozenset({FactType.LIST})
    if block.table:
        yield block.table, frozenset({FactType.TABLE})


def _placeholders(where: KeyPath, text: str, facts: Iterable[str]) -> Found:
    known = [*facts, *(f"{ISSUER}{name}" for name in Issuer.model_fields)]
    for name in PLACEHOLDER.findall(text):
        if name not in known:
            yield "P002", where, f"花括号里的 {name} 没有这一项{did_you_mean(name, known)}"
    if _STRAY.search(PLACEHOLDER.sub("", text)):
        yield "P002", where, "花括号不成对"


def _unprintable(where: KeyPath, value: Any) -> Found:
    if isinstance(value, str):
        try:
            _FONTS.check([value])
        except MissingCharacterError as error:
            yield "P007", where, str(error)
    elif isinstance(value, Mapping | tuple):
        for key, inner in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _unprintable((*where, key), inner)


def _lacking(where: KeyPath, template: Template, kind: PaperKind) -> Found:
    always = [block for block in template.body if block.when is None]
    printed = {name for block in always for name, _ in _printed(block)}
    said = {block.say for block in always}
    for name in kind.needs:
        if name not in printed:
            yield "P003", where, f"“{template.title}”必须写明{FACTS[name].label}（{name}），而且不能加 when"
    for name in kind.says:
        if name not in said:
            yield "P003", where, f"“{template.title}”必须写上 {name} 这句话：加一段 say: {name}"
