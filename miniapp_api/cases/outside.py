"""Cases that another system keeps: here only what it told us, and when it told us last."""

from __future__ import annotations

import json
import secrets
from dataclasses import dataclass

from sqlalchemy import select

from miniapp_api import vault
from miniapp_api.cases.acting import Act
from miniapp_api.cases.events import Fact
from miniapp_api.cases.models import Case, CaseEvent
from miniapp_api.cases.receiving import QUERY_DIGITS, mobile_index, next_number, query_index, region_of
from miniapp_api.cases.recording import record
from miniapp_api.cases.terms import Terms
from miniapp_api.database import utc_now

ELSEWHERE = Terms(elsewhere=True)


@dataclass(frozen=True, slots=True)
class Outside:
    """A case of another system.

    Attributes:
        system: its name.
        number: of the case, there.
        mobile_tail: the last four digits of the applicant's telephone, if they told us.
    """

    system: str
    number: str
    item_name: str
    locality: str
    site_code: str
    mobile_tail: str | None = None


def find_outside(act: Act, system: str, number: str) -> Case | None:
    """Find a case by its number in the other system."""
    return act.session.scalars(select(Case).filter_by(outside=system, outside_number=number)).first()


def open_outside(act: Act, outside: Outside) -> tuple[Case, str]:
    """Begin to follow a case of another system; record what it told us next.

    Returns:
        The case, and its query code, which is told to the other system only, to be printed there.

    Raises:
        Problem: 422 if the city has no region code.
    """
    number = next_number(act.session, region_of(act, outside.locality), act.today)
    public_id, query = secrets.token_hex(16), f"{secrets.randbelow(10**QUERY_DIGITS):0{QUERY_DIGITS}}"
    case = Case(
        public_id=public_id,
        number=number,
        query_index=query_index(number, query),
        mobile_index=mobile_index(number, outside.mobile_tail) if outside.mobile_tail else None,
        locality=outside.locality,
        site_code=outside.site_code,
        item=f"outside:{outside.system}"[:100],
        item_name=outside.item_name,
        terms=ELSEWHERE.model_dump(mode="json"),
        sealed=vault.seal("cases.sealed", public_id, json.dumps({"query": query})),
        outside=outside.system,
        outside_number=outside.number,
        state="received",
        received_at=act.now,
        changed_at=act.now,
    )
    act.session.add(case)
    act.session.flush()
    return case, query


def told(act: Act, case: Case, fact: Fact) -> CaseEvent:
    """Record what the other system told us, as it told it.

    Raises:
        Problem: 409 if it may not follow what it told us before.
    """
    row = record(act, case, fact)
    case.synced_at = utc_now()
    return row
