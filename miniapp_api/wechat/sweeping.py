"""Finding what was left undone: by a process that died, a full queue, a Redis that was away."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, and_, or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.wechat.erasing import expire_exchanges
from miniapp_api.wechat.exchanges import NOBODY_WAITS, REPLY_LEASE
from miniapp_api.wechat.models import WeChatExchange

MOST = 200
"""Citizens looked after in one sweep."""

GRACE = timedelta(seconds=1)
"""What has just come is left to the process that received it."""

FORGET_TEXT = timedelta(minutes=1)


def to_turn(session: Session) -> Sequence[int]:
    """The citizens whose turns nobody takes."""
    now = utc_now()
    fresh = and_(WeChatExchange.state == "new", WeChatExchange.received_at < now - GRACE)
    broken = and_(WeChatExchange.state == "running", WeChatExchange.leased_until < now)
    return _citizens(session, WeChatExchange.delivered_at.is_(None), or_(fresh, broken))


def to_send(session: Session) -> Sequence[int]:
    """The citizens who are owed an answer that can be sent now.

    An answer for which nobody waits any more was left by a process that died, and so was a reply of which
    nobody has said in time that it was written.
    """
    now = utc_now()
    left = and_(WeChatExchange.delivery.is_(None), WeChatExchange.asked_at < now - NOBODY_WAITS)
    session.execute(update(WeChatExchange).where(WeChatExchange.state == "answered", left).values(delivery="custom"))
    due = or_(WeChatExchange.not_before.is_(None), WeChatExchange.not_before <= now)
    in_doubt = and_(WeChatExchange.delivery == "passive", WeChatExchange.asked_at < now - REPLY_LEASE)
    return _citizens(
        session,
        WeChatExchange.state == "answered",
        or_(WeChatExchange.delivery == "custom", in_doubt),
        WeChatExchange.delivered_at.is_(None),
        WeChatExchange.refused.is_(None),
        due,
    )


def forget(session: Session) -> None:
    """Forget the texts of what was delivered, and after some days the rows."""
    now = utc_now()
    delivered = WeChatExchange.delivered_at < now - FORGET_TEXT
    texts = update(WeChatExchange).where(delivered, WeChatExchange.answer.is_not(None))
    session.execute(texts.values(answer=None, reply=None))
    expire_exchanges(session, now)


def _citizens(session: Session, *conditions: ColumnElement[bool]) -> Sequence[int]:
    found = select(WeChatExchange.identity_id).where(*conditions).group_by(WeChatExchange.identity_id)
    return session.scalars(found.limit(MOST)).all()
