"""Use cases of the chat, and the only module of it that others may import."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import cast

import structlog
from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor, delegate
from miniapp_api.chat.guides import Guides, guides
from miniapp_api.chat.models import ChatMessage
from miniapp_api.chat.rasa import Rasa, RasaBusyError, RasaError
from miniapp_api.chat.schemas import Conversation, Message, Turn
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.masking import mask
from miniapp_api.metrics import CHAT_TURNS

__all__ = ["Guides", "Turn", "conversation", "init_app", "rasa", "say"]

WEB = "web"
MAX_TEXT = 2000
MAX_HISTORY = 200

NOTHING_SAID = "我没有收到文字。请您说一句想办什么事，比如「我想开个饭店要办什么」。"
TOO_LONG = f"您这段话有点长，我一次最多看 {MAX_TEXT} 个字。请挑最要紧的说，分几次说也可以。"
WITHOUT_RASA = "智能理解暂时用不了。您点选下面的选项，或者直接回答题目，都可以继续。"

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Give the application its way to Rasa."""
    app.extensions["rasa"] = Rasa(app.extensions["settings"])


def say(session: Session, visitor: Visitor, text: str, channel: str = WEB) -> Turn:
    """Answer what a citizen says; it takes effect exactly once, whoever answers.

    Two transactions: what was said is committed before Rasa is asked, because the action server
    calls this API back meanwhile, and on SQLite there is one writer at a time.

    Args:
        session: Inside its first transaction; left inside its second, for the frame to commit.
        visitor: Who speaks.
        text: Cleaned text, of any length.
        channel: Which of the visitor's conversations.

    Raises:
        Problem: 503 `busy` if too many turns wait on Rasa; then nothing was stored or done.
    """
    if not text or len(text) > MAX_TEXT:
        hint = Message(text=TOO_LONG if text else NOTHING_SAID, kind="notice")
        return _turn([hint], guides().active_guide(session, visitor))
    exchange = _Exchange(visitor, channel, uuid.uuid4().hex)
    try:
        with rasa().place():
            _store(session, exchange, "citizen", [Message(text=text)])
            session.commit()
            turn = _answer(session, exchange, text)
            _store(session, exchange, "bot", turn.messages)
    except RasaBusyError:
        detail = "现在咨询的人很多，请过一两秒再发一次。"
        raise Problem(503, "busy", detail, headers={"Retry-After": "1"}) from None
    return turn


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
class _Exchange:
    """One turn of a conversation: whose, where, and which."""

    visitor: Visitor
    channel: str
    turn_id: str


def _answer(session: Session, exchange: _Exchange, text: str) -> Turn:
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
        notice = Message(text=WITHOUT_RASA, kind="notice")
        return _turn([notice, *alone.messages], alone.guide)
    CHAT_TURNS.labels("rasa").inc()
    return turn


def _turn(messages: list[Message], guide: object) -> Turn:
    return Turn.model_validate({"messages": messages, "guide": guide})


def _store(session: Session, exchange: _Exchange, sender: str, messages: list[Message]) -> None:
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
