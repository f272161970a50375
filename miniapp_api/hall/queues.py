"""The queue of a pool on a day: its numbers, and who may work on it at a time."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from miniapp_api.database import add_if_new
from miniapp_api.hall.models import QueueDay, Ticket
from miniapp_api.sites.service import Pool

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def hold(session: Session, pool_id: int, day: date) -> None:
    """Have a queue to oneself until the transaction ends: numbers are given and people called one by one.

    It is what makes numbers gap-free and the order exact, and takes milliseconds. Always before tickets
    of the queue are touched, so that nobody waits in a circle.
    """
    wanted = select(QueueDay.last_number).filter_by(pool_id=pool_id, day=day).with_for_update()
    if session.scalar(wanted) is not None:
        return
    if not add_if_new(session, QueueDay(pool_id=pool_id, day=day, last_number=0)):  # somebody came first at this moment
        session.scalar(wanted)


def next_number(session: Session, pool_id: int, day: date) -> int:
    """Give the next number of a queue that is held; if the transaction fails, somebody else gets it."""
    raised = (
        update(QueueDay)
        .where(QueueDay.pool_id == pool_id, QueueDay.day == day)
        .values(last_number=QueueDay.last_number + 1)
        .returning(QueueDay.last_number)
    )
    return session.execute(raised, execution_options={"synchronize_session": False}).scalar_one()


def prefix_of(session: Session, pool: Pool) -> str:
    """The letter of a pool's numbers: A for the first at its site, after Z comes AA."""
    before = session.scalar(select(func.count()).where(Pool.site_id == pool.site_id, Pool.id < pool.id)) or 0
    rounds, letter = divmod(before, len(_LETTERS))
    return (_LETTERS[rounds - 1] if rounds else "") + _LETTERS[letter]


def label(ticket: Ticket) -> str:
    """A number as it is called out, such as `A012`."""
    return f"{ticket.prefix}{ticket.number:03d}"
