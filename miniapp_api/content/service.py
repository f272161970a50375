"""Use cases of content, and the only module of it that others may import."""

from __future__ import annotations

import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import cast

import structlog
from flask import current_app
from sqlalchemy.orm import Session

from guidance.documents import CatalogueError, Problem
from guidance.library import Locality
from guidance.linting import errors, lint
from guidance.loading import load_catalogue
from guidance.reading.theme_names import ThemeNames
from guidance.theme import Theme
from miniapp_api.calendar.service import today
from miniapp_api.content.models import PublishedRelease
from miniapp_api.content.releases import Release
from miniapp_api.database import add_if_new

__all__ = ["CatalogueError", "Content", "Release", "content", "publish", "release"]

log = structlog.get_logger()

LOOK_EVERY = 2.0
"""Seconds between two looks at the catalogue's files."""


@dataclass(frozen=True, slots=True)
class _Served:
    """One valid state of the catalogue, whole: readers never see half a change."""

    stamp: tuple[tuple[str, int, int], ...]
    themes: dict[str, Theme]
    localities: dict[str, Locality]
    names: ThemeNames
    releases: dict[tuple[str, str], Release]


@dataclass
class Content:
    """The catalogue of one process. A changed folder is taken over when it is valid, else refused.

    Raises:
        CatalogueError: at construction, if the folder does not hold a valid catalogue.
    """

    root: Path
    _served: _Served = field(init=False)
    _refused: tuple[Problem, ...] = field(init=False, default=())
    _seen: tuple[tuple[str, int, int], ...] = field(init=False)
    _looked: float = field(init=False, default=0.0)
    _lock: threading.Lock = field(init=False, default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self._seen = _stamp(self.root)
        self._served = _load(self.root, self._seen)
        self._looked = time.monotonic()

    def locality_ids(self) -> Collection[str]:
        """List the cities that may be chosen."""
        return self._current().localities.keys()

    def fault(self) -> str | None:
        """Say what is wrong with the files on disk, or None; the last valid state is served."""
        self._current()
        return str(self._refused[0]) if self._refused else None

    def localities(self) -> Collection[Locality]:
        """The cities, in order of id."""
        return self._current().localities.values()

    def locality(self, id_: str) -> Locality:
        """A city; KeyError if it is not in the catalogue."""
        return self._current().localities[id_]

    def themes(self) -> Collection[Theme]:
        """The themes, in order of id."""
        return self._current().themes.values()

    def names(self) -> ThemeNames:
        """What the themes are called by citizens."""
        return self._current().names

    def release(self, theme: str, locality: str) -> Release:
        """The newest release of a theme for a city; KeyError if either is unknown."""
        return self._current().releases[theme, locality]

    def find(self, digest: str) -> Release | None:
        """A release by its digest, if it is among the newest."""
        return next((found for found in self._current().releases.values() if found.digest == digest), None)

    def _current(self) -> _Served:
        if time.monotonic() - self._looked > LOOK_EVERY and self._lock.acquire(blocking=False):
            try:
                self._looked = time.monotonic()
                self._take_over_changes()
            finally:
                self._lock.release()
        return self._served

    def _take_over_changes(self) -> None:
        stamp = _stamp(self.root)
        if stamp == self._seen:
            return
        self._seen = stamp
        try:
            self._served = _load(self.root, stamp)
        except CatalogueError as error:
            self._refused = error.problems
            log.warning("catalogue_refused", problems=[str(problem) for problem in error.problems[:20]])
        else:
            self._refused = ()
            log.info("catalogue_taken_over", themes=len(self._served.themes))


def content() -> Content:
    """Give the catalogue of the current application."""
    return cast(Content, current_app.extensions["content"])


def publish(session: Session, newest: Release) -> str:
    """Keep a release for as long as guides may need it.

    Returns:
        Its digest.
    """
    if session.get(PublishedRelease, newest.digest) is None:
        theme = newest.compiled.theme
        row = PublishedRelease(
            digest=newest.digest,
            theme=theme.id,
            version=theme.version,
            locality=newest.compiled.locality.id,
            texts=newest.texts,
        )
        add_if_new(session, row)  # others may be the first at the same moment
    return newest.digest


def release(session: Session, digest: str) -> Release:
    """Give a release that was published once, newest or not."""
    served = content().find(digest)
    if served is not None:
        return served
    return _restored(digest, session.get_one(PublishedRelease, digest).texts)


@lru_cache(maxsize=32)
def _restored(digest: str, texts: bytes) -> Release:
    return Release.from_texts(digest, texts)


def _stamp(root: Path) -> tuple[tuple[str, int, int], ...]:
    """Names, times and sizes of the files: cheap to compare."""
    found = []
    for path in sorted(root.rglob("*.yaml")):
        facts = path.stat()
        found.append((str(path), facts.st_mtime_ns, facts.st_size))
    return tuple(found)


def _load(root: Path, stamp: tuple[tuple[str, int, int], ...]) -> _Served:
    catalogue = load_catalogue(root)
    wrong = errors(lint(catalogue, today=today()))
    if wrong:
        raise CatalogueError(wrong)
    releases = {
        (theme, locality): Release.of(catalogue, theme, locality)
        for theme in catalogue.themes
        for locality in catalogue.localities
    }
    themes = {id_: document.content for id_, document in catalogue.themes.items()}
    return _Served(
        stamp,
        themes,
        {id_: document.content for id_, document in catalogue.localities.items()},
        ThemeNames(themes.values()),
        releases,
    )
