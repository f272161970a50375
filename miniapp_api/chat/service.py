"""Use cases of the chat, and the only module of it that others may import."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast

import structlog
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.accounts.service import Visitor, delegate
from miniapp_api.chat import erasing
from miniapp_api.chat.guides import Guides, guides
from miniapp_api.chat.models import ChatMessage
from miniapp_api.chat.rasa import Rasa, RasaBusyError, RasaError
from miniapp_api.chat.schemas import Conversation, Message, Turn
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.masking import mask
from miniapp_api.metrics import CHAT_TURNS

__all__ = [
    "Exchange",
    "Guides",
    "Message",
    "Turn",
    "conversation",
    "init_app",
    "rasa",
    "say",
    "share",
    "take_turn",
    "welcome",
]

WEB = "web"
MAX_TEXT = 2000
MAX_HISTORY = 200

NOTHING_SAID = "我没有收到文字。请您说一句想办什么事，比如「我想开个饭店要办什么」。"
TOO_LONG = f"您这段话有点长，我一次最多看 {MAX_TEXT} 个字。请挑最要紧的说，分几次说也可以。"
WITHOUT_RASA = "智能理解暂时用不了。您点选下面的选项，或者直接回答题目，都可以继续。"

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Give the application its way to Rasa."""
    holdings.register(app, erasing.HOLDING)
    app.extensions["rasa"] = Rasa(app.extensions["settings"])


def say(session: Session, visitor: Visitor, text: str) -> Turn:
    """Answer what a citizen says on the web, while they wait; it takes effect exactly once.

    Args:
        session: Inside its first transaction; left inside its last, for the frame to commit.
        visitor: Who speaks.
        text: Cleaned text, of any length.

    Raises:
        Problem: 503 `busy` if too many turns wait on Rasa; then nothing was stored or done.
    """
    try:
        with rasa().place():
            return take_turn(session, Exchange(visitor, WEB, uuid.uuid4().hex), text)
    except RasaBusyError:
        detail = "现在咨询的人很多，请过一两秒再发一次。"
        raise Problem(503, "busy", detail, headers={"Retry-After": "1"}) from None


def take_turn(session: Session, exchange: Exchange, text: str) -> Turn:
    """Answer what a citizen says. A turn that was broken off may be taken again: it is done once.

    What was said is committed before Rasa is asked, because the action server calls this API back
    meanwhile, and on SQLite there is one writer at a time.

    Args:
        session: Inside its first transaction; left inside its last, for the caller to commit.
        exchange: Whose turn, where, and which.
        text: Cleaned text, of any length.
    """
    if not text or len(text) > MAX_TEXT:
        hint = Message(text=TOO_LONG if text else NOTHING_SAID, kind="notice")
        return _turn([hint], guides().active_guide(session, exchange.visitor))
    _store_said(session, exchange, text)
    session.commit()
    turn = _answer(session, exchange, text)
    _store(session, exchange, "bot", turn.messages)
    return turn


def welcome(session: Session, visitor: Visitor) -> Turn:
    """Greet a citizen who has not said anything yet, and say what can be done here."""
    return _turn([Message.model_validate(guides().welcome(visitor))], guides().active_guide(session, visitor))


def share(session: Session, visitor: Visitor, guide_id: str) -> str:
    """Give the token by which anybody can read the checklist of a guide."""
    return guides().share(session, visitor, guide_id)


def conversation(session: Session, visitor: Visitor, channel: str = WEB) -> Conversation:
    """Give the newest messages of a conversation, oldest first, as they were stored: masked."""
    newest = (
        select(ChatMessage)
        .filter_by(visitor_id=visitor.id, channel=channel)
        .order_by(ChatMessage.id.desc())
        .limit(MAX_HISTORY)
    )
    rows = reversed(session.scalars(newest).all())
    return Conversation.model_validate(
        {
            "messages": [
                {
                    "text": row.text,
                    "choices": row.choices,
                    "kind": row.kind,
                    "from": row.sender,
                    "at": row.at,
                }
                for row in rows
            ],
            "guide": guides().active_guide(session, visitor),
        }
    )


def rasa() -> Rasa:
    """Give the current application's way to Rasa."""
    return cast(Rasa, current_app.extensions["rasa"])


@dataclass(frozen=True, slots=True)
class Exchange:
    """One turn of a conversation: whose, where, and which.

    Attributes:
        visitor: who speaks.
        channel: which of the visitor's conversations.
        turn_id: 32 hexadecimal digits; the same turn has the same, however often it is tried.
    """

    visitor: Visitor
    channel: str
    turn_id: str


def _answer(session: Session, exchange: Exchange, text: str) -> Turn:
    """Have Rasa answer or, if it cannot, the guides alone.

    Both do the turn under the same id, so if Rasa's action ran, runs now or will run late, the
    text is still understood once, and the same answer comes back.
    """
    visitor, turn_id = exchange.visitor, exchange.turn_id
    metadata = {
        "visitor_token": delegate(visitor, seconds=int(settings().rasa_timeout) + 60),
        "conversation": f"{visitor.public_id}.{exchange.channel}",
        "turn_id": turn_id,
    }
    try:
        turn = rasa().ask(visitor.public_id, text, metadata)
    except RasaError as failure:
        way = str(failure)
        log.warning("rasa_failed", way=way)
        CHAT_TURNS.labels(way).inc()
        alone = Turn.model_validate(guides().turn(session, visitor, text, guides().Hints(), turn_id))
        session.commit()  # as when Rasa's action does it: SQLite's writer is let go before more is written
        notice = Message(text=WITHOUT_RASA, kind="notice")
        return _turn([notice, *alone.messages], alone.guide)
    CHAT_TURNS.labels("rasa").inc()
    return turn


def _turn(messages: list[Message], guide: object) -> Turn:
    return Turn.model_validate({"messages": messages, "guide": guide})


def _store_said(session: Session, exchange: Exchange, text: str) -> None:
    """Store what was said, unless an earlier try of this turn did."""
    told = select(ChatMessage.id).filter_by(
        visitor_id=exchange.visitor.id, channel=exchange.channel, turn_id=exchange.turn_id
    )
    if session.scalar(told.limit(1)) is None:
        _store(session, exchange, "citizen", [Message(text=text)])


def _store(session: Session, exchange: Exchange, sender: str, messages: list[Message]) -> None:
    session.add_all(
        ChatMessage(
            visitor_id=exchange.visitor.id,
            channel=exchange.channel,
            turn_id=exchange.turn_id,
            sender=sender,
            text=mask(message.text),
            choices=[choice.model_dump() for choice in message.choices],
            kind=message.kind,
        )
        for message in messages
    )
