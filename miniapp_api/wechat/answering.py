"""Answering a push within five seconds, exactly once (docs/decisions/0501-exactly-once.md)."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from miniapp_api.database import utc_now
from miniapp_api.extensions import reading, settings
from miniapp_api.queue import enqueue
from miniapp_api.wechat import exchanges
from miniapp_api.wechat.deeds import deed
from miniapp_api.wechat.delivering import send_soon, settle_left_behind, show_typing_soon
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.envelope import ForgedError
from miniapp_api.wechat.exchanges import Reply, Verdict
from miniapp_api.wechat.identities import hold, identity_of
from miniapp_api.wechat.models import WeChatExchange
from miniapp_api.wechat.pushes import Push
from miniapp_api.wechat.signals import Waiter
from miniapp_api.wechat.text.menus import Menu

FIRST_LOOK, LONGEST_PAUSE = 0.1, 0.8
"""Seconds until one looks for an answer that another process may have; from look to look twice as long."""


def answer(session: Session, push: Push, started: float, listening: Callable[[], bool]) -> Reply | None:
    """Answer a push within the deadline: with a reply, or with an acknowledgement.

    Args:
        session: in its first transaction; what was received is committed before it is worked on.
        push: verified and read.
        started: when it arrived, by `time.monotonic`.
        listening: tells whether WeChat has not hung up yet.

    Returns:
        What to reply with, claimed until it was written; None to acknowledge: then the answer comes
        by customer-service message, or with the reply to the citizen's next message.

    Raises:
        ForgedError: if it is a copy of a push so old that WeChat has long stopped sending it.
    """
    at = utc_now() - timedelta(seconds=time.monotonic() - started)
    account = Door.of_app().account
    identity = identity_of(session, account.app_id, push.openid, settings().default_locality)
    identity.subscribed = push.event != "unsubscribe"  # nobody else can send anything
    wanted = deed(push, Menu.from_json(identity.menu), has_more=bool(identity.rest))
    if wanted is None:
        return None
    exchange = exchanges.arrive(
        session, identity, push.key, wanted, at=at, attempts=account.attempts, listening=listening()
    )
    if exchange.received_at + (account.attempts + 1) * exchanges.PUSH_PATIENCE < utc_now():
        raise ForgedError("replayed")
    received = _Received(exchange.id, identity.id, first=exchange.attempts == 1)
    sending = identity.sending_until is not None
    unknown = account.open_platform and identity.unionid is None
    session.commit()  # from here on no row is touched: a look at one would begin a transaction that waits with us
    if sending:
        settle_left_behind(session, Door.of_app().receipts, received.identity_id)
    reply = _reply_or_acknowledge(session, received, started + account.deadline, listening)
    if unknown:  # again with every push, until it is known; the worker does not compete with the answer
        enqueue("wechat.learn_unionid", received.identity_id)
    return reply


@dataclass(frozen=True, slots=True)
class _Received:
    """Which exchange, whose, and whether its push came for the first time: then nobody can have answered it yet."""

    exchange_id: int
    identity_id: int
    first: bool


def _reply_or_acknowledge(
    session: Session, received: _Received, deadline: float, listening: Callable[[], bool]
) -> Reply | None:
    """Reply as soon as the answer is there; acknowledge at the deadline, or at once if no place is free to wait.

    When WeChat has hung up nothing is settled: it asks again, or a sweep finds that nobody waits any more.
    """
    door = Door.of_app()
    found: Reply | Verdict | None = Verdict.WAIT
    with door.signals.waiting(received.exchange_id, listening) as waiter:
        door.turner.kick(received.identity_id, due=received.first)  # not before one waits: it may be quick
        pause = FIRST_LOOK
        called = received.first and waiter is not None and _called(waiter, received, pause, deadline)
        while listening() and (found := _look(session, received, waiter, called=called)) is Verdict.WAIT:
            if waiter is None or time.monotonic() >= deadline:
                break
            called = _called(waiter, received, pause, deadline)
            if not called:
                pause = min(2 * pause, LONGEST_PAUSE)
    if isinstance(found, Reply):  # the citizen's newest, or it would not be one: no turn waits for it
        return found
    if listening():
        found = _acknowledge(session, received)
    door.turner.kick(received.identity_id)  # the next turn waited until this was settled
    return found if isinstance(found, Reply) else None


def _called(waiter: Waiter, received: _Received, pause: float, deadline: float) -> bool:
    """Wait until one should look for the answer again; tells whether somebody said so.

    While this process has the citizen's turns in hand nobody need look by himself.
    """
    turner = Door.of_app().turner
    while (left := deadline - time.monotonic()) > 0:
        if waiter.called.wait(min(left, pause)):
            waiter.called.clear()
            return True
        if not turner.has(received.identity_id):
            break
    return False


def _look(session: Session, received: _Received, waiter: Waiter | None, *, called: bool) -> Reply | Verdict:
    """Take the reply that was claimed for one, or claim it.

    Who was not called looks first whether there is something to decide, waiting for no writer.
    """
    if waiter and waiter.reply:
        return waiter.reply
    if not called:
        with reading() as looking:
            now = looking.get_one(WeChatExchange, received.exchange_id)
        if now.state != "answered" and (now.leased_until is None or now.leased_until < utc_now()):
            Door.of_app().turner.kick(received.identity_id)  # it may have waited for a turn in another process
        if now.state != "answered" and now.delivery is None:
            return Verdict.WAIT
    attempts = Door.of_app().account.attempts
    held = hold(session, received.identity_id)
    found = exchanges.try_reply(session, held, received.exchange_id, attempts=attempts)
    session.commit()
    return found


def _acknowledge(session: Session, received: _Received) -> Reply | None:
    """Settle that the answer comes another way; have it sent if it is there, else show that it is coming.

    Returns:
        None; or the reply, if another copy of the push has claimed one meanwhile.
    """
    settled = exchanges.give_up_replying(session, hold(session, received.identity_id), received.exchange_id)
    session.commit()
    if isinstance(settled, Reply):
        return settled
    (send_soon if settled else show_typing_soon)(received.identity_id)
    return None
