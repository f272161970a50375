"""A hall on a working day, served to a browser: counters, clerks, somebody who booked."""

from datetime import timedelta

from sqlalchemy import select

from miniapp_api.accounts.service import token_for
from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.signed_codes.service import Kind, issue
from miniapp_api.sites.models import Site
from tests.hall import halls

SITE = "shiyan-center"
SERVICE = "food-licence"


def pool():
    """The queue of the service at the hall."""
    site = db.session.scalars(select(Site).filter_by(code=SITE)).one()
    return hall.pool_for(site, SERVICE)


def booked(code="K7M29PQ4", visitor_id=None):
    """Book for a quarter of an hour from now, or as near to that as lies on this day; gives the code to say."""
    now = now_in_china()
    soon = now + timedelta(minutes=15)
    start = soon if soon.date() == now.date() else now - timedelta(minutes=5)
    sign = issue(db.session, Kind.APPOINTMENT).id
    row = halls.book(db.session, pool(), start, sign=sign, visitor_id=visitor_id)
    row.service, row.code = SERVICE, code
    db.session.flush()
    return row.code


def booked_on_a_telephone():
    """Book for a citizen; gives the token on their telephone."""
    citizen = halls.visitor(db.session)
    booked("P4Q92M7K", citizen.id)
    return token_for(citizen)


def walked_in(count):
    """Give numbers to as many people who did not book."""
    now = now_in_china()
    for number in range(count):
        kind = "special" if number == 2 else "walk_in"
        hall.walk_in(db.session, pool(), SERVICE, kind, "visitor", now=now)


def token():
    """What the hall's screen shows at this moment."""
    return hall.hall_token(pool().site, now_in_china())


def busy():
    """Let many wait, and several counters call; at some of them people are served."""
    now = now_in_china()
    walked_in(9)
    for counter in (counter for pool in pool().site.pools for counter in pool.counters[2:5]):
        clerk = halls.clerk()
        service = counter.pool.services[0].service
        hall.walk_in(db.session, counter.pool, service, "walk_in", "visitor", now=now)
        hall.open_counter(db.session, counter, clerk, now)
        hall.walk_in(db.session, counter.pool, service, "walk_in", "visitor", now=now)
        called = hall.call_next(db.session, counter, clerk, now)
        if counter.code.endswith("3"):
            hall.start_serving(db.session, called, clerk, now)
