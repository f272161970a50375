"""Finding what is to be sent, what is useless by now, and what need not be kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.outbox.claims import free, late
from miniapp_api.outbox.erasing import expire
from miniapp_api.outbox.models import OutboxMessage

MOST = 200
"""Citizens, and useless messages, looked after in one sweep."""

_AS_STORED = {"synchronize_session": False}


def to_deliver(session: Session) -> Sequence[int]:
    """The citizens to whom something can be sent now, those who have waited longest first."""
    due = select(OutboxMessage.visitor_id).where(free(utc_now())).group_by(OutboxMessage.visitor_id)
    return session.scalars(due.order_by(func.min(OutboxMessage.due_at)).limit(MOST)).all()


def drop_late(session: Session) -> None:
    """Drop what has become useless while it waited."""
    useless = (OutboxMessage.state == "waiting", late(utc_now()))
    some = select(OutboxMessage.id).where(*useless).limit(MOST)
    session.execute(
        update(OutboxMessage).where(OutboxMessage.id.in_(some), *useless).values(state="dropped"),
        execution_options=_AS_STORED,
    )


def forget(session: Session) -> None:
    """Forget what is long past."""
    expire(session, utc_now())
