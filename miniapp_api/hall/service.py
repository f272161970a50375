"""Use cases of a day at the hall, and the only module of it that others may import.

A ticket moves by compare-and-swap (`moves`), each time with an event; numbers and calls of one queue
are given one after the other (`queues.hold`). Members of staff are named in events by their public id.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import Flask
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.accounts.service import Visitor
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.hall import erasing, presence
from miniapp_api.hall.boards import board, today
from miniapp_api.hall.bookings import own as own_booking
from miniapp_api.hall.calling import call_next, finish, miss, recall, start_serving
from miniapp_api.hall.closing import close_days, end_returns
from miniapp_api.hall.counters import at_counter, close_counter, counter_of_clerk, open_counter
from miniapp_api.hall.finding import (
    counter_of,
    own_ticket,
    pool_beside,
    pool_of,
    site_at_work,
    site_of_code,
    ticket_at_work,
    ticket_of_booking,
)
from miniapp_api.hall.issuing import check_in_by_code, check_in_here, key_of, pool_for, walk_in
from miniapp_api.hall.models import Ticket, TicketEvent
from miniapp_api.hall.moves import VISITOR, actor_of
from miniapp_api.hall.moving import leave, park, requeue, transfer, unpark
from miniapp_api.hall.places import Place, position
from miniapp_api.hall.presence import LASTS as HALL_TOKEN_LASTS
from miniapp_api.hall.queues import label
from miniapp_api.hall.times import day_of
from miniapp_api.hall.views import citizen_view, desk_view, names_at, names_beside
from miniapp_api.sites.service import Site

__all__ = [
    "HALL_TOKEN_LASTS",
    "TAKE_LIMIT",
    "Place",
    "Take",
    "Ticket",
    "TicketEvent",
    "actor_of",
    "at_counter",
    "board",
    "call_next",
    "check_in_by_code",
    "check_in_here",
    "citizen_view",
    "close_counter",
    "close_days",
    "counter_of",
    "counter_of_clerk",
    "day_of",
    "desk_view",
    "end_returns",
    "finish",
    "hall_token",
    "init_app",
    "key_of",
    "label",
    "leave",
    "miss",
    "names_at",
    "names_beside",
    "open_counter",
    "own_booking",
    "own_ticket",
    "park",
    "pool_beside",
    "pool_for",
    "pool_of",
    "position",
    "recall",
    "requeue",
    "site_at_work",
    "site_of_code",
    "start_serving",
    "take",
    "ticket_at_work",
    "ticket_of_booking",
    "today",
    "transfer",
    "unpark",
    "walk_in",
]

TAKE_LIMIT = "120 per minute"
"""Numbers taken from one address: everybody in a hall may share one."""


@dataclass(frozen=True, slots=True)
class Take:
    """What a citizen asks for who walked in.

    Attributes:
        site: code of the site.
        service: id of the catalogue.
        token: what the hall's screen showed.
        key: names the tap.
    """

    site: str
    service: str
    token: str
    key: str


def init_app(app: Flask) -> None:
    """Say what is kept of somebody."""
    holdings.register(app, erasing.HOLDING)


def take(session: Session, visitor: Visitor, asked: Take, now: datetime) -> Ticket:
    """Give a number to a citizen who stands before the hall's screen; for the same key, the same one.

    Raises:
        Problem: 404 if there is no such site; 422 if the token is not its, or the service is not done
            there; 409 `already_in_line`.
    """
    site = site_of_code(session, asked.site)
    if presence.site_of(settings().signing_key, asked.token, now) != site.code:
        raise Problem(422, "hall_code_elsewhere", f"这是别的大厅的码，请扫{site.name}屏幕上的码。")
    pool = pool_for(site, asked.service)
    key = key_of(pool, str(visitor.id), asked.key)
    return walk_in(session, pool, asked.service, "walk_in", VISITOR, now=now, visitor_id=visitor.id, key=key)


def hall_token(site: Site, now: datetime) -> str:
    """Give what the screen of a hall shows, for nobody but that screen."""
    return presence.token_for(settings().signing_key, site.code, now)
