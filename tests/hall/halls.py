"""A hall to try things in: queues, counters, clerks, citizens and their bookings."""

import itertools
from datetime import datetime, timedelta
from types import SimpleNamespace

from sqlalchemy import select

from miniapp_api.accounts.models import Visitor
from miniapp_api.appointments.models import Booking
from miniapp_api.calendar.service import CHINA
from miniapp_api.hall import service
from miniapp_api.hall.models import TicketEvent
from miniapp_api.hall.times import day_of
from miniapp_api.sites.service import Counter, Pool, PoolService, Site
from miniapp_api.staff.service import StaffMember

NINE = datetime(2030, 3, 5, 9, 0, tzinfo=CHINA)
"""A Tuesday morning."""

_numbers = itertools.count(1)


def after(minutes=0, seconds=0):
    """A moment after nine."""
    return NINE + timedelta(minutes=minutes, seconds=seconds)


def build(session, *counters):
    """Add a site with one queue for each number of counters.

    Returns:
        A namespace of `site`, `pools`, and `counters`, a list for each pool.
    """
    number = next(_numbers)
    site = Site(
        code=f"hall-{number}",
        locality="shiyan",
        name=f"第{number}大厅",
        tier="center",
        address=f"人民路 {number} 号",
        phone="0719-0000000",
        hours="9:00–17:00",
        facilities=[],
    )
    session.add(site)
    session.flush()
    pools, groups = [], []
    for index, count in enumerate(counters):
        pool = Pool(site_id=site.id, code=f"pool-{index}", name=f"{index + 1} 号区", grid=15)
        pool.services = [PoolService(service=f"service-{index}", units=1)]
        session.add(pool)
        session.flush()
        group = [
            Counter(site_id=site.id, pool_id=pool.id, code=f"{'ABC'[index]}{seat + 1:02d}") for seat in range(count)
        ]
        session.add_all(group)
        session.flush()
        pools.append(pool)
        groups.append(group)
    return SimpleNamespace(site=site, pools=pools, counters=groups)


def clerk(name="c"):
    """Somebody who works at a counter; the hall keeps no more of them than the public id."""
    return StaffMember(public_id=f"{name}{next(_numbers):031x}"[-32:])


def visitor(session):
    """Add a citizen."""
    found = Visitor(locality="shiyan")
    session.add(found)
    session.flush()
    return found


def book(session, pool, start, *, sign=None, visitor_id=None, care=False, status="confirmed"):
    """Add a booking that begins at a moment."""
    number = next(_numbers)
    local = start.astimezone(CHINA)
    minute = local.hour * 60 + local.minute
    booking = Booking(
        code=f"{number:08d}",
        visitor_id=visitor_id,
        subject_key=f"{number:064x}",
        name_mask="王**",
        relation="self",
        service="service-0",
        pool_id=pool.id,
        day=day_of(start),
        start=minute,
        end=minute + 15,
        session="normal",
        policy_key=f"{day_of(start)}",
        channel="mini",
        online=True,
        care=care,
        status=status,
        sign=sign,
    )
    session.add(booking)
    session.flush()
    return booking


def walk_in(session, pool, now=NINE, kind="walk_in", **more):
    """Give a number to somebody."""
    return service.walk_in(session, pool, "service-0", kind, "visitor", now=now, **more)


def staffed(session, counter, now=NINE):
    """Open a counter; gives the clerk."""
    found = clerk()
    service.open_counter(session, counter, found, now)
    return found


def events_of(session, ticket):
    """What happened to a ticket, in order."""
    return session.scalars(select(TicketEvent).filter_by(ticket_id=ticket.id).order_by(TicketEvent.id)).all()


def story_of(session, ticket):
    """What happened to a ticket, in names of moves."""
    return [event.what for event in events_of(session, ticket)]
