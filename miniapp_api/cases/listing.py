"""Lists of cases for staff, and their counts: from the columns of `cases` alone, page by page.

Every list begins with `policy.within_reach_of`. What is open is bounded by the work of some weeks, so a
list is a range of an index, sorted by the next last day.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, exists, func, literal, or_, select, tuple_
from sqlalchemy.orm import load_only

from guidance.theme import Limit
from miniapp_api.calendar.service import CalendarUnknownError
from miniapp_api.cases.acting import Act
from miniapp_api.cases.course import OPEN, RUNNING, State
from miniapp_api.cases.models import NUMBER_LENGTH, Case, CaseEvent, CaseMaterial
from miniapp_api.cases.policy import within_reach_of
from miniapp_api.cases.receiving import subject_index
from miniapp_api.cases.supervising import Light, light
from miniapp_api.cases.terms import DELIVERY, NOTICE, Terms
from miniapp_api.errors import Problem
from miniapp_api.numbering.service import verify
from miniapp_api.privacy.service import reveal
from miniapp_api.staff.service import StaffMember

PAGE = 30
"""Cases on one page."""

MOST_FOUND = 100
"""Cases of one person that are shown."""

AGAIN_WITHIN = timedelta(minutes=10)
"""In which the same applicant hands in the same thing by mistake only."""

_LATE = date(9999, 12, 31)
"""Stands for no last day: behind all others."""

_ALIVE = (*OPEN, State.DECIDED)

_SHOWN = load_only(
    Case.public_id,
    Case.number,
    Case.item_name,
    Case.site_code,
    Case.state,
    Case.outcome,
    Case.terms,
    Case.received_at,
    Case.changed_at,
    Case.next_due,
    Case.review_by,
    Case.outside,
    raiseload=True,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be listed; all that is open, if nothing is said.

    Attributes:
        states: in one of these.
        owing: something that may come later under 容缺 has not come yet.
        to_inspect: it has to be looked at on the spot, and was not yet.
        review_by: public id of who has it in the back office.
        site: received there.
        lamp: of this colour.
    """

    states: frozenset[State] = frozenset(_ALIVE)
    owing: bool = False
    to_inspect: bool = False
    review_by: str | None = None
    site: str | None = None
    lamp: Light | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One case of a list, with its lamp."""

    case: Case
    lamp: Light


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list; `after` asks for the next one, None if there is none."""

    lines: list[Line]
    after: str | None


def listed(act: Act, member: StaffMember, wanted: Wanted, after: str | None = None) -> Page:
    """List cases by their next last day, those without one at the end.

    Args:
        act: for the day and the rules.
        member: whose list it is; they see no case beyond their reach.
        wanted: what is to be listed.
        after: of the page before, as it came.
    """
    found = []
    for case in _walk(act, _narrow(act, member, wanted), after):
        lamp = lamp_of(act, case)
        if wanted.lamp in {None, lamp}:
            found.append(Line(case, lamp))
        if len(found) > PAGE:
            return Page(found[:PAGE], _mark(found[PAGE - 1].case))
    return Page(found, None)


def counted(act: Act, member: StaffMember, wanted: Wanted) -> int:
    """Count a list."""
    ids = _narrow(act, member, replace(wanted, lamp=None)).with_only_columns(Case.id)
    return act.session.scalar(select(func.count()).select_from(ids.subquery())) or 0


def lamps(act: Act, member: StaffMember) -> dict[str, Counter[Light]]:
    """Count open cases by site and lamp. Only those near their last day are looked at one by one."""
    counts: dict[str, Counter[Light]] = {}
    alive = _narrow(act, member, Wanted())
    near = Case.next_due <= _horizon(act)
    totals = alive.with_only_columns(Case.site_code, func.count()).group_by(Case.site_code)
    for site, total in act.session.execute(totals):
        counts[site] = Counter({Light.GREEN: total})
    columns = (Case.site_code, Case.state, Case.terms, Case.next_due)
    for site, state, terms, due in act.session.execute(alive.where(near).with_only_columns(*columns)):
        lamp = _lamp(act, state, terms, due)
        counts[site][lamp] += 1
        counts[site][Light.GREEN] -= 1
    return counts


def lamp_of(act: Act, case: Case) -> Light:
    """The lamp of a case."""
    return _lamp(act, case.state, case.terms, case.next_due)


def read_number(text: str) -> str:
    """Read a case number as somebody typed or scanned it.

    Raises:
        Problem: 422 if it cannot be one: a slip shows in its last digit.
    """
    digits = re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", text))
    if len(digits) != NUMBER_LENGTH or not verify(digits):
        why = f"办件编号不对：一共 {NUMBER_LENGTH} 位数字，请照回执再核对一遍"
        raise Problem(422, invalid_params=[("number", why)])
    return digits


def by_number(act: Act, member: StaffMember, text: str) -> Case:
    """Find the case of a number.

    Raises:
        Problem: 422 if it cannot be a number; 404 if there is none within reach.
    """
    number = read_number(text)
    case: Case | None = act.session.scalar(within_reach_of(act.session, member).where(Case.number == number))
    if case is None:
        raise Problem(404, "case_not_found", "没有找到这个办件。可能是别的大厅收的，请核对编号。")
    return case


def related(act: Act, member: StaffMember, case: Case) -> tuple[Case | None, Sequence[Case]]:
    """Of a joint handling, the case that this one is part of, and its own parts; as far as they are within reach."""
    near = within_reach_of(act.session, member)
    whole = act.session.scalar(near.where(Case.id == case.parent_id)) if case.parent_id else None
    parts = act.session.scalars(near.where(Case.parent_id == case.id).order_by(Case.id)).all() if case.is_joint else ()
    return whole, parts


def of_person(act: Act, member: StaffMember, number: str, reason: str) -> list[Line]:
    """Find somebody's cases by their document number, the latest first; leaves a trace first, and commits it.

    Args:
        act: in their name.
        member: who looks.
        number: checked already (`privacy`).
        reason: why, in their words.

    Raises:
        Problem: 422 if the reason is none.
    """
    index = subject_index(number)
    reveal(act.session, member, f"person:{index}", ["cases"], reason)
    wanted = within_reach_of(act.session, member).where(Case.subject_index == index).options(_SHOWN)
    cases = act.session.scalars(wanted.order_by(Case.id.desc()).limit(MOST_FOUND))
    return [Line(case, lamp_of(act, case)) for case in cases]


def just_received(act: Act, site_code: str, item: str, number: str) -> Case | None:
    """The case that the same applicant handed in for the same item at this site a moment ago, None if there is none."""
    same = select(Case).where(
        Case.subject_index == subject_index(number),
        Case.site_code == site_code,
        Case.item == item,
        Case.received_at > act.now - AGAIN_WITHIN,
    )
    found: Case | None = act.session.scalar(same.order_by(Case.id.desc()).limit(1))
    return found


def _narrow(act: Act, member: StaffMember, wanted: Wanted) -> Select[Any]:
    cases = within_reach_of(act.session, member).where(Case.state.in_(_values(wanted.states)), Case.outside.is_(None))
    if wanted.site:
        cases = cases.where(Case.site_code == wanted.site)
    if wanted.review_by:
        cases = cases.where(Case.review_by == wanted.review_by)
    if wanted.owing:
        cases = cases.where(exists().where(CaseMaterial.case_id == Case.id, CaseMaterial.state == "owed"))
    if wanted.to_inspect:
        looked_at = exists().where(CaseEvent.case_id == Case.id, CaseEvent.kind == "inspected")
        cases = cases.where(Case.terms["inspection"].as_boolean(), ~looked_at)
    return cases.where(_near(act, wanted.lamp)) if wanted.lamp else cases


def _values(states: Collection[State]) -> list[str]:
    return sorted(state.value for state in states)


def _near(act: Act, lamp: Light) -> ColumnElement[bool]:
    """The days between which cases of a lamp can be due."""
    if lamp is Light.OVERDUE:
        return Case.next_due < act.today
    if lamp is Light.GREEN:
        return or_(Case.next_due >= act.today, Case.next_due.is_(None))
    return and_(Case.next_due >= act.today, Case.next_due <= _horizon(act))


def _horizon(act: Act) -> date:
    """The last day on which something that is not green can be due."""
    return act.calendar.add_workdays(act.today, act.casework.supervision.yellow.within + 1, guess=True)


def _walk(act: Act, cases: Select[Any], after: str | None) -> Iterator[Case]:
    """Give cases in order, from the database page by page."""
    due = func.coalesce(Case.next_due, literal(_LATE, Date()))
    ordered = cases.options(_SHOWN).order_by(due, Case.id).limit(PAGE + 1)
    mark = _read_mark(after)
    while True:
        page = ordered.where(tuple_(due, Case.id) > tuple_(literal(mark[0], Date()), mark[1])) if mark else ordered
        rows = act.session.scalars(page).all()
        yield from rows
        if len(rows) <= PAGE:
            return
        mark = (rows[-1].next_due or _LATE, rows[-1].id)


def _mark(case: Case) -> str:
    return f"{case.next_due or _LATE}.{case.id}"


def _read_mark(after: str | None) -> tuple[date, int] | None:
    found = re.fullmatch(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})", after or "", re.ASCII)
    if found is None:
        return None
    try:
        return date.fromisoformat(found[1]), int(found[2])
    except ValueError:
        return None


def _lamp(act: Act, state: str, terms: dict[str, Any], due: date | None) -> Light:
    if due is None:
        return Light.GREEN
    since = _since(act, due, _limit(State(state), terms))
    return light(due, since, act.today, act.casework.supervision, act.calendar)


def _limit(state: State, terms: dict[str, Any]) -> Limit:
    """The limit that runs in a state, as the case was promised it."""
    if state is State.DECIDED:
        return DELIVERY
    read = Terms.model_validate(terms)
    running = (read.promised or read.statutory) if state in RUNNING else None
    return running or NOTICE


def _since(act: Act, due: date, limit: Limit) -> date:
    """When a limit began that ends on a day, had the clock never stood still."""
    days = max(1, math.ceil(limit.days))
    if limit.unit == "day":
        return due - timedelta(days=days)
    try:
        return act.calendar.add_workdays(due, -days, guess=True)
    except CalendarUnknownError:
        return due - timedelta(days=days)
