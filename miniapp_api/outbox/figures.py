"""What the operator sees of the outbox: whether anything is stuck.

Counted in the database when the figures are asked for, as the worker, which sends, shows none.
"""

from __future__ import annotations

from prometheus_client import Gauge
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.outbox.models import OutboxMessage

FAILED = Gauge("daoban_outbox_failed", "Messages given up after too many tries", multiprocess_mode="mostrecent")
LATENESS = Gauge(
    "daoban_outbox_lateness_seconds",
    "For how long the message that waits longest has been due",
    multiprocess_mode="mostrecent",
)


def count(session: Session) -> None:
    """Count anew; without a database the figures stay as they are."""
    unsent = OutboxMessage.state.in_(("waiting", "leased"))
    try:
        FAILED.set(session.scalar(select(func.count()).where(OutboxMessage.state == "failed")) or 0)
        oldest = session.scalar(select(func.min(OutboxMessage.due_at)).where(unsent))
    except SQLAlchemyError:
        return
    LATENESS.set(max(0, (utc_now() - oldest).total_seconds()) if oldest else 0)
