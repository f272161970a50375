"""What checks look at: a theme or the catalogue, with everything derived from it made once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Any

import yaml12

from guidance.analysis.sites import Part, Site, parts, sites
from guidance.compiler import CompiledTheme, compile_theme
from guidance.documents import Document, KeyPath, line_of
from guidance.library import Basis, Locality, Material
from guidance.linting.proofs import Proofs
from guidance.loading import Catalogue
from guidance.theme import Theme


class Lines:
    """The lines of one file, parsed once."""

    def __init__(self, document: Document[Any]) -> None:
        self._text = document.path.read_text(encoding="utf-8")

    def line(self, path: KeyPath) -> int:
        """The line of a key path, or of its nearest ancestor that exists."""
        return line_of(self._text, path)

    @cached_property
    def raw(self) -> Any:
        """The file as plain data."""
        return yaml12.parse_yaml(self._text)


@dataclass(frozen=True)
class CatalogueContext:
    """The whole catalogue.

    Attributes:
        catalogue: all files.
        localities: the cities to look at, by id.
        today: the day on which the content must be valid.
        previous: the catalogue as last published, if known.
    """

    catalogue: Catalogue
    localities: dict[str, Document[Locality]]
    today: date
    previous: Catalogue | None = None

    @cached_property
    def themes(self) -> list[ThemeContext]:
        """The themes, each with its own context."""
        return [ThemeContext(self, document) for document in self.catalogue.themes.values()]

    @property
    def bases(self) -> dict[str, Basis]:
        """The library of legal bases."""
        return self.catalogue.bases.content.bases

    @property
    def materials(self) -> dict[str, Material]:
        """The library of materials."""
        return self.catalogue.materials.content.materials

    def lines(self, document: Document[Any]) -> Lines:
        """The lines of a file of the catalogue."""
        key = str(document.path)
        if key not in self._lines:
            self._lines[key] = Lines(document)
        return self._lines[key]

    @cached_property
    def _lines(self) -> dict[str, Lines]:
        return {}


@dataclass(frozen=True)
class ThemeContext:
    """One theme inside its catalogue."""

    whole: CatalogueContext
    document: Document[Theme]

    @property
    def theme(self) -> Theme:
        """The theme."""
        return self.document.content

    @property
    def localities(self) -> dict[str, Locality]:
        """The cities to look at, by id."""
        return {id_: document.content for id_, document in self.whole.localities.items()}

    @cached_property
    def compiled(self) -> dict[str, CompiledTheme]:
        """The theme compiled for each city, by the city's id."""
        return {id_: compile_theme(self.theme, locality) for id_, locality in self.localities.items()}

    @cached_property
    def proofs(self) -> Proofs:
        """Proofs over all situations in all cities, and in a city that sets no parameter."""
        return Proofs([*self.compiled.values(), self._blank])

    @property
    def _blank(self) -> CompiledTheme:
        some = next(iter(self.localities.values()))
        return compile_theme(self.theme, replace(some, id="no-city", params={}))

    def sites(self) -> Iterator[Site]:
        """Where conditions stand."""
        return (site for site, _ in sites(self.theme))

    def parts(self, site: Site) -> Iterator[Part]:
        """A condition and all its parts, with the places where they are written."""
        condition = next(found for place, found in sites(self.theme) if place == site)
        return parts(condition, self._raw_at(site.path), site.path)

    def _raw_at(self, path: KeyPath) -> Any:
        raw: Any = self.whole.lines(self.document).raw
        for step in path:
            raw = raw[step]
        return raw
