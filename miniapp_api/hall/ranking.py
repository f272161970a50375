"""In which order tickets are called.

Each ticket has one moment, `rank_at`: from when it may be called, less the head start of its kind. Whoever
has the earliest is called next. Nothing has to age: whoever comes later than a head start after you are
ready stands behind you whatever they are, so nobody waits for ever.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case

from miniapp_api.hall.models import Ticket

HEAD_START = {
    "special": timedelta(minutes=60),
    "booked": timedelta(minutes=20),
    "walk_in": timedelta(0),
}
"""By kind, so much later than a walk-in may they come and still be called before. The longest bounds unfairness."""


def rank(kind: str, eligible_at: datetime) -> datetime:
    """Where a ticket stands."""
    return eligible_at - HEAD_START[kind]


def line(now: datetime, of: type[Ticket] = Ticket) -> tuple[ColumnElement[object], ...]:
    """The order of a queue, for ORDER BY: who may be called by rank, then whoever is too early by their time.

    Those who are too early come last, and are called only if nobody else waits: an idle counter waits for nobody.
    """
    early = of.eligible_at > now
    return (case((early, 1), else_=0), case((early, of.eligible_at), else_=of.rank_at), of.number, of.id)
