"""The life of a message: taken by one worker at a time, and settled once.

Every step is one guarded UPDATE, so it is decided once for all processes, on both databases. A worker
that dies leaves its lease to run out, whereupon the message is taken again: nothing is lost, and only a
message that nobody noted as sent can come twice.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.outbox.models import OutboxMessage

BACKOFF = (30, 60, 120, 300, 600, 1800, 3600, 3600, 7200)
"""Seconds between tries, nearly five hours in all; then a message has failed."""

MAX_TRIES = len(BACKOFF) + 1

Way = Literal["subscribe", "custom"]

_FREED: dict[str, Any] = {"lease": None, "leased_until": None}
_AS_STORED = {"synchronize_session": False, "populate_existing": True}


def free(now: datetime) -> ColumnElement[bool]:
    """Messages that a worker may take now: due, or left by one that died."""
    due = and_(OutboxMessage.state == "waiting", OutboxMessage.due_at <= now)
    return or_(due, and_(OutboxMessage.state == "leased", OutboxMessage.leased_until <= now))


def late(now: datetime) -> ColumnElement[bool]:
    """Messages that are useless by now."""
    return and_(OutboxMessage.not_after.is_not(None), OutboxMessage.not_after <= now)


def claim(session: Session, visitor_id: int, lease: timedelta) -> OutboxMessage | None:
    """Take the citizen's next message, if it is due and nobody else is sending to them.

    Those that are due at once are sent in the order in which they were to be seen. One that is useless
    by now is dropped on the way, one that was tried too often has failed.

    Args:
        session: in a transaction of its own.
        visitor_id: whose.
        lease: how long nobody else takes it, unless `renew` is called.

    Returns:
        The message, leased; None if there is nothing to send now.
    """
    now = utc_now()
    while head := _head(session, visitor_id, now):
        if head.state == "leased" and head.leased_until > now:
            return None
        if head.not_after is not None and head.not_after <= now:
            fate: dict[str, Any] = {"state": "dropped", **_FREED}
        elif head.tries >= MAX_TRIES:
            fate = {"state": "failed", **_FREED}
        else:
            token = secrets.token_hex(16)
            fate = {"state": "leased", "lease": token, "leased_until": now + lease, "tries": head.tries + 1}
        taken = _change(session, and_(OutboxMessage.id == head.id, free(now)), **fate)
        if taken is None or taken.state == "leased":
            return taken
    return None


def renew(session: Session, message: OutboxMessage, lease: timedelta) -> bool:
    """Hold a message for as long again; to be asked right before it is sent.

    Returns:
        Whether it may be sent: it is in hand still, was not withdrawn, and is of use.
    """
    now = utc_now()
    good = and_(_in_hand(message), OutboxMessage.leased_until > now, ~late(now))
    return _change(session, good, leased_until=now + lease) is not None


def settle(session: Session, message: OutboxMessage, way: Way | None) -> None:
    """Note that a message reached the citizen, by whichever way; or that no way but the inbox leads there.

    What reached them did so even if it was withdrawn meanwhile.
    """
    now = utc_now()
    if way:
        mine = and_(OutboxMessage.id == message.id, OutboxMessage.lease == message.lease)
        _change(session, mine, state="sent", way=way, sent_at=now, **_FREED)
        return
    _change(session, and_(_in_hand(message), late(now)), state="dropped", **_FREED)
    _change(session, _in_hand(message), state="inbox_only", way="inbox", **_FREED)


def put_back(session: Session, message: OutboxMessage) -> None:
    """Let a message that could not be sent wait for its next try, and with it what is due after it.

    It is dropped if it will be useless by then, and has failed if that was its last try.
    """
    now = utc_now()
    if message.tries >= MAX_TRIES:
        _change(session, _in_hand(message), state="failed", **_FREED)
        return
    again = now + timedelta(seconds=BACKOFF[message.tries - 1])
    _change(session, and_(_in_hand(message), late(again)), state="dropped", **_FREED)
    _change(session, _in_hand(message), state="waiting", due_at=again, **_FREED)
    theirs = and_(OutboxMessage.visitor_id == message.visitor_id, OutboxMessage.state == "waiting")
    due = and_(theirs, OutboxMessage.due_at <= now, ~late(again))
    session.execute(update(OutboxMessage).where(due).values(due_at=again), execution_options=_AS_STORED)


def _head(session: Session, visitor_id: int, now: datetime) -> OutboxMessage | None:
    """What somebody sends to the citizen, else what is to be sent next."""
    waiting = OutboxMessage.state == "waiting"
    wanted = select(OutboxMessage).where(
        OutboxMessage.visitor_id == visitor_id,
        or_(OutboxMessage.state == "leased", and_(waiting, OutboxMessage.due_at <= now)),
    )
    order = (waiting, OutboxMessage.not_before, OutboxMessage.id)
    return session.scalar(wanted.order_by(*order).limit(1), execution_options=_AS_STORED)


def _in_hand(message: OutboxMessage) -> ColumnElement[bool]:
    return and_(OutboxMessage.id == message.id, OutboxMessage.lease == message.lease, OutboxMessage.state == "leased")


def _change(session: Session, guard: ColumnElement[bool], **values: Any) -> OutboxMessage | None:
    """Change the message for which a condition still holds; gives it as it is now, None if it does not."""
    changed = update(OutboxMessage).where(guard).values(values).returning(OutboxMessage)
    return session.scalar(changed, execution_options=_AS_STORED)
