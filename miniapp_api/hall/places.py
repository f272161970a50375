"""Places in line: how many are ahead, how long it may take, and telling people that it is nearly their turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session, aliased

from miniapp_api.hall.models import Serving, Ticket, TicketEvent
from miniapp_api.hall.queues import label
from miniapp_api.hall.ranking import line
from miniapp_api.hall.times import day_of
from miniapp_api.outbox.service import Notice, post
from miniapp_api.sites.service import Counter, Pool

SOON = 2
"""With so many ahead, whoever waits is told to come near."""

SOON_IS_USEFUL = timedelta(minutes=30)

FEWEST = 3
"""Visits of the day from which a median says something."""

RECENT = 40
"""Visits that are looked at: a queue may slow down in the course of a day."""

STEPS = (5, 10, 20, 30, 45, 60, 90, 120)
"""Minutes between which an estimate is given: it is no better than that."""

UNKNOWN = "暂时说不准"
_AHEAD = ("下一位就是您", "前面还有一位", "前面还有两位")


@dataclass(frozen=True, slots=True)
class Place:
    """Somebody's place in line.

    Attributes:
        ahead: how many are called before them, as things stand.
        estimate: how long that may take, in words.
    """

    ahead: int
    estimate: str


def position(session: Session, ticket: Ticket, now: datetime) -> Place | None:
    """Tell somebody's place; None if they are not waiting."""
    if ticket.state != "waiting":
        return None
    ranked = _line_up(ticket.pool_id, now).subquery()
    ahead = session.scalar(select(ranked.c.place).where(ranked.c.id == ticket.id))
    if ahead is None:  # of another day
        return None
    return Place(ahead, estimate(session, ticket, ahead, now))


def estimate(session: Session, ticket: Ticket, ahead: int, now: datetime) -> str:
    """Say how long it may take until somebody is called, coarsely, or that nobody knows."""
    minutes = _serving_minutes(session, ticket.pool_id, now)
    counters = _open_counters(session, ticket.pool_id)
    if minutes is None or not counters:
        return UNKNOWN
    expected = max(minutes * (ahead + 1) / counters, (ticket.eligible_at - now) / timedelta(minutes=1))
    return _in_words(expected)


def announce(session: Session, pool_id: int, now: datetime) -> None:
    """Tell those with few ahead to come near, each once. The queue is held (`queues.hold`)."""
    ranked = _line_up(pool_id, now).subquery()
    first = select(ranked.c.id, ranked.c.place).where(ranked.c.place <= SOON).order_by(ranked.c.place)
    for id_, ahead in session.execute(first).all():
        told = (
            update(Ticket)
            .where(Ticket.id == id_, Ticket.state == "waiting", Ticket.visitor_id.is_not(None), ~Ticket.announced)
            .values(announced=True)
            .returning(Ticket)
        )
        ticket = session.scalar(told, execution_options={"synchronize_session": False, "populate_existing": True})
        if ticket:
            _tell(session, ticket, ahead, now)


def _tell(session: Session, ticket: Ticket, ahead: int, now: datetime) -> None:
    pool = session.get_one(Pool, ticket.pool_id)
    text = f"您的号码是 {label(ticket)}，{_AHEAD[ahead]}。请到{pool.site.name}{pool.name}附近等候，留意叫号。"
    post(
        session,
        ticket.visitor_id,
        Notice("hall.soon", "快到您了", text),
        dedupe_key=f"hall:{ticket.public_id}:soon",
        not_before=now,
        not_after=now + SOON_IS_USEFUL,
    )


def _line_up(pool_id: int, now: datetime) -> Select[tuple[int, int]]:
    """Those who wait in a queue today, with how many are ahead of each."""
    place = (func.row_number().over(order_by=line(now)) - 1).label("place")
    return select(Ticket.id, place).where(
        Ticket.pool_id == pool_id, Ticket.day == day_of(now), Ticket.state == "waiting"
    )


def _serving_minutes(session: Session, pool_id: int, now: datetime) -> float | None:
    """The median of how long the last visits of today took, from the call to the end; None if they are too few."""
    called, finished = aliased(TicketEvent), aliased(TicketEvent)
    recent = (
        select(func.max(called.at), finished.at)
        .join(Ticket, Ticket.id == finished.ticket_id)
        .join(called, called.ticket_id == finished.ticket_id)
        .where(Ticket.pool_id == pool_id, Ticket.day == day_of(now), Ticket.state == "finished")
        .where(called.what == "called", finished.what == "finished")
        .group_by(finished.id, finished.at)
        .order_by(finished.id.desc())
        .limit(RECENT)
    )
    visits = session.execute(recent).all()
    if len(visits) < FEWEST:
        return None
    return median((end - start) / timedelta(minutes=1) for start, end in visits)


def _open_counters(session: Session, pool_id: int) -> int:
    wanted = select(func.count()).select_from(Serving).join(Counter, Counter.id == Serving.counter_id)
    return session.scalar(wanted.where(Counter.pool_id == pool_id)) or 0


def _in_words(minutes: float) -> str:
    if minutes < STEPS[0]:
        return f"大约 {STEPS[0]} 分钟以内"
    for low, high in pairwise(STEPS):
        if minutes < high:
            return f"大约 {low}–{high} 分钟"
    return "两小时以上"
