"""Tickets as they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.hall import places
from miniapp_api.hall.models import Ticket
from miniapp_api.hall.moves import state_text
from miniapp_api.hall.queues import label
from miniapp_api.sites.service import Counter, Pool


def citizen_view(session: Session, ticket: Ticket, now: datetime) -> dict[str, Any]:
    """A ticket as its citizen sees it (`schemas.TicketOut`)."""
    pool = session.get_one(Pool, ticket.pool_id)
    counter = session.get(Counter, ticket.counter_id) if ticket.counter_id else None
    place = places.position(session, ticket, now)
    return {
        "id": ticket.public_id,
        "number": label(ticket),
        "day": ticket.day,
        "kind": ticket.kind,
        "service": ticket.service,
        "state": ticket.state,
        "state_text": state_text(ticket.state),
        "site": {"code": pool.site.code, "name": pool.site.name},
        "queue": pool.name,
        "counter": counter.code if counter else None,
        "place": {"ahead": place.ahead, "estimate": place.estimate} if place else None,
        "back_until": ticket.back_until,
    }


def desk_view(ticket: Ticket, names: Names) -> dict[str, Any]:
    """A ticket as the desk sees it (`schemas.DeskTicketOut`)."""
    return {
        "id": ticket.public_id,
        "number": label(ticket),
        "pool": names.pools[ticket.pool_id],
        "kind": ticket.kind,
        "service": ticket.service,
        "state": ticket.state,
        "state_text": state_text(ticket.state),
        "counter": names.counters.get(ticket.counter_id or 0),
        "calls": ticket.calls,
        "called_at": ticket.called_at,
        "since": ticket.created_at,
        "eligible_at": ticket.eligible_at,
        "back_until": ticket.back_until,
        "booked": ticket.booking_id is not None,
    }


@dataclass(frozen=True, slots=True)
class Names:
    """Codes of a site's queues and counters, by id."""

    pools: Mapping[int, str]
    counters: Mapping[int, str]


def names_at(session: Session, site_id: int) -> Names:
    """Look the codes of a site up."""
    pools = session.execute(select(Pool.id, Pool.code).filter_by(site_id=site_id))
    counters = session.execute(select(Counter.id, Counter.code).filter_by(site_id=site_id))
    return Names(dict(pools.all()), dict(counters.all()))


def names_beside(session: Session, ticket: Ticket) -> Names:
    """Look the codes of the site up where a ticket is."""
    return names_at(session, session.get_one(Pool, ticket.pool_id).site_id)
