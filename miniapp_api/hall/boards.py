"""What the screen in the hall shows, and what the desk sees of a day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from miniapp_api.hall import bookings
from miniapp_api.hall.models import AT_COUNTER, Serving, Ticket
from miniapp_api.hall.queues import label
from miniapp_api.hall.ranking import line
from miniapp_api.hall.times import day_of
from miniapp_api.hall.views import Names, desk_view, names_at
from miniapp_api.sites.service import Counter, Pool, Site

NEXT = 5
"""Numbers of a queue that the screen shows before they are called."""

_Row = dict[str, Any]


def board(session: Session, site: Site, now: datetime) -> dict[str, Any]:
    """What is called, who is next and how many wait, in numbers: no names (`schemas.BoardOut`)."""
    return {
        "site": {"code": site.code, "name": site.name},
        "at": now,
        "called": _called(session, site, now),
        "queues": _queues(session, site, now),
    }


def _called(session: Session, site: Site, now: datetime) -> list[_Row]:
    wanted = (
        select(Ticket, Counter.code)
        .join(Counter, Counter.id == Ticket.counter_id)
        .where(Counter.site_id == site.id, Ticket.day == day_of(now), Ticket.state.in_(AT_COUNTER))
        .order_by(Ticket.called_at.desc(), Ticket.id.desc())
    )
    return [
        {
            "number": label(ticket),
            "counter": counter,
            "state": ticket.state,
            "calls": ticket.calls,
            "called_at": ticket.called_at,
        }
        for ticket, counter in session.execute(wanted)
    ]


def _queues(session: Session, site: Site, now: datetime) -> list[_Row]:
    ranked = (
        select(
            Ticket.id,
            Ticket.pool_id,
            func.row_number().over(partition_by=Ticket.pool_id, order_by=line(now)).label("place"),
            func.count().over(partition_by=Ticket.pool_id).label("waiting"),
        )
        .join(Pool, Pool.id == Ticket.pool_id)
        .where(Pool.site_id == site.id, Ticket.day == day_of(now), Ticket.state == "waiting")
        .subquery()
    )
    first = (
        select(Ticket, ranked.c.waiting)
        .join(ranked, ranked.c.id == Ticket.id)
        .where(ranked.c.place <= NEXT)
        .order_by(ranked.c.pool_id, ranked.c.place)
    )
    numbers: defaultdict[int, list[str]] = defaultdict(list)
    waiting: dict[int, int] = {}
    for ticket, count in session.execute(first):
        numbers[ticket.pool_id].append(label(ticket))
        waiting[ticket.pool_id] = count
    return [
        {"pool": pool.code, "name": pool.name, "waiting": waiting.get(pool.id, 0), "next": numbers[pool.id]}
        for pool in site.pools
        if pool.active or pool.id in waiting
    ]


def today(session: Session, site: Site, day: date) -> dict[str, Any]:
    """A day at the desk: its bookings, each with its ticket, tickets in order of number, open counters."""
    wanted = select(Ticket).join(Pool, Pool.id == Ticket.pool_id).where(Pool.site_id == site.id, Ticket.day == day)
    tickets = session.scalars(wanted.order_by(Ticket.prefix, Ticket.number)).all()
    numbers = {ticket.booking_id: label(ticket) for ticket in tickets if ticket.booking_id}
    names = names_at(session, site.id)
    return {
        "day": day,
        "bookings": [
            {
                "id": booking.public_id,
                "pool": names.pools[booking.pool_id],
                "service": booking.service,
                "name": booking.name_mask,
                "start": booking.start,
                "end": booking.end,
                "care": booking.care,
                "status": booking.status,
                "number": numbers.get(booking.id),
            }
            for booking in bookings.of_day(session, site, day)
        ],
        "tickets": [desk_view(ticket, names) for ticket in tickets],
        "counters": _counters(session, site, names),
    }


def _counters(session: Session, site: Site, names: Names) -> list[_Row]:
    wanted = (
        select(Counter, Serving.staff, Ticket)
        .outerjoin(Serving, Serving.counter_id == Counter.id)
        .outerjoin(Ticket, and_(Ticket.counter_id == Counter.id, Ticket.state.in_(AT_COUNTER)))
        .where(Counter.site_id == site.id, Counter.active)
        .order_by(Counter.code)
    )
    return [
        {
            "counter": counter.code,
            "pool": names.pools[counter.pool_id],
            "staff": staff,
            "number": label(ticket) if ticket else None,
        }
        for counter, staff, ticket in session.execute(wanted)
    ]
