"""What the language model guesses of a text."""

from __future__ import annotations

from dataclasses import dataclass

SURE = 0.6
"""Confidence from which a guess may interrupt a guide."""


@dataclass(frozen=True, slots=True)
class Hints:
    """A guess; without arguments: none.

    Attributes:
        theme: id of the theme that a `start_guide` seems to mean, whether or not the catalogue has it.
    """

    intent: str | None = None
    confidence: float | None = None
    theme: str | None = None

    @property
    def sure(self) -> bool:
        """Whether the guess may interrupt a guide."""
        return self.intent is not None and (self.confidence or 0) >= SURE
