"""Runs the checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from guidance.documents import Problem
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import CHECKS, Check, Finding, Stage
from guidance.loading import Catalogue

_NEEDED_TO_COMPILE = ("G0", "G1", "G201", "G202", "G302", "G705")


def lint(
    catalogue: Catalogue,
    *,
    localities: Collection[str] | None = None,
    today: date | None = None,
    previous: Catalogue | None = None,
    thorough: bool = False,
) -> list[Problem]:
    """Check a catalogue.

    What can only be said of a theme once all names and types are right is left out while they are
    not.

    Args:
        catalogue: loaded, so each file follows its schema.
        localities: ids of the cities to look at; all, if None.
        today: the day on which the content must be valid; today in China, if None.
        previous: the catalogue as last published: versions and ids are compared with it.
        thorough: also play sessions and mutate conditions: for authors; takes seconds.

    Returns:
        Problems by file and line.
    """
    context = CatalogueContext(
        catalogue,
        {id_: d for id_, d in catalogue.localities.items() if localities is None or id_ in localities},
        today or datetime.now(ZoneInfo("Asia/Shanghai")).date(),
        previous,
    )
    found: list[Problem] = []
    sound = context.themes
    for stage in Stage:
        if stage is Stage.COSTLY and not thorough:
            break
        found += _run(context, stage, sound)
        sound = _sound(context, found) if context.localities else []
    return sorted(set(found))


def _sound(context: CatalogueContext, found: Iterable[Problem]) -> list[ThemeContext]:
    """The themes that compile: names, types and sizes are right in them and in what they share."""
    faulty = {problem.file for problem in errors(found) if problem.code.startswith(_NEEDED_TO_COMPILE)}
    shared = {context.catalogue.bases.path.name, context.catalogue.materials.path.name}
    shared |= {document.path.name for document in context.localities.values()}
    return [theme for theme in context.themes if not faulty & {*shared, theme.document.path.name}]


def errors(problems: Iterable[Problem]) -> list[Problem]:
    """Those problems that stop the service."""
    return [problem for problem in problems if problem.severity == "error"]


def _run(context: CatalogueContext, stage: Stage, themes: Iterable[ThemeContext]) -> Iterator[Problem]:
    for check in CHECKS:
        if check.stage is not stage:
            continue
        if check.scope == "catalogue":
            for finding in check.run(context):
                assert finding.document is not None  # noqa: S101 - a check of the catalogue names the file
                yield _problem(context, check, finding)
            continue
        for theme in themes:
            for finding in check.run(theme):
                yield _problem(context, check, finding, theme)


def _problem(context: CatalogueContext, check: Check, finding: Finding, theme: ThemeContext | None = None) -> Problem:
    document = finding.document
    if document is None:
        assert theme is not None  # noqa: S101 - only checks of themes leave the file out
        document = theme.document
    line = context.lines(document).line(finding.path)
    return Problem(document.path.name, line, check.code, finding.message, finding.severity or check.severity)
