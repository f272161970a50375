"""Runs the checks."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

from guidance.documents import Problem
from guidance.linting.context import CatalogueContext, ThemeContext
from guidance.linting.registry import CHECKS, Check, Finding, Stage
from guidance.loading import Catalogue


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
    found = list(_run(context, Stage.NAMES, context.themes))
    faulty = {problem.file for problem in errors(found)}
    shared = {catalogue.bases.path.name, catalogue.materials.path.name}
    shared |= {document.path.name for document in context.localities.values()}
    sound = [theme for theme in context.themes if not faulty & {*shared, theme.document.path.name}]
    if context.localities:
        for stage in (Stage.MEANING, Stage.COSTLY) if thorough else (Stage.MEANING,):
            found += _run(context, stage, sound)
    return sorted(set(found))


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
