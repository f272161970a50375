"""Use cases of the WeChat door, and the only module of it that others may import."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask import Flask
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.errors import Problem
from miniapp_api.wechat import erasing
from miniapp_api.wechat.answering import answer
from miniapp_api.wechat.delivering import note_replied
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.envelope import ForgedError
from miniapp_api.wechat.exchanges import Reply
from miniapp_api.wechat.joining import join_by_code
from miniapp_api.wechat.logging_in import log_in, wechat_session_is_alive
from miniapp_api.wechat.notifying import Notice, NotNowError, Told, Way, notify
from miniapp_api.wechat.pushes import read
from miniapp_api.wechat.replies import text_reply

__all__ = [
    "Answer",
    "NotNowError",
    "Notice",
    "Told",
    "Way",
    "init_app",
    "join_by_code",
    "log_in",
    "notify",
    "receive",
    "replied",
    "verify_address",
    "wechat_session_is_alive",
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What is replied to a push.

    Attributes:
        document: the sealed XML.
        reply: what is noted of it when it was written.
    """

    document: str
    reply: Reply


def init_app(app: Flask, clock: Callable[[], float] = time.time) -> None:
    """Give the application its WeChat door.

    Args:
        app: with its settings.
        clock: by which pushes are old, seconds since 1970.
    """
    holdings.register(app, erasing.HOLDING)
    holdings.register(app, erasing.EXCHANGES)
    app.extensions["wechat"] = Door(app, app.extensions["settings"], clock)


def verify_address(query: Mapping[str, str]) -> str:
    """Answer the request by which WeChat makes sure that the address is ours.

    Raises:
        ForgedError: if it is not WeChat's.
        Problem: 404 without an official account.
    """
    return _door().envelope.verify_address(query)


def receive(
    session: Session, query: Mapping[str, str], body: bytes, started: float, listening: Callable[[], bool]
) -> Answer | None:
    """Take a push and answer it within the deadline.

    Args:
        session: in its first transaction.
        query: of the request.
        body: of the request.
        started: when it arrived, by `time.monotonic`.
        listening: tells whether the sender has not hung up yet.

    Returns:
        The answer, to be replied with; None to acknowledge.

    Raises:
        ForgedError: if it is not WeChat's, or too old.
        Problem: 404 without an official account.
    """
    door = _door()
    push = read(door.envelope.open(query, body), door.account.account)
    if push.created < door.clock() - erasing.REPEATED_FOR.total_seconds():
        raise ForgedError("forgotten")  # nothing tells any more whether it was answered already
    reply = answer(session, push, started, listening)
    if reply is None:
        return None
    return Answer(door.envelope.seal(text_reply(push.openid, door.account.account, reply.text)), reply)


def replied(session: Session, answer: Answer) -> None:
    """Note that an answer was written to WeChat: only now it counts as given.

    Args:
        session: in a transaction of its own.
        answer: which.
    """
    if answer.reply.until is not None:
        note_replied(session, _door().receipts, answer.reply)


def _door() -> Door:
    door = Door.of_app()
    if door.account is None:
        raise Problem(404)
    return door
