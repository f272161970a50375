"""What goes in and out of the chat, towards citizens and from Rasa."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
)

from miniapp_api.text import clean


class TextIn(BaseModel):
    """What a citizen says."""

    model_config = ConfigDict(extra="forbid", strict=True)

    text: Annotated[str, BeforeValidator(lambda said: clean(said) if isinstance(said, str) else said)]


class Choice(BaseModel):
    """Something to tap; its value, sent as text, is the same as tapping it."""

    label: str
    value: str


class Message(BaseModel):
    """One message; a question is one message, the only one that holds 「？」."""

    text: str
    choices: list[Choice] = []
    kind: str | None = Field(default=None, max_length=32, description="消息的种类，没有就不出现")

    @model_serializer(mode="wrap")
    def _without_absent_kind(self, render: SerializerFunctionWrapHandler) -> dict[str, Any]:
        rendered = render(self)
        return rendered if self.kind else {k: v for k, v in rendered.items() if k != "kind"}


class GuideSummary(BaseModel):
    """The guide that the conversation is in."""

    id: str
    theme: str
    state: Literal["asking", "done"]


class Turn(BaseModel):
    """What a citizen is answered."""

    messages: list[Message] = Field(min_length=1)
    guide: GuideSummary | None


class PastMessage(Message):
    """A message of the conversation so far."""

    sender: Literal["citizen", "bot"] = Field(alias="from")
    at: datetime


class Conversation(BaseModel):
    """The conversation so far, oldest first."""

    messages: list[PastMessage]
    guide: GuideSummary | None


class RasaPart(BaseModel):
    """One part of an answer of Rasa's REST channel; only `custom` is of use here."""

    custom: Turn | None = None
