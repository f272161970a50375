"""Eight clerks call while people walk in: nobody is called twice, and numbers have no gap."""

from __future__ import annotations

import os
import secrets
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from benchmarks.appointments import catalogue, network
from benchmarks.appointments.application import application
from benchmarks.appointments.databases import KINDS, database
from benchmarks.figures import Figure
from miniapp_api.calendar.service import now
from miniapp_api.extensions import db
from miniapp_api.hall.models import Ticket, TicketEvent
from miniapp_api.hall.service import call_next, finish, open_counter, start_serving, walk_in
from miniapp_api.sites.service import Counter as Window
from miniapp_api.sites.service import Pool
from miniapp_api.staff.service import StaffMember

CLERKS = 8
MACHINES = 4
"""Ticket machines."""

TICKETS = 300
"""On each database."""

PAUSE = 0.05
"""Seconds after which a clerk looks again whether somebody waits."""


@dataclass(frozen=True, slots=True)
class Count:
    """What is wrong with a day's tickets; all zero but `tickets` if nothing is."""

    tickets: int
    called_twice: int
    never_called: int
    numbers_wrong: int


def figures() -> list[Figure]:
    """Measure."""
    load = os.getloadavg()[0]
    counts = [_count(kind) for kind in KINDS]
    what = f"{CLERKS} clerks and {MACHINES} machines at once, {TICKETS} tickets on each of {', '.join(KINDS)}"
    return [
        Figure("appointments.called_twice", sum(c.called_twice for c in counts), "", "= 0", f"{what}; load {load:.1f}"),
        Figure("appointments.never_called", sum(c.never_called for c in counts), "", "= 0", "tickets nobody called"),
        Figure("appointments.numbers_wrong", sum(c.numbers_wrong for c in counts), "", "= 0", "missing or repeated"),
    ]


def _count(kind: str) -> Count:
    with database(kind) as url, application(url, catalogue.CATALOGUE) as app:
        pool_id, seats = _open(db.session)

        def together(work: Callable[[int], None], times: int) -> list[Callable[[], None]]:
            def one(number: int) -> None:
                with app.app_context():
                    work(number)

            return [lambda number=number: one(number) for number in range(times)]

        clerks = together(lambda number: _call(*seats[number]), CLERKS)
        machines = together(lambda _: _give_out(pool_id, TICKETS // MACHINES), MACHINES)
        with ThreadPoolExecutor(CLERKS + MACHINES) as threads:
            for done in [threads.submit(work) for work in (*machines, *clerks)]:
                done.result()
        return _look(db.session)


def _open(session: Session) -> tuple[int, list[tuple[int, str]]]:
    """Make a hall and let clerks sit down; gives the pool, and by clerk the counter and their public id."""
    pool = network.add_pool(session, "calling")
    windows = [Window(site_id=pool.site_id, pool_id=pool.id, code=f"A{seat + 1:02d}") for seat in range(CLERKS)]
    session.add_all(windows)
    session.flush()
    seats = [(window.id, secrets.token_hex(16)) for window in windows]
    for window, (_, clerk) in zip(windows, seats, strict=True):
        open_counter(session, window, StaffMember(public_id=clerk), now())
    session.commit()
    return pool.id, seats


def _give_out(pool_id: int, tickets: int) -> None:
    pool = db.session.get_one(Pool, pool_id)
    db.session.commit()
    for _ in range(tickets):
        walk_in(db.session, pool, network.SERVICE, "walk_in", "visitor", now=now())
        db.session.commit()


def _call(window_id: int, public_id: str) -> None:
    """Call and serve until all tickets are given out and nobody waits."""
    clerk = StaffMember(public_id=public_id)
    window = db.session.get_one(Window, window_id)
    db.session.commit()
    while True:
        given = db.session.scalar(select(func.count()).select_from(Ticket))
        ticket = call_next(db.session, window, clerk, now())
        db.session.commit()
        if ticket is None:
            if given == TICKETS:
                return
            time.sleep(PAUSE)
            continue
        start_serving(db.session, ticket, clerk, now())
        finish(db.session, ticket, clerk, now())
        db.session.commit()


def _look(session: Session) -> Count:
    calls = Counter(session.scalars(select(TicketEvent.ticket_id).filter_by(what="called")))
    numbers: Sequence[int] = sorted(session.scalars(select(Ticket.number)))
    wrong = len(set(range(1, TICKETS + 1)) ^ set(numbers)) + len(numbers) - len(set(numbers))
    twice = sum(times > 1 for times in calls.values())
    return Count(len(numbers), twice, len(numbers) - len(calls), wrong)
