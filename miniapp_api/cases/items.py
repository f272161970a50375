"""What can be handed in: the items of the catalogue, each with its terms and its list of materials."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from guidance.compiler import CompiledTheme
from guidance.library import Material
from miniapp_api.cases.casework import Casework, Handling
from miniapp_api.cases.terms import DEFAULT, Terms
from miniapp_api.content.service import Release, content


@dataclass(frozen=True, slots=True)
class Needed:
    """One material of an item.

    Attributes:
        shared: departments share it, so nobody has to hand it in.
        always: it is needed whatever the situation; otherwise the clerk looks whether it is.
    """

    name: str
    shared: bool
    always: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Item:
    """An item as cases need it.

    Attributes:
        ref: `theme:item`.
        basis: the laws it rests on, as 「《…》第…条」.
        release: digest of the catalogue's state.
    """

    ref: str
    name: str
    department: str
    terms: Terms
    materials: tuple[Needed, ...]
    basis: tuple[str, ...]
    release: str


def items(locality: str, casework: Casework) -> list[Item]:
    """All items that cases can be received for in a city, in the catalogue's order."""
    return [found for theme in content().themes() for found in _of_theme(theme.id, locality, casework)]


def find(ref: str, locality: str, casework: Casework) -> Item | None:
    """One of them, None if there is none."""
    theme, _, item = ref.partition(":")
    try:
        release = content().release(theme, locality)
    except KeyError:
        return None
    return _item(release, item, casework) if item in release.compiled.theme.items else None


def _of_theme(theme: str, locality: str, casework: Casework) -> Iterator[Item]:
    release = content().release(theme, locality)
    for item in release.compiled.theme.items:
        yield _item(release, item, casework)


def _item(release: Release, id_: str, casework: Casework) -> Item:
    compiled = release.compiled
    ref = f"{compiled.theme.id}:{id_}"
    item, handling = compiled.theme.items[id_], casework.handling(ref)
    uses = () if item.materials == "none" else item.materials
    needed = tuple(_needed(release.materials[use.use], always=use.when is None, note=use.note) for use in uses)
    provisional = tuple(release.materials[use].name for use in handling.provisional)
    local = compiled.locality.items.get(id_)
    return Item(
        ref=ref,
        name=item.name,
        department=(local.department if local else None) or item.department,
        terms=_terms(compiled, id_, handling, provisional),
        materials=needed,
        basis=tuple(f"《{basis.law}》{basis.article or ''}" for basis in map(release.bases.__getitem__, item.basis)),
        release=release.digest,
    )


def _needed(material: Material, *, always: bool, note: str | None) -> Needed:
    return Needed(material.name, material.source in {"shared", "issued"}, always, note or material.tips)


def _terms(compiled: CompiledTheme, id_: str, handling: Handling, provisional: tuple[str, ...]) -> Terms:
    """The law's limit is the item's own, else the general one for licences (行政许可法第四十二条)."""
    item, local = compiled.theme.items[id_], compiled.locality.items.get(id_)
    way: Literal["joint", "single"] = "joint" if handling.joint else "single"
    general = DEFAULT[way] if item.kind == "licence" or handling.joint else None
    return Terms(
        handling=way,
        statutory=item.time.legal or general,
        promised=(local.promised if local else None) or item.time.promised,
        inspection=handling.inspection,
        one_person=handling.one_person,
        provisional=provisional,
        commitment=handling.commitment,
    )
