"""The diagram of a theme: facts and terms on the left, what they call for on the right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

from guidance.analysis.sites import OUTCOME_SECTIONS, SECTION_NAMES, Section
from guidance.compiler import CompiledTheme
from guidance.conditions import AllOf, AnyOf, Atom, Condition, Is, Not
from guidance.sentences import ConditionWriter

_WIDTH: Final = {"facts": 220, "terms": 220, "outcomes": 380}
_GAP: Final = 210
_HEIGHT: Final = 48
_SPACE: Final = 12
_MARGIN: Final = 20
_COLOURS: Final = {
    "facts": "#e3eefb",
    "terms": "#fdf3d6",
    "vetoes": "#f9d9d6",
    "items": "#dff2e1",
    "duties": "#ece4f6",
    "notices": "#eeeeee",
}


@dataclass(frozen=True, slots=True)
class Node:
    """A box: a fact, a term or an outcome.

    Attributes:
        key: unique, for links.
        section: its section in the theme file.
        text: what it shows.
        condition: its condition as a sentence, if it has one.
    """

    key: str
    section: Section
    text: str
    condition: str = ""


@dataclass(frozen=True, slots=True)
class Edge:
    """What one box makes of another: the tests, in Chinese."""

    source: str
    target: str
    label: str


@dataclass(frozen=True, slots=True)
class Diagram:
    """Boxes and edges, in the order of the file."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def diagram(compiled: CompiledTheme) -> Diagram:
    """The diagram of a theme in one city; parameters appear with their values."""
    theme = compiled.theme
    write = ConditionWriter(compiled).write
    nodes: list[Node] = []
    edges: list[Edge] = []
    sections: tuple[Section, ...] = ("facts", "terms", *OUTCOME_SECTIONS)
    for section in sections:
        for id_, spec in getattr(theme, section).items():
            key = _key(section, id_)
            condition: Condition | None = spec.only_if if section == "facts" else spec.when
            text = getattr(spec, "name", None) or getattr(spec, "label", None) or id_
            nodes.append(Node(key, section, text, "" if condition is None else write(condition)))
            if condition is not None:
                edges += _edges(compiled, key, condition)
    return Diagram(tuple(nodes), tuple(edges))


def _key(section: str, id_: str) -> str:
    """A name that Mermaid takes: hyphens would look like links."""
    return f"{section}_{id_}".replace("-", "_")


def _edges(compiled: CompiledTheme, target: str, condition: Condition) -> Iterator[Edge]:
    """One edge per fact or term that a condition names, with all its tests."""
    labels: dict[str, list[str]] = {}
    for source, label in _tests(compiled, condition, negated=False):
        labels.setdefault(source, []).append(label)
    for source, told in labels.items():
        yield Edge(source, target, "；".join(dict.fromkeys(told)))


def _tests(compiled: CompiledTheme, condition: Condition, *, negated: bool) -> Iterator[tuple[str, str]]:
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from _tests(compiled, part, negated=negated)
        case Not(part):
            yield from _tests(compiled, part, negated=not negated)
        case Is(term):
            yield _key("terms", term), "不属于" if negated else "属于"
        case Atom(subject) if not subject.startswith("$"):
            label = compiled.theme.facts[subject].label
            told = ConditionWriter(compiled).write(condition).removeprefix(label).removeprefix("：")
            yield _key("facts", subject), f"并非（{told}）" if negated else told
        case _:
            return


def mermaid(found: Diagram) -> str:
    """The diagram as Mermaid text."""
    lines = ["flowchart LR"]
    for section, name in SECTION_NAMES.items():
        inside = [node for node in found.nodes if node.section == section]
        if inside:
            lines.append(f'  subgraph {section}["{name}"]')
            lines += [f"    {node.key}{_shape(node)}" for node in inside]
            lines.append("  end")
    lines += [f'  {edge.source} -->|"{_quoted(edge.label)}"| {edge.target}' for edge in found.edges]
    lines += [f"  style {section} fill:{colour}" for section, colour in _COLOURS.items()]
    return "\n".join([*lines, ""])


def _shape(node: Node) -> str:
    text = f'"{_quoted(node.text)}"'
    return {"facts": f"([{text}])", "terms": f"{{{{{text}}}}}"}.get(node.section, f"[{text}]")


def _quoted(text: str) -> str:
    return text.replace('"', "'").replace("\n", " ")


def svg(found: Diagram, title: str) -> str:
    """The diagram as a drawing that needs no other file; sentences show where the pointer rests."""
    columns: dict[str, tuple[Section, ...]] = {"facts": ("facts",), "terms": ("terms",), "outcomes": OUTCOME_SECTIONS}
    places: dict[str, tuple[int, int, int]] = {}
    boxes: list[str] = []
    left, bottom = _MARGIN, 0
    for column, sections in columns.items():
        top = _MARGIN + 40
        for node in (node for node in found.nodes if node.section in sections):
            places[node.key] = (left, top, _WIDTH[column])
            boxes.append(_box(node, left, top, _WIDTH[column]))
            top += _HEIGHT + _SPACE
        bottom = max(bottom, top)
        left += _WIDTH[column] + _GAP
    width, height = left - _GAP + _MARGIN, bottom + _MARGIN
    curves = [_curve(edge, places) for edge in found.edges]
    style = (
        "text{font:13px sans-serif}.small{font-size:11px;fill:#555}"
        "path{fill:none;stroke:#8a8a8a}path:hover{stroke:#c0392b;stroke-width:3}"
    )
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
            f'viewBox="0 0 {width} {height}" role="img">',
            f"<title>{escape(title)}</title><style>{style}</style>",
            f'<text x="{_MARGIN}" y="{_MARGIN + 12}" style="font-size:18px">{escape(title)}</text>',
            *curves,
            *boxes,
            "</svg>",
            "",
        ]
    )


def _box(node: Node, left: int, top: int, width: int) -> str:
    shown, small = _cut(node.text, width // 14), _cut(node.condition, width // 12)
    told = f"{SECTION_NAMES[node.section]}：{node.text}" + (f"\n条件：{node.condition}" if node.condition else "")
    return (
        f'<g><title>{escape(told)}</title><rect x="{left}" y="{top}" width="{width}" height="{_HEIGHT}" rx="6" '
        f'fill="{_COLOURS[node.section]}" stroke="#666"/>'
        f'<text x="{left + 10}" y="{top + 20}">{escape(shown)}</text>'
        f'<text x="{left + 10}" y="{top + 38}" class="small">{escape(small)}</text></g>'
    )


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _curve(edge: Edge, places: dict[str, tuple[int, int, int]]) -> str:
    left, top, width = places[edge.source]
    to_left, to_top, _ = places[edge.target]
    x, y, end_y = left + width, top + _HEIGHT // 2, to_top + _HEIGHT // 2
    bend = (x + to_left) // 2 if to_left > x else x + 60
    end_x = max(x, to_left)
    return f'<path d="M{x} {y} C{bend} {y} {bend} {end_y} {end_x} {end_y}"><title>{escape(edge.label)}</title></path>'
