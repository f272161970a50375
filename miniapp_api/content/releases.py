"""A release: one theme compiled for one city, with the libraries it cites."""

from __future__ import annotations

import hashlib
import json
import zlib
from dataclasses import dataclass
from typing import Self

from guidance.compiler import CompiledTheme, compile_theme
from guidance.library import Basis, Material
from guidance.loading import BASES, LOCALITY, MATERIALS, THEME, Catalogue


@dataclass(frozen=True, slots=True, eq=False)
class Release:
    """What a guide runs on; its digest names it for good.

    Attributes:
        digest: SHA-256 of the four texts, hexadecimal.
        texts: the files, compressed, enough to make the release again.
    """

    digest: str
    compiled: CompiledTheme
    bases: dict[str, Basis]
    materials: dict[str, Material]
    texts: bytes

    @classmethod
    def of(cls, catalogue: Catalogue, theme: str, locality: str) -> Self:
        """Make the release of a theme for a city, both in the catalogue."""
        paths = {
            "theme": catalogue.themes[theme].path,
            "locality": catalogue.localities[locality].path,
            "bases": catalogue.bases.path,
            "materials": catalogue.materials.path,
        }
        packed = json.dumps(
            {name: path.read_text("utf-8") for name, path in paths.items()}, ensure_ascii=False
        ).encode()
        return cls.from_texts(hashlib.sha256(packed).hexdigest(), zlib.compress(packed))

    @classmethod
    def from_texts(cls, digest: str, texts: bytes) -> Self:
        """Make a release again from its texts."""
        files: dict[str, str] = json.loads(zlib.decompress(texts))
        theme = THEME.parse("theme", files["theme"])
        locality = LOCALITY.parse("locality", files["locality"])
        return cls(
            digest=digest,
            compiled=compile_theme(theme, locality),
            bases=BASES.parse("bases", files["bases"]).bases,
            materials=MATERIALS.parse("materials", files["materials"]).materials,
            texts=texts,
        )
