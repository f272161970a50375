"""What the language model guesses of a text."""

from __future__ import annotations

from dataclasses import dataclass

SURE = 0.6
"""Confidence from which a guess may interrupt a guide."""


@dataclass(frozen=True, slots=True)
class Hints:
    """A guess; without arguments: none.

    Attributes:
        theme: id of the theme that the text seems to be about, whether or not the catalogue has it.
        theme_confidence: how sure that is, 0 to 1.
    """

    intent: str | None = None
    confidence: float | None = None
    theme: str | None = None
    theme_confidence: float | None = None

    @property
    def sure(self) -> bool:
        """Whether the guess may interrupt a guide."""
        return self.intent is not None and (self.confidence or 0) >= SURE

    @property
    def sure_of_theme(self) -> bool:
        """Whether the text is almost certainly about that theme."""
        return self.theme is not None and (self.theme_confidence or 0) >= SURE
