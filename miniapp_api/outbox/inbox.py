"""The inbox: what a citizen was told, readable on the web whatever became of it in WeChat."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.outbox.policy import visible_to

PAGE = 20
"""Messages on one page."""

_PLACE = (OutboxMessage.not_before, OutboxMessage.id)


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the inbox.

    Attributes:
        notices: newest first.
        unread: how many of the whole inbox were not read.
        next: where the next page begins, for `before`; None on the last one.
    """

    notices: Sequence[OutboxMessage]
    unread: int
    next: str | None


def inbox(session: Session, visitor: Visitor, *, before: str | None = None) -> Page:
    """Give what a citizen was told by now, newest first.

    Args:
        session: may be one that only reads.
        visitor: whose.
        before: `Page.next` of the page before; None for the first one.

    Raises:
        Problem: 422 if `before` is not a message of theirs.
    """
    theirs = visible_to(visitor, utc_now())
    wanted = select(OutboxMessage).where(theirs)
    if before is not None:
        place = session.execute(select(*_PLACE).where(theirs, OutboxMessage.public_id == before)).one_or_none()
        if place is None:
            raise Problem(422, invalid_params=[("before", "没有这条消息，请从第一页看起")])
        same_moment = and_(OutboxMessage.not_before == place.not_before, OutboxMessage.id < place.id)
        wanted = wanted.where(or_(OutboxMessage.not_before < place.not_before, same_moment))
    found = session.scalars(wanted.order_by(*(column.desc() for column in _PLACE)).limit(PAGE + 1)).all()
    notices = found[:PAGE]
    return Page(notices, unread(session, visitor), notices[-1].public_id if len(found) > PAGE else None)


def unread(session: Session, visitor: Visitor) -> int:
    """Count what a citizen was told and has not read."""
    theirs = visible_to(visitor, utc_now())
    return session.scalar(
        select(func.count()).select_from(OutboxMessage).where(theirs, OutboxMessage.read_at.is_(None))
    )


def mark_read(session: Session, visitor: Visitor, ids: Collection[str]) -> int:
    """Note that a citizen has read messages; ids that are none of theirs are passed over.

    Returns:
        How many are left unread.
    """
    now = utc_now()
    theirs = (visible_to(visitor, now), OutboxMessage.public_id.in_(ids), OutboxMessage.read_at.is_(None))
    session.execute(
        update(OutboxMessage).where(*theirs).values(read_at=now), execution_options={"synchronize_session": False}
    )
    return unread(session, visitor)
