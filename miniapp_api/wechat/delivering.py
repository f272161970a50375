"""Giving citizens what they are owed, by customer-service message (Tencent: 客服消息)."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from miniapp_api.config import Settings
from miniapp_api.database import utc_now
from miniapp_api.extensions import reading
from miniapp_api.queue import enqueue
from miniapp_api.wechat import exchanges, sending
from miniapp_api.wechat.exchanges import Reply
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity
from miniapp_api.wechat.platform.client import OfficialAccount, WeChatError
from miniapp_api.wechat.receipts import Receipts
from miniapp_api.wechat.sending import Sending
from miniapp_api.wechat.text.rendering import Link

BACKOFF = (1, 2, 5, 10, 30, 60, 120)
"""Seconds between tries; after the last the answer waits for the citizen's next message."""

_PASSING = {"busy", "unreachable", "broken", "token"}
"""Kinds of failure after which it is tried again: the message was not taken, and may be yet."""

log = structlog.get_logger()


def send_soon(identity_id: int) -> None:
    """Have the worker send what a citizen is owed."""
    enqueue("wechat.send", identity_id)


def show_typing_soon(identity_id: int) -> None:
    """Have the worker show the citizen that an answer is being written."""
    enqueue("wechat.typing", identity_id)


def send_owed(
    session: Session, account: OfficialAccount, receipts: Receipts, settings: Settings, identity_id: int
) -> None:
    """Send what a citizen is owed, if it is time, and what became due while that was sent.

    The row says that it is being sent before it is, and that it was sent only after WeChat took it:
    a worker that dies in between leaves it to be settled, so nothing is lost, and only a message that
    nobody heard WeChat take can come twice.
    """
    while _send_one(session, account, receipts, settings, identity_id):
        pass  # whoever wanted to send the next answer meanwhile found us at it, and left


def _send_one(
    session: Session, account: OfficialAccount, receipts: Receipts, settings: Settings, identity_id: int
) -> bool:
    """Send what a citizen is owed now, as one message; tells whether WeChat took one."""
    assert settings.wechat  # noqa: S101 - there is an account
    with reading() as now:  # a sweep asks for the same citizen more than once
        if not exchanges.owed(now, identity_id):
            return False
    settle_left_behind(session, receipts, identity_id)
    taken = sending.begin_sending(session, identity_id, 3 * settings.wechat.api_timeout + 5)
    session.commit()
    if taken is None:
        return False
    refused, again = _send(account, receipts, taken)
    sending.end_sending(session, taken, refused=refused, again=again)
    session.commit()
    sent = refused is None and again is None
    if sent:
        _send_card(account, settings, taken.identity, taken.exchange)
    return sent


def note_replied(session: Session, receipts: Receipts, reply: Reply) -> None:
    """Note that a reply was written."""
    receipts.keep(reply.receipt)  # before anything that may have to wait
    sending.end_replying(session, reply)
    session.commit()


def settle_left_behind(session: Session, receipts: Receipts, identity_id: int) -> None:
    """If a process died giving a citizen something, settle what WeChat took; later, if that cannot be told now."""
    with reading() as now:
        left = sending.left_behind(now, identity_id)
    if left is None:
        return
    taken = receipts.kept(left.receipts)
    if taken is not None:
        sending.settle(session, identity_id, left, taken)
        session.commit()


def show_typing(session: Session, account: OfficialAccount, identity_id: int) -> None:
    """Show the citizen that an answer is being written; it is no matter if that cannot be shown."""
    identity = session.get_one(WeChatIdentity, identity_id)
    session.commit()
    with suppress(WeChatError):
        account.typing(identity.openid)


def _send(account: OfficialAccount, receipts: Receipts, taken: Sending) -> tuple[str | None, datetime | None]:
    """Send one text; gives why it waits for the citizen's next message, or when to try again."""
    exchange = taken.exchange
    try:
        account.send_text(taken.identity.openid, exchange.reply or "")
    except WeChatError as fault:
        log.warning("wechat_send_failed", kind=fault.kind, errcode=fault.errcode, tries=exchange.tries)
        if fault.kind in _PASSING and exchange.tries < len(BACKOFF):
            return None, utc_now() + timedelta(seconds=BACKOFF[exchange.tries])
        return str(fault.errcode or fault.kind)[:16], None
    receipts.keep(taken.receipt)  # before anything that may have to wait
    return None, None


def _send_card(
    account: OfficialAccount, settings: Settings, identity: WeChatIdentity, exchange: WeChatExchange
) -> None:
    """After a text with a link into the mini-program, its card, where a picture for it is configured."""
    image = settings.wechat and settings.wechat.card_image
    for link in (exchange.answer or {}).get("links", ()) if image else ():
        card = Link(**link)
        if card.appid and card.path:
            with suppress(WeChatError):
                account.send_card(identity.openid, title=card.label, app_id=card.appid, path=card.path, image=image)
