"""What is left of a formula when some facts are known, and how it stands then."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guidance.logic import FALSE, TRUE, Both, Either, Formula, Literal, Neg
from guidance.tables import Status, TableBuilder
from guidance.values import Range


def residual(formula: Formula, answers: Mapping[str, Any]) -> Formula:
    """The formula with the tests on known facts made; facts known roughly (`Range`) stay open."""
    match formula:
        case Both(parts):
            return _joined(parts, answers, Both, TRUE, FALSE)
        case Either(parts):
            return _joined(parts, answers, Either, FALSE, TRUE)
        case Neg(part):
            inner = residual(part, answers)
            return FALSE if inner == TRUE else TRUE if inner == FALSE else Neg(inner)
        case Literal(fact, test, negated):
            answer = answers.get(fact)
            if answer is None or isinstance(answer, Range):
                return formula
            return TRUE if test.holds(answer) is not negated else FALSE


def _joined(
    parts: tuple[Formula, ...], answers: Mapping[str, Any], join: type[Both | Either], idle: Formula, final: Formula
) -> Formula:
    """The parts left of a conjunction or disjunction: `idle` ones drop out, a `final` one decides."""
    kept: list[Formula] = []
    for part in parts:
        left = residual(part, answers)
        if left == final:
            return final
        if left != idle:
            kept.append(left)
    return kept[0] if len(kept) == 1 else join(tuple(kept))


def status_of(formula: Formula, answers: Mapping[str, Any], builder: TableBuilder) -> Status:
    """How an outcome stands, without its whole table."""
    left = residual(formula, answers)
    if left in (TRUE, FALSE):
        return Status.NEEDED if left == TRUE else Status.NOT_NEEDED
    table = builder.build(left)
    return table.status(table.rows(answers))
