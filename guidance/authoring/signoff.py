"""The table that a lawyer signs: for each outcome its condition, its basis, and its minimal rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from guidance.analysis.sites import OUTCOME_SECTIONS, SECTION_NAMES
from guidance.authoring.cubes import cover, say_cell
from guidance.compiler import CompiledTheme
from guidance.library import Basis
from guidance.sentences import ConditionWriter

CERTAINTIES = {"verified": "已核全文", "recalled": "未核全文", "unsure": "待核"}


@dataclass(frozen=True, slots=True)
class Line:
    """One row of an outcome's table.

    Attributes:
        verdict: what comes of it.
        cells: by fact, the values; facts left out may have any.
    """

    verdict: str
    cells: dict[str, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One outcome to be signed.

    Attributes:
        title: kind, name and id.
        sentence: the condition in words.
        basis: the legal bases in words.
        facts: the facts that its table has columns for, in the author's order.
        lines: the rows; everything else does not call for it.
    """

    title: str
    sentence: str
    basis: tuple[str, ...]
    facts: tuple[str, ...]
    lines: tuple[Line, ...]


def sign_off(compiled: CompiledTheme, bases: Mapping[str, Basis]) -> Iterator[Entry]:
    """The entries of a theme in one city, terms first, in the order of the file."""
    theme = compiled.theme
    write = ConditionWriter(compiled).write
    for id_, term in theme.terms.items():
        basis = tuple(_say_basis(bases[name]) for name in term.basis)
        yield Entry(f"条件“{term.label}”（{id_}）", write(term.when), basis, (), ())
    for section in OUTCOME_SECTIONS:
        for id_, spec in getattr(theme, section).items():
            yield _entry(compiled, bases, f"{SECTION_NAMES[section]}“{getattr(spec, 'name', id_)}”（{id_}）", id_, spec)
            if section == "items" and spec.materials != "none":
                for use in spec.materials:
                    if use.when is not None:
                        title = f"事项“{spec.name}”的材料 {use.use}（{id_}/{use.use}）"
                        yield _entry(compiled, {}, title, f"{id_}/{use.use}", use)


def _entry(compiled: CompiledTheme, bases: Mapping[str, Basis], title: str, id_: str, spec: Any) -> Entry:
    table = compiled.outcomes[id_].table
    dimensions = {dimension.fact: dimension for dimension in table.dimensions}
    lines: list[Line] = []
    unset = "、".join(compiled.theme.params[param].label for param in table.unset)
    for verdict, truth in (("是", table.must), (f"看本地规定（{unset}）", table.may & ~table.must)):
        for row in cover(table, truth):
            cells = {fact: say_cell(compiled, dimensions[fact], classes) for fact, classes in row.items()}
            lines.append(Line(verdict, cells))
    used = {fact for line in lines for fact in line.cells}
    return Entry(
        title,
        ConditionWriter(compiled).write(spec.when),
        tuple(_say_basis(bases[name]) for name in getattr(spec, "basis", ())),
        tuple(fact for fact in compiled.theme.facts if fact in used),
        tuple(lines),
    )


def _say_basis(basis: Basis) -> str:
    where = f"{basis.law}{basis.article or ''}"
    return f"{where}（{CERTAINTIES[basis.certainty]}，{basis.checked}）"


def markdown(compiled: CompiledTheme, entries: Iterator[Entry]) -> str:
    """The sign-off table as a Markdown document."""
    theme = compiled.theme
    told = [
        f"# {theme.title}（{theme.id} {theme.version}）· {compiled.locality.name} · 规则签字表",
        "",
        "每一行是“全部满足才算”；有几行的，满足任意一行就算；没有列出的情形都不算。空格表示不管是什么都行。",
    ]
    for entry in entries:
        told += ["", f"## {entry.title}", "", f"条件：{entry.sentence}。"]
        told += [f"依据：{'；'.join(entry.basis)}。"] if entry.basis else []
        told += ["", *_table(compiled, entry)]
    return "\n".join([*told, "", "签字：____________    日期：____________", ""])


def _table(compiled: CompiledTheme, entry: Entry) -> list[str]:
    if not entry.lines:
        return [] if entry.title.startswith("条件") else ["本地没有任何情形需要。"]
    labels = [compiled.theme.facts[fact].label for fact in entry.facts]
    head = ["序号", *labels, "结果"]
    rows = [
        [str(number), *(line.cells.get(fact, "") for fact in entry.facts), line.verdict]
        for number, line in enumerate(entry.lines, 1)
    ]
    if not entry.facts and len(rows) == 1 and rows[0][-1] == "是":
        return ["任何情形都需要。"]
    return [_row(head), _row(["---"] * len(head)), *(_row(row) for row in rows)]


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"
