"""The life of an exchange: received, its turn taken, delivered once.

Every decision is made while holding the citizen's row (`identities.hold`), so it is one for all processes,
on PostgreSQL by a row lock, on SQLite by the one writer. Nothing slow happens meanwhile.

The turns of a citizen are taken one after the other, and none begins before it is settled how the
answer before it is delivered; answers are given one at a time, under a lease (`sending`). So they arrive
in the order of the questions, which is that of the pushes' arrival, not that of being written down.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from itertools import takewhile
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from miniapp_api.database import add_if_new, utc_now
from miniapp_api.wechat.composing import compose
from miniapp_api.wechat.deeds import Deed
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity
from miniapp_api.wechat.receipts import receipt_of

PUSH_PATIENCE = timedelta(seconds=5)
"""WeChat's, for one attempt (Tencent: 被动回复用户消息)."""

NOBODY_WAITS = PUSH_PATIENCE + timedelta(seconds=0.5)
"""After the last attempt: no connection is open any more."""

REPLY_LEASE = timedelta(seconds=8)
"""After the last attempt: whoever replied to it has said so, or died before. WeChat hangs up after five."""

A_MOMENT = timedelta(seconds=1)
"""Until a turn that failed is tried again."""

MAX_TRIES = 3
"""Times a turn may fail before the citizen is told so."""


class Verdict(Enum):
    """What to do with a push whose answer is not, or no longer, to be sent back."""

    WAIT = "its answer is not there yet"
    ACKNOWLEDGE = "nothing is to be sent back: the answer comes, or came, another way"


def arrive(
    session: Session,
    held: WeChatIdentity,
    key: str,
    deed: Deed,
    *,
    at: datetime,
    attempts: int,
    listening: bool = True,
) -> WeChatExchange:
    """Note that a push came, for the first time or again.

    WeChat asks again for what it did not hear within its patience: a reply that was given is not
    delivered after all. A copy that comes sooner proves nothing (a proxy may have made it); it
    will be told the same. Nor does one that WeChat has hung up on: it may have been sent long ago.

    Args:
        session: in the transaction.
        held: whose push.
        key: the same for all copies of the push.
        deed: what it asks of us.
        at: when it came; it may have waited since for the database's one writer, and others overtaken it.
        attempts: how often WeChat sends a push; what comes after that time is not WeChat's.
        listening: WeChat has not hung up.

    Returns:
        Its exchange.
    """
    exchange = WeChatExchange(identity_id=held.id, key=key, deed=deed, received_at=at, asked_at=at)
    if not add_if_new(session, exchange):
        exchange = session.scalars(select(WeChatExchange).filter_by(key=key)).one()
        exchange.attempts += 1
        if listening:
            _ask_again(held, exchange, at, attempts)
    session.flush()
    return exchange


def _ask_again(held: WeChatIdentity, exchange: WeChatExchange, at: datetime, attempts: int) -> None:
    in_time = at - exchange.received_at < attempts * PUSH_PATIENCE
    asked_again = in_time and at - exchange.asked_at > 0.9 * PUSH_PATIENCE
    if asked_again and exchange.delivery == "passive" and exchange.reply is not None:
        if exchange.delivered_at is None:  # the lease is that of the reply which was not heard
            held.sending_until = None
        exchange.delivery = exchange.delivered_at = None
    exchange.asked_at = max(exchange.asked_at, at)


# ---------------------------------------------------------------------- turns


@dataclass(frozen=True, slots=True)
class Turn:
    """A turn in hand.

    Attributes:
        lease: whoever has a newer one has taken the turn over.
    """

    exchange_id: int
    identity_id: int
    turn_id: str
    deed: Deed
    lease: str


def begin_turn(session: Session, held: WeChatIdentity, seconds: float) -> Turn | None:
    """Take the citizen's next turn, if it is due.

    Args:
        session: in the transaction.
        held: whose.
        seconds: how long the turn may take before others take it over.

    Returns:
        The turn; None if there is none, or another is in hand or waits for its delivery to be
        settled.
    """
    now = utc_now()
    unheard, exchange = _next_turn(session, held.id)
    for earlier in unheard:
        earlier.delivery = "custom"
    if exchange is None:
        return None
    exchange.state = "running"
    exchange.lease = secrets.token_hex(16)
    exchange.leased_until = now + timedelta(seconds=seconds)
    return Turn(exchange.id, held.id, exchange.turn_id, exchange.deed or {}, exchange.lease)


def turn_is_due(session: Session, identity_id: int) -> bool:
    """Whether `begin_turn` would find something to do. It changes nothing and waits for no writer."""
    unheard, exchange = _next_turn(session, identity_id)
    return bool(unheard) or exchange is not None


def _next_turn(session: Session, identity_id: int) -> tuple[Sequence[WeChatExchange], WeChatExchange | None]:
    """The answers for which nobody waits any more, and the exchange after them if its turn is due."""
    now = utc_now()
    unsettled = _unsettled(session, identity_id)
    if any(each.state == "running" and each.leased_until and each.leased_until > now for each in unsettled):
        return [], None
    unheard = []
    for exchange in unsettled:
        if exchange.state != "answered":
            return unheard, exchange
        if exchange.asked_at + NOBODY_WAITS > now:
            break
        unheard.append(exchange)
    return unheard, None


def finish_turn(session: Session, turn: Turn, answer: dict[str, Any]) -> bool:
    """Keep the answer of a turn, unless others have taken it over; in the transaction that made the answer.

    Args:
        session: in the transaction, the citizen held.
        turn: in hand.
        answer: see `WeChatExchange`.

    Returns:
        Whether it is to be sent: nobody waits for it any more.
    """
    exchange = _in_hand(session, turn)
    if exchange is None:
        return False
    exchange.state, exchange.answer, exchange.deed = "answered", answer, None
    exchange.lease = exchange.leased_until = None
    exchange.tries = 0
    return exchange.delivery == "custom"


def fail_turn(session: Session, turn: Turn, apology: dict[str, Any]) -> bool:
    """Let a turn that failed be taken again in a moment; after `MAX_TRIES` the apology is its answer.

    Args:
        session: in the transaction, the citizen held.
        turn: in hand, also if that it was begun has been rolled back.
        apology: see `WeChatExchange.answer`.

    Returns:
        Whether there is now something to be sent.
    """
    exchange = _in_hand(session, turn)
    if exchange is None:
        return False
    exchange.tries += 1
    if exchange.tries >= MAX_TRIES:
        return finish_turn(session, turn, apology)
    exchange.state, exchange.lease, exchange.leased_until = "running", None, utc_now() + A_MOMENT
    return False


def _in_hand(session: Session, turn: Turn) -> WeChatExchange | None:
    """The exchange of a turn; None if it is done, or others have it in hand."""
    exchange = session.get_one(WeChatExchange, turn.exchange_id, populate_existing=True)
    if exchange.state == "answered":
        return None
    given_back = exchange.lease is None or exchange.leased_until is None or exchange.leased_until < utc_now()
    return exchange if given_back or exchange.lease == turn.lease else None


def _unsettled(session: Session, identity_id: int) -> Sequence[WeChatExchange]:
    open_ = or_(WeChatExchange.state != "answered", WeChatExchange.delivery.is_(None))
    return _in_order(session, select(WeChatExchange).where(WeChatExchange.identity_id == identity_id, open_))


def _in_order(session: Session, wanted: Select[tuple[WeChatExchange]]) -> Sequence[WeChatExchange]:
    ordered = wanted.order_by(WeChatExchange.received_at, WeChatExchange.id)
    return session.scalars(ordered, execution_options={"populate_existing": True}).all()


# ---------------------------------------------------------------------- delivery


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that was claimed for the reply to a push, or for that to another copy of it.

    Attributes:
        until: the end of the lease under which it is given; None if it is known to have been given.
    """

    exchange_id: int
    identity_id: int
    turn_id: str
    text: str
    until: datetime | None

    @property
    def receipt(self) -> str:
        """What tells that it was given."""
        return receipt_of(self.turn_id, self.until)


def try_reply(session: Session, held: WeChatIdentity, exchange_id: int, *, attempts: int) -> Reply | Verdict:
    """Claim the answer for the reply to a push, if it is there and may go this way.

    Claimed is not given: that is known when the reply was written (`sending.end_replying`). Until then it
    is given under a lease; nobody overtakes it, and if its process dies it is settled what became of it.

    The last attempt is acknowledged, for nobody would ask again if that reply were lost. If the
    citizen has said something else meanwhile, both answers go together: two replies could overtake
    each other.

    Args:
        session: in the transaction.
        held: whose.
        exchange_id: which exchange.
        attempts: how often WeChat sends a push.

    Returns:
        What to reply with, claimed; or a verdict.
    """
    exchange = session.get_one(WeChatExchange, exchange_id, populate_existing=True)
    if exchange.delivery == "passive" and exchange.reply is not None:
        return _reply(held, exchange, exchange.reply)
    if exchange.delivery:
        return Verdict.ACKNOWLEDGE
    if exchange.state != "answered":
        return Verdict.WAIT
    if exchange.asked_at - exchange.received_at > 0.9 * (attempts - 1) * PUSH_PATIENCE:  # the last attempt
        exchange.delivery = "custom"
        return Verdict.ACKNOWLEDGE
    if _overtaken(session, exchange):
        exchange.delivery, exchange.not_before = "custom", utc_now() + PUSH_PATIENCE
        return Verdict.ACKNOWLEDGE
    due = owed(session, held.id)
    if held.sending_until or exchange not in due:  # somebody gives or died at it, or one before has no answer yet
        return Verdict.WAIT
    text = compose(held, due[: due.index(exchange) + 1])
    exchange.delivery, held.sending_until = "passive", exchange.asked_at + REPLY_LEASE
    return _reply(held, exchange, text)


def _reply(held: WeChatIdentity, exchange: WeChatExchange, text: str) -> Reply:
    until = held.sending_until if exchange.delivered_at is None else None
    return Reply(exchange.id, held.id, exchange.turn_id, text, until)


def _overtaken(session: Session, exchange: WeChatExchange) -> bool:
    newest = select(WeChatExchange.id).where(WeChatExchange.identity_id == exchange.identity_id)
    ordered = newest.order_by(WeChatExchange.received_at.desc(), WeChatExchange.id.desc())
    return session.scalar(ordered.limit(1)) != exchange.id


def give_up_replying(session: Session, held: WeChatIdentity, exchange_id: int) -> Reply | bool:
    """Settle that an answer comes by customer-service message, unless it was claimed for a reply meanwhile.

    Args:
        session: in the transaction.
        held: whose.
        exchange_id: which exchange.

    Returns:
        What was claimed, to be replied with here too, for WeChat may hear this copy alone; else whether
        the answer is there, to be sent now.
    """
    exchange = session.get_one(WeChatExchange, exchange_id, populate_existing=True)
    if exchange.delivery == "passive" and exchange.reply is not None:
        return _reply(held, exchange, exchange.reply)
    if exchange.delivery is None:
        exchange.delivery = "custom"
    still_owed = exchange.delivered_at is None and exchange.not_before is None
    return exchange.delivery == "custom" and exchange.state == "answered" and still_owed


def undelivered(session: Session, identity_id: int) -> Sequence[WeChatExchange]:
    """What a citizen is not known to have been given, in order, answered or not."""
    wanted = select(WeChatExchange).where(
        WeChatExchange.identity_id == identity_id, WeChatExchange.delivered_at.is_(None)
    )
    return _in_order(session, wanted)


def owed(session: Session, identity_id: int) -> list[WeChatExchange]:
    """The answers that can be given to a citizen, in order; what comes after one that is missing yet waits for it."""
    return list(takewhile(lambda exchange: exchange.state == "answered", undelivered(session, identity_id)))
