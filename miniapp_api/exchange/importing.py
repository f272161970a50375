"""Taking over what another system tells: all of it or nothing, or what is good if that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from miniapp_api.cases import service as cases
from miniapp_api.cases.service import By, Outside
from miniapp_api.errors import Problem
from miniapp_api.exchange.rows import Line, ProgressRow
from miniapp_api.sites.service import find_site


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one row.

    Attributes:
        fault: why it was not taken over; None if it was, or would have been.
        number: of the case here.
        query_code: of a case that is new; it is told this once.
        known: nothing is new in it.
    """

    line: int
    fault: str | None = None
    number: str | None = None
    query_code: str | None = None
    known: bool = False


@dataclass(slots=True)
class Report:
    """What became of all rows.

    Attributes:
        applied: the database was changed.
    """

    results: list[Result] = field(default_factory=list)
    applied: bool = False

    @property
    def faults(self) -> list[Result]:
        """The rows that are not good."""
        return [result for result in self.results if result.fault]


def take_over(session: Session, system: str, lines: Sequence[Line], *, apply: bool, keep_good: bool = False) -> Report:
    """Take over rows, in their order.

    Args:
        session: in the caller's transaction; without `apply` it is left as it was.
        system: name of the other system.
        lines: as `rows` read them.
        apply: else it is only tried out.
        keep_good: take over the good rows even if others are broken.
    """
    report = Report()
    trial = session.begin_nested()
    for line in lines:
        report.results.append(_one(session, system, line))
    report.applied = apply and (keep_good or not report.faults)
    if report.applied:
        trial.commit()
    else:
        trial.rollback()
    return report


def _one(session: Session, system: str, line: Line) -> Result:
    if line.row is None:
        return Result(line.line, line.fault)
    try:
        with session.begin_nested():
            return _step(session, system, line.line, line.row)
    except Problem as refused:
        return Result(line.line, refused.description)


def _step(session: Session, system: str, line: int, row: ProgressRow) -> Result:
    act = cases.acting(session, By("outside", system), row.at)
    if row.at > cases.acting(session).now:
        return Result(line, "时间在将来，请核对。")
    case, query = cases.find_outside(act, system, row.number), None
    if case is None:
        if row.step != "received":
            return Result(line, "这个编号还没有收件记录，先导入“收件”这一步。")
        site = find_site(session, row.site)
        if site is None:
            return Result(line, f"没有代号是 {row.site} 的网点。")
        told = Outside(system, row.number, row.item, site.locality, site.code, row.mobile_tail)
        case, query = cases.open_outside(act, told)
    elif _is_known(session, case, row):
        return Result(line, number=case.number, known=True)
    cases.told(act, case, row.fact())
    return Result(line, number=case.number, query_code=query)


def _is_known(session: Session, case: cases.Case, row: ProgressRow) -> bool:
    fact = row.fact().model_dump(mode="json")
    return any(event.at == row.at and event.fact == fact for event in cases.rows_of(session, case))
