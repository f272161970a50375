"""What goes in and out of the notices API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel

from miniapp_api.outbox.notices import MAX_TOPIC
from miniapp_api.wechat_settings import TOPIC

NoticeId = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]
Topic = Annotated[str, Field(max_length=MAX_TOPIC, pattern=f"^{TOPIC}$")]


class InboxIn(BaseModel):
    """Which page of the inbox."""

    model_config = ConfigDict(extra="forbid")

    before: NoticeId | None = Field(default=None, description="上一页给的 next；不填就是第一页")


class NoticeOut(BaseModel):
    """A message."""

    id: NoticeId
    topic: str = Field(description="哪一类消息，如 appointment.reminder")
    title: str
    text: str
    link: str | None = Field(description="网页上的路径，没有就是 null")
    at: datetime = Field(description="什么时候通知的")
    read: bool


class NoticesOut(BaseModel):
    """A page of the inbox, newest first."""

    notices: list[NoticeOut]
    unread: int = Field(ge=0, description="全部消息里，没读过的有几条")
    next: NoticeId | None = Field(description="下一页的 before；null 就是没有了")


class ReadIn(BaseModel):
    """Messages that were read."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ids: Annotated[list[NoticeId], Field(min_length=1, max_length=100)] = Field(description="读过的消息")


class UnreadOut(BaseModel):
    """What is left to read."""

    unread: int = Field(ge=0, description="没读过的还有几条")


class ConsentsIn(
    RootModel[Annotated[dict[Topic, Annotated[int, Field(ge=1, le=10)]], Field(min_length=1, max_length=10)]]
):
    """By topic, how many messages the citizen has just agreed to in the mini-program."""

    model_config = ConfigDict(strict=True)
