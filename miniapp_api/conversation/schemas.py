"""What goes in and out of the conversation API."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field


class ThemeGuessIn(BaseModel):
    """A theme that a text may be about."""

    model_config = ConfigDict(extra="forbid", strict=True)

    id: Annotated[str, Field(max_length=48)]
    confidence: Annotated[float, Field(ge=0, le=1)]


class TurnIn(BaseModel):
    """What a citizen said, with what the language model guesses. For the action server."""

    model_config = ConfigDict(extra="ignore", strict=True)

    text: Annotated[str, Field(max_length=2000)]
    turn_id: Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
    intent: Annotated[str, Field(max_length=48)] | None = None
    confidence: Annotated[float, Field(ge=0, le=1)] | None = None
    theme: Annotated[str, Field(max_length=48)] | None = None
    themes: Annotated[list[ThemeGuessIn], Field(max_length=10)] = []
