"""Where the conditions of a theme stand, and the parts they are made of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from guidance.conditions import AllOf, AnyOf, Atom, Condition, Not, atoms, terms_used
from guidance.documents import KeyPath
from guidance.theme import Theme

Section = Literal["facts", "terms", "vetoes", "items", "duties", "notices"]
OUTCOME_SECTIONS: tuple[Section, ...] = ("vetoes", "items", "duties", "notices")
SECTION_NAMES = {
    "facts": "问题",
    "terms": "条件",
    "vetoes": "红灯",
    "items": "事项",
    "duties": "义务",
    "notices": "提示",
}


@dataclass(frozen=True, slots=True)
class Site:
    """The place of one condition.

    Attributes:
        section: a section of the theme file.
        id: the entry there.
        material: for the condition of a material, its position in the item's list.
    """

    section: Section
    id: str
    material: int | None = None

    @property
    def path(self) -> KeyPath:
        """The key path in the theme file."""
        if self.material is not None:
            return (self.section, self.id, "materials", self.material, "when")
        return (self.section, self.id, "only_if" if self.section == "facts" else "when")


@dataclass(frozen=True, slots=True)
class Part:
    """A condition inside a condition.

    Attributes:
        condition: the part.
        path: where it is written, from the file's root.
        steps: the way to it through the parts of the whole, empty for the whole itself.
    """

    condition: Condition
    path: KeyPath
    steps: tuple[int, ...]


def sites(theme: Theme) -> Iterator[tuple[Site, Condition]]:
    """Every condition of a theme, in the order of the file's sections."""
    for fact, spec in theme.facts.items():
        if spec.only_if is not None:
            yield Site("facts", fact), spec.only_if
    for term, named in theme.terms.items():
        yield Site("terms", term), named.when
    for section in OUTCOME_SECTIONS:
        for id_, outcome in getattr(theme, section).items():
            yield Site(section, id_), outcome.when
            if section == "items" and outcome.materials != "none":
                for number, use in enumerate(outcome.materials):
                    if use.when is not None:
                        yield Site(section, id_, number), use.when


def condition_at(theme: Theme, site: Site) -> Condition:
    """The condition that stands at a site."""
    entry: Any = getattr(theme, site.section)[site.id]
    condition: Condition
    if site.section == "facts":
        condition = entry.only_if
    elif site.material is None:
        condition = entry.when
    else:
        condition = entry.materials[site.material].when
    return condition


def with_condition(theme: Theme, site: Site, condition: Condition) -> Theme:
    """The theme with another condition at a site."""
    section: dict[str, Any] = getattr(theme, site.section)
    entry: Any = section[site.id]
    if site.section == "facts":
        changed = replace(entry, only_if=condition)
    elif site.material is None:
        changed = replace(entry, when=condition)
    else:
        uses = list(entry.materials)
        uses[site.material] = replace(uses[site.material], when=condition)
        changed = replace(entry, materials=uses)
    changes: dict[str, Any] = {site.section: {**section, site.id: changed}}
    return replace(theme, **changes)


def say_site(theme: Theme, site: Site) -> str:
    """A site as authors speak of it: 「事项“食品经营许可”的条件」."""
    entry: Any = getattr(theme, site.section)[site.id]
    name = getattr(entry, "name", None) or getattr(entry, "label", None) or site.id
    named = f"{SECTION_NAMES[site.section]}“{name}”"
    if site.material is not None:
        return f"{named}的材料 {entry.materials[site.material].use} 的条件"
    return f"{named}的 only_if" if site.section == "facts" else f"{named}的条件" if site.section != "terms" else named


def parts(condition: Condition, raw: Any, path: KeyPath, steps: tuple[int, ...] = ()) -> Iterator[Part]:
    """A condition and all its parts, outer before inner.

    Args:
        condition: the condition as parsed.
        raw: the plain data it was parsed from.
        path: where it stands.
        steps: the way to it, if it is itself a part.
    """
    if not isinstance(raw, Mapping):
        yield Part(condition, path, steps)
        return
    if len(raw) == 1:
        ((key, value),) = raw.items()
        yield from _entry(condition, str(key), value, path, steps)
        return
    yield Part(condition, path, steps)
    assert isinstance(condition, AllOf)  # noqa: S101 - several keys of a map must all hold
    for number, (part, (key, value)) in enumerate(zip(condition.parts, raw.items(), strict=True)):
        yield from _entry(part, str(key), value, path, (*steps, number))


def _entry(condition: Condition, key: str, value: Any, path: KeyPath, steps: tuple[int, ...]) -> Iterator[Part]:
    here = (*path, key)
    yield Part(condition, here, steps)
    match condition:
        case Not(part):
            yield from parts(part, value, here, (*steps, 0))
        case AllOf(inner) | AnyOf(inner) if key in ("all", "any"):
            for number, part in enumerate(inner):
                yield from parts(part, value[number], (*here, number), (*steps, number))
        case AllOf(inner):
            for number, (part, op) in enumerate(zip(inner, value, strict=True)):
                yield Part(part, (*here, str(op)), (*steps, number))


def inner_parts(condition: Condition) -> tuple[Condition, ...]:
    """The direct parts of a condition."""
    match condition:
        case AllOf(found) | AnyOf(found):
            return found
        case Not(part):
            return (part,)
        case _:
            return ()


def with_part(condition: Condition, steps: tuple[int, ...], new: Condition | None) -> Condition:
    """The condition with one part exchanged, or dropped if `new` is None."""
    if not steps:
        assert new is not None  # noqa: S101 - the whole cannot be dropped
        return new
    first, rest = steps[0], steps[1:]
    found = list(inner_parts(condition))
    if rest or new is not None:
        found[first] = with_part(found[first], rest, new)
    else:
        del found[first]
    match condition:
        case AllOf():
            return AllOf(tuple(found))
        case AnyOf():
            return AnyOf(tuple(found))
        case _:
            return Not(found[0])


def part_at(condition: Condition, steps: tuple[int, ...]) -> Condition:
    """The part at the end of the way."""
    for step in steps:
        condition = inner_parts(condition)[step]
    return condition


def names_read(condition: Condition) -> set[str]:
    """What a condition names: `fact:…`, `term:…` and `param:…`."""
    found = {f"term:{term}" for term in terms_used(condition)}
    for atom in atoms(condition):
        found |= names_of_atom(atom)
    return found


def names_of_atom(atom: Atom) -> set[str]:
    """What one test names."""
    found = {f"param:{atom.subject[1:]}" if atom.subject.startswith("$") else f"fact:{atom.subject}"}
    if isinstance(atom.operand, str) and atom.operand.startswith("$"):
        found.add(f"param:{atom.operand[1:]}")
    return found


class Dependencies:
    """What each condition of a theme rests on, directly and through terms and gates."""

    def __init__(self, theme: Theme) -> None:
        self._direct = {
            name: names_read(condition) for site, condition in sites(theme) if (name := _name_of(site)) is not None
        }

    def closure(self, condition: Condition) -> set[str]:
        """All that a condition rests on."""
        found: set[str] = set()
        pending = list(names_read(condition))
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._direct.get(name, ())
        return found

    def circle(self) -> list[str] | None:
        """Names that rest on themselves, first and last the same; None if there are none."""
        done: set[str] = set()
        for start in self._direct:
            found = self._circle_from(start, [], done)
            if found:
                return found
        return None

    def _circle_from(self, name: str, way: list[str], done: set[str]) -> list[str] | None:
        if name in way:
            return [*way[way.index(name) :], name]
        if name in done:
            return None
        for other in sorted(self._direct.get(name, ())):
            found = self._circle_from(other, [*way, name], done)
            if found:
                return found
        done.add(name)
        return None


def _name_of(site: Site) -> str | None:
    """How conditions refer to a site; None for outcomes, which none refers to."""
    return {"facts": f"fact:{site.id}", "terms": f"term:{site.id}"}.get(site.section)
