"""Telling other systems of our events: at least once, and those of one case in their order.

A push is a row of the event's own transaction. A worker takes one under a lease, sends it without any
transaction open, and settles it; if it dies, the lease runs out and the event is sent again, under the
same id, by which the receiver knows it. Between tries it waits as messages to citizens do; after the last one
it has failed, and the later events of its case wait for a person.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

import httpx
import structlog
from sqlalchemy import and_, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from miniapp_api.cases.service import Act, Case, CaseEvent, Step
from miniapp_api.database import utc_now
from miniapp_api.exchange import signing
from miniapp_api.exchange.models import ExchangePush
from miniapp_api.extensions import settings
from miniapp_api.outbox.service import BACKOFF
from miniapp_api.partner_settings import Partner

TIMEOUT = 5.0
LEASE = timedelta(seconds=20)
AT_ONCE = 50
AGAIN = {408, 425, 429}
"""Statuses below 500 after which it is worth trying again."""

_UNSENT = ("waiting", "leased", "failed")
_OPTIONS = {"synchronize_session": False, "populate_existing": True}

log = structlog.get_logger()


def owe(act: Act, case: Case, step: Step) -> None:
    """Owe an event to every system that wants our events; not to the one it came from."""
    for partner in settings().partners:
        if partner.push and partner.name != case.outside:
            act.session.add(ExchangePush(partner=partner.name, case_id=case.id, seq=step.row.seq))


def push(session: Session, partner: Partner) -> int:
    """Send what is due to a system, one event after the other.

    Args:
        session: whose transactions are ended here: none is open while the other side is waited for.
        partner: which system, with an address.

    Returns:
        How many were sent.
    """
    sent = 0
    with httpx.Client(timeout=TIMEOUT, follow_redirects=False) as client:
        for _ in range(AT_ONCE):
            taken = take(session, partner.name)
            if taken is None:
                break
            body = json.dumps(_told(session, taken), ensure_ascii=False).encode()
            session.commit()
            fault = _send(client, partner, taken.public_id, body)
            settle(session, taken, fault)
            session.commit()
            sent += fault is None
    return sent


def take(session: Session, partner: str) -> ExchangePush | None:
    """Take the next push that is due, under a lease; None if there is none now."""
    now = utc_now()
    earlier = aliased(ExchangePush)
    before = and_(
        earlier.partner == ExchangePush.partner,
        earlier.case_id == ExchangePush.case_id,
        earlier.seq < ExchangePush.seq,
        earlier.state.in_(_UNSENT),
    )
    free = or_(
        and_(ExchangePush.state == "waiting", ExchangePush.due_at <= now),
        and_(ExchangePush.state == "leased", ExchangePush.leased_until <= now),
    )
    due = select(ExchangePush.id).where(ExchangePush.partner == partner, free, ~exists().where(before))
    while (next_ := session.scalar(due.order_by(ExchangePush.due_at, ExchangePush.id).limit(1))) is not None:
        values = {"state": "leased", "lease": secrets.token_hex(16), "leased_until": now + LEASE}
        mine = update(ExchangePush).where(ExchangePush.id == next_, free).values(**values, tries=ExchangePush.tries + 1)
        if taken := session.scalar(mine.returning(ExchangePush), execution_options=_OPTIONS):
            return taken
    return None


def settle(session: Session, taken: ExchangePush, fault: str | None) -> None:
    """Note what became of a push in hand; of one that others have taken meanwhile, nothing."""
    now = utc_now()
    values: dict[str, Any] = {"lease": None, "leased_until": None, "fault": fault}
    if fault is None:
        values |= {"state": "sent", "sent_at": now}
    elif taken.tries > len(BACKOFF) or not _is_worth_it(fault):
        values |= {"state": "failed"}
        log.error("push_failed", partner=taken.partner, push=taken.public_id, fault=fault)
    else:
        values |= {"state": "waiting", "due_at": now + timedelta(seconds=BACKOFF[taken.tries - 1])}
    mine = (ExchangePush.id == taken.id, ExchangePush.lease == taken.lease)
    session.execute(update(ExchangePush).where(*mine).values(values), execution_options={"synchronize_session": False})


def release(session: Session, public_id: str, state: str) -> bool:
    """Let a failed push be tried again (`waiting`), or do without it (`skipped`).

    Returns:
        Whether there was such a failed push.
    """
    again = update(ExchangePush).where(ExchangePush.public_id == public_id, ExchangePush.state == "failed")
    values = {"state": state, "tries": 0, "due_at": utc_now()}
    changed = session.scalar(again.values(values).returning(ExchangePush.id), execution_options=_OPTIONS)
    return changed is not None


def _is_worth_it(fault: str) -> bool:
    return not fault.isdigit() or int(fault) >= 500 or int(fault) in AGAIN


def _send(client: httpx.Client, partner: Partner, delivery: str, body: bytes) -> str | None:
    """Send; gives what was wrong, None if the other side took it."""
    headers = signing.headers(partner.secret, delivery, body) | {"Content-Type": "application/json"}
    try:
        with client.stream("POST", str(partner.push), content=body, headers=headers) as answer:
            return None if answer.is_success else str(answer.status_code)
    except httpx.HTTPError as error:
        return type(error).__name__


def _told(session: Session, taken: ExchangePush) -> dict[str, Any]:
    """What the other system is told: the course of the case, and nothing of its applicant."""
    case = session.get_one(Case, taken.case_id)
    event = session.scalars(select(CaseEvent).filter_by(case_id=taken.case_id, seq=taken.seq)).one()
    return {
        "id": taken.public_id,
        "case": {"number": case.number, "item": case.item, "item_name": case.item_name, "site": case.site_code},
        "seq": event.seq,
        "kind": event.kind,
        "at": event.at.isoformat(),
        "said": event.said,
        "fact": {name: value for name, value in event.fact.items() if name not in _INTERNAL},
    }


_INTERNAL = {"kind", "inspectors", "superior", "approved_by"}
"""Who of the staff did it is not for others."""
