"""Puts facts into a template: what a paper says is settled when it is issued, whenever it is drawn.

Pure: no Flask, no database.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from miniapp_api.calendar.service import CHINA
from miniapp_api.papers.files import Block, Issuer, PapersFile
from miniapp_api.papers.kinds import FACTS, KINDS, FactSpec, FactType
from miniapp_api.papers.loading import PLACEHOLDER

MAX_TEXT = 2000
MAX_ENTRIES = 200
"""Of a list, or rows of a table."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a paper, with its facts put in.

    Attributes:
        kind: `text`: paragraphs · `lines`: pairs of label and text · `list`: a heading, then entries ·
            `table`: a heading, the row of labels, then rows · `sign`: labels.
        rows: what it says, by rows.
    """

    kind: str
    rows: tuple[tuple[str, ...], ...]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class Content:
    """All that a paper says."""

    issuer: str
    title: str
    number: str
    day: str
    parts: tuple[Part, ...]
    footer: str

    def texts(self) -> Iterator[str]:
        """List every text that is printed."""
        yield from (self.issuer, self.title, self.number, self.day, self.footer)
        for part in self.parts:
            yield part.heading
            for row in part.rows:
                yield from row

    def numbered(self, number: str) -> Content:
        """Give the same with another number."""
        return Content(self.issuer, self.title, number, self.day, self.parts, self.footer)

    def to_json(self) -> dict[str, Any]:
        """Give what `from_json` reads."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> Content:
        """Read what `to_json` gave, after it was JSON."""
        parts = (Part(part["kind"], tuple(map(tuple, part["rows"])), part["heading"]) for part in raw["parts"])
        return cls(**{**raw, "parts": tuple(parts)})


def compose(file: PapersFile, issuer: Issuer, kind: str, facts: Mapping[str, Any], day: date) -> Content:
    """Write a paper, all but its number.

    Args:
        file: the templates.
        issuer: who issues it.
        kind: one of `KINDS`.
        facts: by name; None counts as not given.
        day: of issue, in China.

    Raises:
        ValueError: There is no such kind, or facts are missing, unknown, or not what they have to be; it names them.
    """
    given = checked(kind, facts)
    template = file.papers[kind]
    said = {name: _said(FACTS[name], value) for name, value in given.items() if FACTS[name].type not in _MANY}
    said |= {f"issuer.{name}": text for name, text in issuer.model_dump().items()}
    parts = [
        _part(block, given, said, file)
        for block in template.body
        if block.when is None or given.get(block.when, False) is not False
    ]
    footer = _filled(file.footer, said)
    return Content(issuer.name, template.title, "", chinese_day(day), tuple(_together(parts)), footer)


def checked(kind: str, facts: Mapping[str, Any]) -> dict[str, Any]:
    """Give the facts that are there, if they are what a kind of paper needs.

    Raises:
        ValueError: as `compose`.
    """
    if kind not in KINDS:
        raise ValueError(f"no such kind of paper: {kind}")
    given = {name: value for name, value in facts.items() if value is not None}
    known = (*KINDS[kind].needs, *KINDS[kind].may)
    if missing := [name for name in KINDS[kind].needs if name not in given]:
        raise ValueError(f"{kind} lacks facts: {', '.join(missing)}")
    if unknown := sorted(given.keys() - set(known)):
        raise ValueError(f"{kind} has no facts: {', '.join(unknown)}")
    if wrong := [name for name, value in given.items() if not _fits(FACTS[name], value)]:
        raise ValueError(f"{kind} has facts that are not what they have to be: {', '.join(wrong)}")
    return given


def chinese_day(day: date) -> str:
    """Write a day as 2026年11月25日."""
    return f"{day.year}年{day.month}月{day.day}日"


def _chinese_moment(moment: datetime) -> str:
    local = moment.astimezone(CHINA)
    return f"{chinese_day(local)}{local.hour}时{local.minute:02}分"


_MANY = (FactType.LIST, FactType.TABLE)
_FITS: dict[FactType, Callable[[Any], bool]] = {
    FactType.TEXT: lambda value: isinstance(value, str) and 1 <= len(value.strip()) <= MAX_TEXT,
    FactType.DAY: lambda value: isinstance(value, date) and not isinstance(value, datetime),
    FactType.DUE: lambda value: any(_FITS[kind](value) for kind in (FactType.DAY, FactType.TEXT)),
    FactType.MOMENT: lambda value: isinstance(value, datetime) and value.tzinfo is not None,
    FactType.COUNT: lambda value: isinstance(value, int) and not isinstance(value, bool) and value >= 0,
    FactType.FLAG: lambda value: isinstance(value, bool),
}
_SAY: dict[FactType, Callable[[Any], str]] = {
    FactType.DAY: chinese_day,
    FactType.DUE: lambda value: value.strip() if isinstance(value, str) else chinese_day(value),
    FactType.MOMENT: _chinese_moment,
    FactType.COUNT: str,
    FactType.FLAG: lambda value: "是" if value else "否",
}


def _fits(spec: FactSpec, value: Any) -> bool:
    if spec.type not in _MANY:
        return _FITS[spec.type](value)
    if isinstance(value, str | Mapping) or not isinstance(value, Iterable):
        return False
    entries = list(value)
    fits = _FITS[FactType.TEXT] if spec.type is FactType.LIST else lambda row: _row_fits(spec, row)
    return 1 <= len(entries) <= MAX_ENTRIES and all(map(fits, entries))


def _row_fits(spec: FactSpec, row: Any) -> bool:
    if not isinstance(row, Mapping) or row.keys() - {name for name, _ in spec.columns}:
        return False
    needed = all(_cell(row, name) for name, column in spec.columns if column.needed)
    return needed and all(len(_cell(row, name)) <= MAX_TEXT for name, _ in spec.columns)


def _cell(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    return "" if value is None else str(value).strip()


def _said(spec: FactSpec, value: Any) -> str:
    return _SAY[spec.type](value) if spec.type in _SAY else value.strip()


def _filled(text: str, said: Mapping[str, str]) -> str:
    """Put facts in; what stands in a fact is never taken for a placeholder."""
    return PLACEHOLDER.sub(lambda found: said[found[1]], text)


def _part(block: Block, given: Mapping[str, Any], said: Mapping[str, str], file: PapersFile) -> Part:
    if block.lines:
        return Part("lines", tuple((FACTS[name].label, said[name]) for name in block.lines))
    if block.list:
        entries = tuple((entry.strip(),) for entry in given[block.list])
        return Part("list", entries, FACTS[block.list].label)
    if block.table:
        return _table(FACTS[block.table], given[block.table])
    if block.sign:
        return Part("sign", tuple((label,) for label in block.sign))
    return Part("text", ((_filled(block.text or file.sentences[str(block.say)].text, said),),))


def _together(parts: Iterable[Part]) -> Iterator[Part]:
    """Join lines that follow each other, wherever a fact between them is absent."""
    for kind, run in groupby(parts, key=lambda part: part.kind):
        if kind == "lines":
            yield Part("lines", tuple(row for part in run for row in part.rows))
        else:
            yield from run


def _table(spec: FactSpec, value: Iterable[Mapping[str, Any]]) -> Part:
    rows = list(value)
    columns = [(name, column) for name, column in spec.columns if any(_cell(row, name) for row in rows)]
    head = ("序号", *(column.label for _, column in columns))
    body = ((str(place), *(_cell(row, name) for name, _ in columns)) for place, row in enumerate(rows, 1))
    return Part("table", (head, *body), spec.label)
