"""What the chat and the accounts need of their neighbours, `guides` and `content`.

The neighbours' service modules fit these by their functions alone; tests put fakes in their place.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, Protocol, cast

from flask import current_app
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor


class Content(Protocol):
    """The catalogue that is being served."""

    def locality_ids(self) -> Collection[str]:
        """List the cities that may be chosen."""

    def fault(self) -> str | None:
        """Say what is wrong with the files on disk, or None; the last valid ones are served."""


class Guides(Protocol):
    """The guides, as the chat speaks with them."""

    Hints: Callable[..., Any]
    """What the language model guesses about a text; without arguments: nothing."""

    def turn(self, session: Session, visitor: Visitor, text: str, hints: Any, turn_id: str) -> dict[str, Any]:
        """Answer what the visitor said, once per `turn_id`: a repetition gets the same answer.

        Returns:
            `{"messages": [{"text", "choices": [{"label", "value"}], "kind"?}], "guide": …}` where
            `guide` is as `active_guide` gives it.
        """

    def active_guide(self, session: Session, visitor: Visitor) -> dict[str, Any] | None:
        """Summarise the guide the visitor is in: `{"id", "theme", "state"}`, or None."""


def content() -> Content:
    """Give the catalogue of the current application."""
    return cast(Content, current_app.extensions["content"])


def guides() -> Guides:
    """Give the guides of the current application."""
    return cast(Guides, current_app.extensions["guides"])
