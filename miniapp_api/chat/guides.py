"""What the chat needs of the guides; `conversation.service` fits it, and tests put a fake in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor


class Guides(Protocol):
    """The guides, and whoever else answers a turn, as the chat speaks with them."""

    Hints: Callable[..., Any]
    """What the language model guesses about a text; without arguments: nothing."""

    def turn(self, session: Session, visitor: Visitor, text: str, hints: Any, turn_id: str) -> dict[str, Any]:
        """Answer what the visitor said, once per `turn_id`: a repetition gets the same answer.

        Returns:
            What `schemas.Turn` describes.
        """

    def welcome(self, visitor: Visitor) -> dict[str, Any]:
        """Greet a visitor: one message, as `schemas.Message` describes it."""

    def share(self, session: Session, visitor: Visitor, public_id: str) -> str:
        """Give the token by which anybody can read the checklist of a guide."""

    def active_guide(self, session: Session, visitor: Visitor) -> dict[str, Any] | None:
        """Summarise the guide the visitor is in: `{"id", "theme", "state"}`, or None."""


def guides() -> Guides:
    """Give the guides of the current application."""
    return cast(Guides, current_app.extensions["guides"])
