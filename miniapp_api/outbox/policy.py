"""Which messages a citizen may see."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_

from miniapp_api.accounts.service import Visitor
from miniapp_api.outbox.models import OutboxMessage


def visible_to(visitor: Visitor, now: datetime) -> ColumnElement[bool]:
    """Their own, from the moment at which they are due; not what was withdrawn before it was sent."""
    return and_(
        OutboxMessage.visitor_id == visitor.id,
        OutboxMessage.not_before <= now,
        OutboxMessage.state != "withdrawn",
    )
