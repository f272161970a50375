"""One turn of the conversation: what a citizen says, and what they are told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.content.service import content
from miniapp_api.guides import messages as m
from miniapp_api.guides import running as guides
from miniapp_api.guides import topics
from miniapp_api.guides.hints import Hints
from miniapp_api.guides.inside import InGuide, next_messages
from miniapp_api.guides.messages import Message

MAX_READ = 500
"""Characters of a text that are looked at; a guide's answers are far shorter."""


def take_turn(session: Session, visitor: Visitor, text: str, hints: Hints) -> list[Message]:
    """Understand what a visitor says, do it, and answer."""
    said = text[:MAX_READ]
    running = guides.latest(session, visitor)
    if running is None:
        return _outside(session, visitor, said, hints)
    turn = InGuide(session, running, said, hints)
    messages = turn.take()
    if turn.restarts:
        return _begin(session, visitor, turn.restarts, "" if turn.restarts == running.row.theme else said)
    return messages


def _outside(session: Session, visitor: Visitor, text: str, hints: Hints) -> list[Message]:
    """A turn while no guide is in hand."""
    locality = content().locality(visitor.locality)
    theme = wanted_theme(text, hints)
    if theme is not None:
        return _begin(session, visitor, theme, text)
    if text in (m.GO_ON, m.LIST) or hints.intent in ("resume_guide", "show_checklist"):
        return _resume(session, visitor) or [topics.welcome(locality)]
    if hints.intent == "start_guide" and hints.theme:
        return [topics.not_offered(locality)]
    if hints.intent in topics.TOPICS - {"greet"}:
        return [topics.answer(str(hints.intent), locality)]
    if hints.sure:
        return [topics.welcome(locality)]
    return [topics.not_understood(locality)]


def wanted_theme(text: str, hints: Hints) -> str | None:
    """The theme of the catalogue that a text asks for: by its own words first, then by the guess."""
    named = content().names().find(text)
    if named:
        return named[0]
    offered = {theme.id for theme in content().themes()}
    return hints.theme if hints.intent == "start_guide" and hints.theme in offered else None


def _begin(session: Session, visitor: Visitor, theme: str, text: str) -> list[Message]:
    """Begin a guide; what the opening sentence already tells is read back."""
    running = guides.begin(session, visitor, content().release(theme, visitor.locality))
    opening = m.say(
        f"好，我来帮您理清“{running.release.compiled.theme.title}”要办什么。{running.release.compiled.theme.intro}"
    )
    return [opening, *InGuide(session, running, text, Hints()).open()]


def _resume(session: Session, visitor: Visitor) -> list[Message] | None:
    earlier = guides.latest(session, visitor, active=False)
    if earlier is None:
        return None
    earlier.row.active = True
    return [m.say("好的，接着来。"), *next_messages(guides.save(session, earlier))]
