"""Receiving a case: its number, its query code, whose it is, and the list of materials."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date

from sqlalchemy.orm import Session

from miniapp_api import vault
from miniapp_api.cases import items
from miniapp_api.cases.acting import Act
from miniapp_api.cases.course import OPEN
from miniapp_api.cases.events import Received
from miniapp_api.cases.models import Case, CaseMaterial
from miniapp_api.cases.recording import hold, record
from miniapp_api.errors import Problem
from miniapp_api.numbering.service import check_digit, take

QUERY_DIGITS = 8
"""Of the query code: with the counters of `looking_up`, not to be guessed."""


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose case it is; all of it is personal.

    Attributes:
        kind: `person` or `company`.
        number: of the ID card, or the unified social credit code.
        agent: name of who acts for them, if somebody does.
    """

    kind: str
    name: str
    number: str
    mobile: str
    agent: str | None = None


@dataclass(frozen=True, slots=True)
class HandedIn:
    """One line of the checklist: `state` as `models.MATERIAL_STATES`."""

    name: str
    state: str = "handed_in"
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Application:
    """What is handed in.

    Attributes:
        item: `theme:item` of the catalogue.
        site_code: where.
        applicant: checked already (`privacy`).
        materials: the whole checklist.
        visitor_id: whose telephone it is followed on.
        expires: of a renewal, the day on which the licence runs out.
        parent: of a joint handling, the case that this is part of.
    """

    item: str
    locality: str
    site_code: str
    applicant: Applicant
    materials: Sequence[HandedIn] = ()
    visitor_id: int | None = None
    expires: date | None = None
    parent: Case | None = None


def receive(act: Act, application: Application) -> Case:
    """Receive what an applicant hands in: from now on the five working days run.

    Returns:
        The case, flushed, with its number; the query code is in `personal`.

    Raises:
        Problem: 422 if there is no such item, the city has no region code, or what it is to be a part of takes none.
    """
    found = items.find(application.item, application.locality, act.casework)
    if found is None:
        raise Problem(422, "item_unknown", "没有这个事项，请从列表里选。")
    if application.parent:
        _may_have_parts(act, application.parent, application.locality)
    case = _new(act, application, found)
    act.session.add(case)
    act.session.flush()
    for position, line in enumerate(application.materials):
        act.session.add(CaseMaterial(case_id=case.id, position=position, **asdict(line)))
    there = tuple(line.name for line in application.materials if line.state == "handed_in")
    record(act, case, Received(materials=there, expires=application.expires))
    return case


def _may_have_parts(act: Act, parent: Case, locality: str) -> None:
    """Hold a joint handling, so that it is not decided while a part comes in (行政许可法第二十六条第二款).

    Raises:
        Problem: 422 if it is none, is decided already, or is another city's.
    """
    hold(act.session, parent)
    if not parent.is_joint or parent.locality != locality:
        raise Problem(422, "not_joint", invalid_params=[("parent", "这个编号不是本市的联办总件，请核对")])
    if parent.state not in OPEN:
        raise Problem(422, "not_joint", invalid_params=[("parent", "这个联办总件已经办完了，不能再收子件")])


def _new(act: Act, application: Application, item: items.Item) -> Case:
    applicant, public_id = application.applicant, secrets.token_hex(16)
    number = next_number(act.session, region_of(act, application.locality), act.today)
    query = f"{secrets.randbelow(10**QUERY_DIGITS):0{QUERY_DIGITS}}"
    return Case(
        public_id=public_id,
        number=number,
        query_index=query_index(number, query),
        mobile_index=mobile_index(number, applicant.mobile[-4:]),
        subject_index=subject_index(applicant.number),
        visitor_id=application.visitor_id,
        locality=application.locality,
        site_code=application.site_code,
        item=item.ref,
        item_name=item.name,
        release=item.release,
        terms=item.terms.model_dump(mode="json"),
        parent_id=application.parent.id if application.parent else None,
        sealed=vault.seal("cases.sealed", public_id, json.dumps({**asdict(applicant), "query": query})),
        state="received",
        received_at=act.now,
        changed_at=act.now,
    )


def region_of(act: Act, locality: str) -> str:
    """The six digits that numbers of a city begin with.

    Raises:
        Problem: 422 if nobody has set them.
    """
    region = act.casework.regions.get(locality)
    if region is None:
        raise Problem(422, "no_region", "这个城市还没有设行政区划代码，不能编号。请管理员在 casework.yaml 里补上。")
    return region


def next_number(session: Session, region: str, day: date) -> str:
    """Give the next number of a region and day (domain.md C5): no gap, no repeat, a digit to check.

    Raises:
        Problem: 503 after a million cases on one day.
    """
    count = take(session, f"case:{region}:{day:%Y%m%d}")
    if count > 999_999:
        raise Problem(503, "numbers_used_up", "今天的编号用完了，请联系管理员。")
    digits = f"{region}{day:%Y%m%d}{count:06}"
    return digits + check_digit(digits)


def personal(case: Case) -> dict[str, str | None]:
    """What is personal about a case: the fields of `Applicant` and `query`; empty once erased.

    Whoever shows it to staff leaves a trace first (`privacy.reveal`).
    """
    if case.sealed is None:
        return {}
    opened: dict[str, str | None] = json.loads(vault.unseal("cases.sealed", case.public_id, case.sealed))
    return opened


def query_index(number: str, query: str) -> str:
    """What stands for a number with its query code."""
    return vault.blind_index("cases.query", f"{number}/{query}")


def mobile_index(number: str, tail: str) -> str:
    """What stands for a number with the end of a telephone number."""
    return vault.blind_index("cases.mobile", f"{number}/{tail}")


def subject_index(number: str) -> str:
    """What stands for somebody's document number."""
    return vault.blind_index("cases.subject", number.upper())
