"""Sending a citizen what they are owed."""

from __future__ import annotations

from datetime import timedelta

import structlog
from sqlalchemy.orm import Session

from miniapp_api.config import Settings
from miniapp_api.outbox import claims, consents
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.wechat.service import NotNowError, notify

AT_ONCE = 10
"""Messages that one task sends; a sweep finds the others."""

log = structlog.get_logger()


def deliver(session: Session, settings: Settings, visitor_id: int) -> None:
    """Send a citizen what is due, one message after the other, until one cannot be sent now.

    Args:
        session: whose transactions are ended here: none is open while WeChat is waited for.
        settings: how patient we are with WeChat.
        visitor_id: whose messages.
    """
    lease = lease_for(settings)
    for _ in range(AT_ONCE):
        message = claims.claim(session, visitor_id, lease)
        session.commit()
        if message is None or not _send(session, message, lease):
            return


def lease_for(settings: Settings) -> timedelta:
    """How long one way of sending may take: tokens fetched and refused included, and some more."""
    timeouts = [account.api_timeout for account in (settings.wechat, settings.miniprogram) if account]
    return timedelta(seconds=10 + 10 * max(timeouts, default=0))


def _send(session: Session, message: OutboxMessage, lease: timedelta) -> bool:
    """Send one message that is in hand; gives whether to go on with the next one."""

    def still() -> bool:
        held = claims.renew(session, message, lease)
        session.commit()
        return held

    agreed = consents.remaining(session, message.visitor_id, message.topic)
    try:
        told = notify(session, message.visitor_id, message, consented=agreed > 0, still=still)
    except NotNowError:
        claims.put_back(session, message)
        session.commit()
        return False
    claims.settle(session, message, told.way)
    if told.consent_gone:
        consents.use(session, message.visitor_id, message.topic, agreed)
    elif told.way == "subscribe":
        consents.use(session, message.visitor_id, message.topic)
    session.commit()
    return True
