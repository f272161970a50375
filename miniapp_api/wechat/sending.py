"""Who gives a citizen what they are owed: one process at a time, under a lease; by message, or in a reply.

While the lease is in the citizen's row, nobody else gives them what is owed. A process that dies leaves
it there; before anybody goes on, it is settled what WeChat was given of it (`receipts`).
"""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile

from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.wechat.composing import compose
from miniapp_api.wechat.exchanges import Reply, owed, undelivered
from miniapp_api.wechat.identities import hold
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity
from miniapp_api.wechat.receipts import receipt_of


@dataclass(frozen=True, slots=True)
class Sending:
    """A message in hand.

    Attributes:
        exchange: holds the whole `reply`.
        until: the end of the lease, which also tells it from others.
    """

    identity: WeChatIdentity
    exchange: WeChatExchange
    until: datetime

    @property
    def receipt(self) -> str:
        """What tells that WeChat took it."""
        return receipt_of(self.exchange.turn_id, self.until)


def begin_sending(session: Session, identity_id: int, seconds: float) -> Sending | None:
    """Take what a citizen is owed, as one message.

    Args:
        session: in a transaction of its own.
        identity_id: whom.
        seconds: how long it may take before it counts as left behind.

    Returns:
        The message; None if there is nothing to send now: nothing owed, it is not time yet, it waits
        for the citizen's next message, somebody may still reply with what comes first, or another
        process is at it, or died at it.
    """
    identity = hold(session, identity_id)
    now = utc_now()
    if identity.sending_until:
        return None
    batch = list(takewhile(lambda exchange: exchange.delivery == "custom", owed(session, identity_id)))
    if not batch or batch[-1].refused or (batch[-1].not_before or now) > now:
        return None
    if not identity.subscribed:
        batch[-1].refused = "unsubscribed"
        return None
    compose(identity, batch)
    identity.sending_until = until = now + timedelta(seconds=seconds)
    return Sending(identity, batch[-1], until)


def end_sending(session: Session, sending: Sending, *, refused: str | None, again: datetime | None) -> None:
    """Note how sending ended: delivered, refused until the next message, or to be tried again at a time.

    Whoever comes after the lease was settled has nothing to add.
    """
    identity = hold(session, sending.exchange.identity_id)
    if identity.sending_until != sending.until:
        return
    identity.sending_until = None
    current = session.get_one(WeChatExchange, sending.exchange.id, populate_existing=True)
    current.tries += 1
    if refused:
        current.refused = refused
    elif again:
        current.not_before = again
    else:
        current.delivered_at = utc_now()


def end_replying(session: Session, reply: Reply) -> None:
    """Note that a reply was written: it is delivered, unless WeChat asks again.

    Whoever comes after WeChat asked again, or after the lease was settled, has nothing to add.
    """
    identity = hold(session, reply.identity_id)
    if identity.sending_until != reply.until:
        return
    identity.sending_until = None
    session.get_one(WeChatExchange, reply.exchange_id, populate_existing=True).delivered_at = utc_now()


@dataclass(frozen=True, slots=True)
class LeftBehind:
    """What a process had in hand when it died.

    Attributes:
        until: the end of its lease.
        receipts: of the answers that it may have given.
    """

    until: datetime
    receipts: Sequence[str]


def left_behind(session: Session, identity_id: int) -> LeftBehind | None:
    """What a process that died left of a citizen; None if none did. Nothing is changed."""
    until = session.get_one(WeChatIdentity, identity_id).sending_until
    if until is None or until > utc_now():
        return None
    return LeftBehind(until, [receipt_of(each.turn_id, until) for each in undelivered(session, identity_id)])


def settle(session: Session, identity_id: int, left: LeftBehind, taken: Container[str]) -> None:
    """Note what WeChat was given of what was left behind; the rest is to be sent.

    Of a reply without a receipt it is not known whether WeChat heard it: it did not ask again, or nobody
    was there when it did. It is sent, for losing it would be worse.

    Args:
        session: in a transaction of its own.
        identity_id: whose.
        left: as it was found; if somebody else has settled it meanwhile, nothing is done.
        taken: the receipts of what WeChat was given.
    """
    identity = hold(session, identity_id)
    if identity.sending_until != left.until:
        return
    identity.sending_until = None
    for exchange in undelivered(session, identity_id):
        if receipt_of(exchange.turn_id, left.until) in taken:
            exchange.delivered_at = utc_now()
        elif exchange.delivery == "passive":
            exchange.delivery = "custom"
