"""Loads the catalogue: themes, localities, and the libraries they share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass as schema

from guidance.documents import CatalogueError, Document, Problem, Schema
from guidance.library import Basis, Locality, Material
from guidance.theme import STRICT, Id, Theme


@schema(frozen=True, slots=True, config=STRICT)
class BasesFile:
    """`bases.yaml`."""

    schema: Literal["daoban/bases/1"]
    bases: dict[Id, Basis] = Field(default_factory=dict)


@schema(frozen=True, slots=True, config=STRICT)
class MaterialsFile:
    """`materials.yaml`."""

    schema: Literal["daoban/materials/1"]
    materials: dict[Id, Material] = Field(default_factory=dict)


THEME: Schema[Theme] = Schema(Theme)
LOCALITY: Schema[Locality] = Schema(Locality)
BASES: Schema[BasesFile] = Schema(BasesFile)
MATERIALS: Schema[MaterialsFile] = Schema(MaterialsFile)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All content, checked against its schemas (meaning is checked by `guidance.linting`)."""

    themes: dict[str, Document[Theme]]
    localities: dict[str, Document[Locality]]
    bases: Document[BasesFile]
    materials: Document[MaterialsFile]
    digest: str

    def theme(self, id_: str) -> Theme:
        """A theme by id; KeyError if there is none."""
        return self.themes[id_].content

    def locality(self, id_: str) -> Locality:
        """A locality by id; KeyError if there is none."""
        return self.localities[id_].content


def load_catalogue(root: Path) -> Catalogue:
    """Load a catalogue folder.

    Args:
        root: holds `themes/`, `localities/`, `bases.yaml` and `materials.yaml`.

    Raises:
        CatalogueError: with every problem of every file.
    """
    problems: list[Problem] = []

    def read(kind: Schema[Any], path: Path) -> Any:
        try:
            return kind.read(path)
        except FileNotFoundError:
            problems.append(Problem(path.name, 1, "G002", "缺少这个文件"))
        except CatalogueError as error:
            problems.extend(error.problems)
        return None

    themes = [read(THEME, path) for path in sorted((root / "themes").glob("*.yaml"))]
    localities = [read(LOCALITY, path) for path in sorted((root / "localities").glob("*.yaml"))]
    bases, materials = read(BASES, root / "bases.yaml"), read(MATERIALS, root / "materials.yaml")
    documents = [document for document in (*themes, *localities) if document is not None]
    problems.extend(
        Problem(
            d.path.name,
            d.line_of("id"),
            "G003",
            f"文件名应与 id 一致：请把文件改名为 {d.content.id}.yaml，或把 id 改为 {d.path.stem}",
        )
        for d in documents
        if d.content.id != d.path.stem
    )
    if problems:
        raise CatalogueError(sorted(problems))
    return Catalogue(
        {document.content.id: document for document in themes},
        {document.content.id: document for document in localities},
        bases,
        materials,
        _digest([*(d.path for d in documents), root / "bases.yaml", root / "materials.yaml"]),
    )


def _digest(paths: list[Path]) -> str:
    """A fingerprint of the files' contents, hexadecimal."""
    digest = hashlib.sha256()
    for path in paths:
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
