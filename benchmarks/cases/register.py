"""Cases by the thousand, written straight into the tables."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from miniapp_api.cases.models import Case
from miniapp_api.cases.receiving import query_index
from miniapp_api.cases.terms import Terms
from miniapp_api.numbering.service import check_digit

FIRST_DAY = datetime(2020, 1, 2, 2, tzinfo=UTC)
A_DAY = 2000
"""Cases of one day."""

BATCH = 5000
TERMS = Terms().model_dump(mode="json")


def number_of(place: int) -> str:
    """The number of the n-th case."""
    day, count = divmod(place, A_DAY)
    digits = f"420300{FIRST_DAY + timedelta(days=day):%Y%m%d}{count + 1:06}"
    return digits + check_digit(digits)


def query_of(place: int) -> str:
    """The query code of the n-th case."""
    return f"{place * 7919 % 100_000_000:08}"


def write(session: Session, first: int, last: int) -> None:
    """Write the cases from one place to another; commits."""
    rows = (_row(place) for place in range(first, last))
    while batch := list(islice(rows, BATCH)):
        session.execute(insert(Case), batch)
        session.commit()


def _row(place: int) -> dict[str, Any]:
    at = FIRST_DAY + timedelta(days=place // A_DAY)
    number = number_of(place)
    return {
        "public_id": secrets.token_hex(16),
        "number": number,
        "query_index": query_index(number, query_of(place)),
        "locality": "shiyan",
        "site_code": "center",
        "item": "open-restaurant:food-licence",
        "item_name": "食品经营许可（新办）",
        "terms": TERMS,
        "version": 0,
        "state": "concluded",
        "received_at": at,
        "changed_at": at,
    }
