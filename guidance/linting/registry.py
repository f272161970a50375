"""The checks: each a function with a code, found here by whoever runs or lists them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Literal

from guidance.documents import Document, KeyPath

Severity = Literal["error", "warning", "advice"]


class Stage(IntEnum):
    """When a check can run.

    NAMES needs the files only. SIZES needs all names and types right. MEANING needs the theme
    compiled, which small tables allow. COSTLY plays sessions or mutates conditions: seconds, for
    authors, not for a server.
    """

    NAMES = 1
    SIZES = 2
    MEANING = 3
    COSTLY = 4


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    Attributes:
        path: where, as keys from the file's root.
        message: what is wrong and how to mend it, in Chinese.
        severity: if other than the check's own.
        document: in which file; the theme's own, if None.
    """

    path: KeyPath
    message: str
    severity: Severity | None = None
    document: Document[Any] | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check.

    Attributes:
        code: the family's number, `G203`.
        name: the function's name; its bad files are called `<code>_<name>.yaml`.
        severity: `error` stops the service.
        scope: whether it looks at one theme or at the whole catalogue.
        run: the function; its context is a `ThemeContext` or a `CatalogueContext`.
    """

    code: str
    name: str
    severity: Severity
    stage: Stage
    scope: Literal["theme", "catalogue"]
    run: Callable[[Any], Iterator[Finding]]

    @property
    def reason(self) -> str:
        """Why the check is there, in one line."""
        return (self.run.__doc__ or "").strip().splitlines()[0]


CHECKS: list[Check] = []

READING = {
    ("G001", "readable"): "A file is YAML 1.2 in UTF-8, indented by blanks, no key twice (`guidance.documents`).",
    ("G002", "schema"): "A file follows its schema (`guidance.theme`, `guidance.library`).",
    ("G003", "file_name"): "A file is called as its id (`guidance.loading`).",
}
"""Checks made while files are read, before the linter has anything to look at."""

_Function = Callable[[Any], Iterator[Finding]]


def theme_check(code: str, severity: Severity, stage: Stage = Stage.NAMES) -> Callable[[_Function], _Function]:
    """Register a check of one theme; its function takes a `ThemeContext`."""
    return _register(code, severity, stage, "theme")


def catalogue_check(code: str, severity: Severity, stage: Stage = Stage.NAMES) -> Callable[[_Function], _Function]:
    """Register a check of the whole catalogue; its function takes a `CatalogueContext`."""
    return _register(code, severity, stage, "catalogue")


def _register(
    code: str, severity: Severity, stage: Stage, scope: Literal["theme", "catalogue"]
) -> Callable[[_Function], _Function]:
    def registered(function: _Function) -> _Function:
        CHECKS.append(Check(code, function.__name__, severity, stage, scope, function))
        return function

    return registered
