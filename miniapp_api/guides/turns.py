"""One turn of the conversation: what a citizen says, and what they are told."""

from __future__ import annotations

from sqlalchemy.orm import Session

from guidance.theme import MultiFact
from miniapp_api.accounts.service import Visitor
from miniapp_api.content.service import Release, content
from miniapp_api.guides import messages as m
from miniapp_api.guides import running as guides
from miniapp_api.guides import topics
from miniapp_api.guides.hints import Hints
from miniapp_api.guides.inside import InGuide, next_messages
from miniapp_api.guides.meaning import reader_of
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
    if text in (m.GO_ON, m.LIST) or hints.intent in ("resume_guide", "show_checklist"):
        return _resume(session, visitor) or [topics.welcome(locality)]
    theme = wanted_theme(text, hints, visitor.locality)
    if theme is not None:
        return _begin(session, visitor, theme, text)
    if hints.intent in topics.TOPICS - {"greet"}:
        return [topics.answer(str(hints.intent), locality)]
    if hints.theme:
        return [topics.not_offered(locality)]
    if hints.sure:
        return [topics.welcome(locality)]
    return [topics.not_understood(locality)]


def wanted_theme(text: str, hints: Hints, locality: str) -> str | None:
    """The theme of the catalogue that an opening sentence asks for.

    Its own words come first, then the model's guess, unless the sentence is a question about
    something else; last, a sentence that tells several things which one theme asks about.
    """
    named = content().names().find(text)
    if named:
        return named[0]
    if hints.intent in topics.TOPICS:
        return None
    offered = [theme.id for theme in content().themes()]
    if hints.theme in offered:
        return hints.theme
    if hints.sure_of_theme:
        return None
    telling = [theme for theme in offered if _tells_much(text, content().release(theme, locality))]
    return telling[0] if len(telling) == 1 else None


def _tells_much(text: str, release: Release) -> bool:
    """Whether a text tells two facts or more, one of them in the theme's own words."""
    read = reader_of(release).read(text).facts
    own = [found for found in read if isinstance(release.compiled.theme.facts[found.fact], MultiFact)]
    return len(read) > 1 and bool(own)


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
