"""Progress that another system sends: signed, and taken over once."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from sqlalchemy.orm import Session

from miniapp_api.database import add_if_new
from miniapp_api.errors import Problem
from miniapp_api.exchange.importing import take_over
from miniapp_api.exchange.models import ExchangeDelivery
from miniapp_api.exchange.rows import read_rows
from miniapp_api.partner_settings import Partner


def receive(session: Session, partner: Partner, delivery: str, body: bytes, given: Any) -> dict[str, Any]:
    """Take over a delivery, or give the answer of the time when it was taken over.

    Args:
        session: in the transaction of the request.
        partner: who signed it.
        delivery: its name there; one that failed may be sent again under the same name.
        body: as it came.
        given: what the body says: `rows`, and `keep_good`.

    Returns:
        `applied`, and `results` for each row.

    Raises:
        Problem: 409 if another delivery had this name; 422 with the report if rows are broken and nothing was kept.
    """
    digest = hashlib.sha256(body).hexdigest()
    row = ExchangeDelivery(partner=partner.name, delivery=delivery, digest=digest, answer={})
    if not add_if_new(session, row):
        known = session.get_one(ExchangeDelivery, (partner.name, delivery), populate_existing=True)
        if known.digest != digest:
            raise Problem(409, "delivery_reused", "这个投递编号用过了，内容却不一样。请换一个编号。")
        return dict(known.answer)
    report = take_over(session, partner.name, read_rows(given["rows"]), apply=True, keep_good=given["keep_good"])
    answer = {"applied": report.applied, "results": [asdict(result) for result in report.results]}
    if not report.applied:
        raise Problem(422, "rows_refused", "有的行不对，一行都没有收。请改正后再发，或者要求保留好的行。", extra=answer)
    row.answer = json.loads(json.dumps(answer))
    return answer
