"""Use cases of the conversation, and the only module of it that others may import.

It fits `chat.guides.Guides`: whoever answers a turn, it is answered once.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import service as appointments
from miniapp_api.cases import service as cases
from miniapp_api.content.service import content
from miniapp_api.guides import service as guides
from miniapp_api.guides.service import Hints, active_guide, share, welcome
from miniapp_api.idempotency.service import once

__all__ = ["Hints", "active_guide", "share", "turn", "welcome"]


def turn(session: Session, visitor: Visitor, text: str, hints: Hints, turn_id: str) -> dict[str, Any]:
    """Answer what the visitor said in the chat, once per `turn_id`.

    A case comes first, as one number or one cue tells it; then an appointment that is being arranged; what
    is about neither goes to the guides.

    Returns:
        What `chat.schemas.Turn` describes.
    """

    def act() -> dict[str, Any]:
        return {"messages": _answer(session, visitor, text, hints), "guide": active_guide(session, visitor)}

    return once(session, visitor.id, f"turn.{turn_id}", act)


def _answer(session: Session, visitor: Visitor, text: str, hints: Hints) -> list[dict[str, Any]]:
    intent = hints.intent if hints.sure else None
    guide = active_guide(session, visitor)
    if told := cases.talk(session, visitor, text, None if guides.is_asking(guide) else intent):
        return _then(told, guides.ask_again(session, visitor))
    reply = appointments.talk(session, visitor, text, intent, guide, elsewhere=_is_elsewhere(text, hints))
    if reply is None:
        return guides.talk(session, visitor, text, hints)
    return _then(reply.messages, guides.ask_again(session, visitor) if reply.aside else [])


def _then(messages: list[dict[str, Any]], asked_again: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """What was asked in passing, and then again what was being asked: choices belong to the last message."""
    if not asked_again:
        return messages
    return [*({**message, "choices": []} for message in messages), *asked_again]


_MAY_NAME_A_SERVICE = (None, "book_appointment", "start_guide", "answer", "out_of_scope")
"""Guesses that do not say that a few words are no name of a service."""


def _is_elsewhere(text: str, hints: Hints) -> bool:
    """Whether a sentence is about one of the themes or topics, as far as can be told."""
    guessed = hints.sure_of_theme or (hints.sure and hints.intent not in _MAY_NAME_A_SERVICE)
    return guessed or bool(content().names().find(text))
