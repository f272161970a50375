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


class _Sparse(BaseModel):
    """Leaves out what is not so."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_so(self, render: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: value for name, value in render(self).items() if value is not None and value is not False}


class Choice(_Sparse):
    """Something to tap; its value, sent as text, is the same as tapping it."""

    label: str
    value: str
    steering: bool = Field(default=False, description="不是回答，是说怎么问下去；不是就不出现")


class PageLink(BaseModel):
    """A page of ours where something is done that a conversation is no place for."""

    label: str
    path: str = Field(pattern="^/", description="这个服务里的地址")


class Message(_Sparse):
    """One message; a question is one message, the only one that holds 「？」."""

    text: str
    choices: list[Choice] = []
    kind: str | None = Field(default=None, max_length=32, description="消息的种类，没有就不出现")
    link: PageLink | None = Field(default=None, description="一个页面，没有就不出现")


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
