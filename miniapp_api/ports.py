"""What the frame needs of the catalogue; `content.service` fits it, and tests put a fake in its place."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol, cast

from flask import current_app


class Catalogue(Protocol):
    """The catalogue that is being served."""

    def locality_ids(self) -> Collection[str]:
        """List the cities that may be chosen."""

    def fault(self) -> str | None:
        """Say what is wrong with the files on disk, or None; the last valid ones are served."""


def catalogue() -> Catalogue:
    """Give the catalogue of the current application."""
    return cast(Catalogue, current_app.extensions["content"])
