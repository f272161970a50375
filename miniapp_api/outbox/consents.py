"""How many subscribe messages a citizen agreed to: what the mini-program told us, corrected by WeChat."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import case, insert, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.outbox.models import NoticeConsent

MOST = 50
"""Consents that are counted for one topic."""


def grant(session: Session, visitor: Visitor, consents: Mapping[str, int]) -> None:
    """Count what a citizen agreed to.

    Args:
        session: in a transaction.
        visitor: who agreed.
        consents: topic -> how many more messages.

    Raises:
        Problem: 422 for a topic that has no template.
    """
    miniprogram = settings().miniprogram
    known = miniprogram.templates if miniprogram else {}
    if unknown := sorted(consents.keys() - known.keys()):
        raise Problem(422, invalid_params=[(topic, "这一类消息没有订阅消息") for topic in unknown])
    for topic, count in sorted(consents.items()):
        if not _change(session, visitor.id, topic, count):
            try:
                with session.begin_nested():
                    row = {"visitor_id": visitor.id, "topic": topic, "remaining": min(count, MOST)}
                    session.execute(insert(NoticeConsent).values(row))
            except IntegrityError:  # another request did so at the same moment
                _change(session, visitor.id, topic, count)


def remaining(session: Session, visitor_id: int, topic: str) -> int:
    """How many messages of a topic a citizen agreed to."""
    consent = session.get(NoticeConsent, (visitor_id, topic), populate_existing=True)
    return consent.remaining if consent else 0


def use(session: Session, visitor_id: int, topic: str, count: int = 1) -> None:
    """Count messages that were sent, or that WeChat refused; what the citizen agrees to meanwhile stays."""
    _change(session, visitor_id, topic, -count)


def _change(session: Session, visitor_id: int, topic: str, by: int) -> bool:
    """Change the count within its bounds, in one step; gives whether there is one."""
    total = NoticeConsent.remaining + by
    bounded = case((total < 0, 0), (total > MOST, MOST), else_=total)
    found = session.execute(
        update(NoticeConsent).filter_by(visitor_id=visitor_id, topic=topic).values(remaining=bounded),
        execution_options={"synchronize_session": False},
    )
    return found.rowcount == 1
