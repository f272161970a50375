"""What a push says, whatever WeChat calls it, and the key by which its copies are known."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Annotated, Any
from xml.parsers.expat import ExpatError

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from wechatpy.parser import parse_message

from miniapp_api.wechat.envelope import ForgedError

_Short = Annotated[str, StringConstraints(max_length=512)]


class _Head(BaseModel):
    """What every push has; texts are bounded, elements where a text belongs are refused."""

    model_config = ConfigDict(extra="ignore")

    ToUserName: _Short
    FromUserName: Annotated[str, StringConstraints(pattern="^[0-9A-Za-z_-]{1,64}$")]
    CreateTime: Annotated[str, StringConstraints(pattern="^[0-9]{1,12}$")]
    MsgType: Annotated[str, StringConstraints(pattern="^[A-Za-z_]{1,64}$")]
    MsgId: _Short | None = None
    Event: _Short | None = None
    EventKey: _Short | None = None


class _Body(BaseModel):
    """What some pushes have besides."""

    model_config = ConfigDict(extra="ignore")

    Content: str | None = None
    Recognition: str | None = None
    Label: str | None = None
    bizmsgmenuid: _Short | None = Field(default=None)


@dataclass(frozen=True, slots=True)
class Push:
    """One push of the official account.

    Attributes:
        openid: who did something.
        kind: of a message `text`, `voice`, `image`, `location`, `link`, … or `event`.
        event: of an event its name in small letters, e.g. `subscribe`, `scan`; else empty.
        text: what was typed, or understood of a voice, or a location's address; may be empty.
        event_key: what a menu button or a scanned code stands for; may be empty.
        tapped: id of a tapped choice; empty or `0` where WeChat lost it.
        created: when they did it, seconds since 1970.
        key: the same for all copies of a push, different for different pushes.
    """

    openid: str
    kind: str
    event: str
    text: str
    event_key: str
    tapped: str
    created: int
    key: str


def read(xml: str, account: str) -> Push:
    """Read the inner XML of a push.

    Args:
        xml: as the envelope opened it.
        account: the original id of our account, whom it must be for.

    Raises:
        ForgedError: if it is no push, or for another account.
    """
    try:
        message = parse_message(xml)
        data: dict[str, Any] = message._data
        head, body = _Head.model_validate(data), _Body.model_validate(data)
    except (ExpatError, ValidationError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise ForgedError("not_a_push") from None  # wechatpy lets all of these through
    if head.ToUserName != account:
        raise ForgedError("account")
    return Push(
        openid=head.FromUserName,
        kind=head.MsgType.lower(),
        event=(head.Event or "").lower(),
        text=body.Content or body.Recognition or body.Label or "",
        event_key=head.EventKey or "",
        tapped=body.bizmsgmenuid or "",
        created=int(head.CreateTime),
        key=_key(head),
    )


def key_of(account: str, openid: str, *own: str) -> str:
    """Give the key of a push.

    Args:
        account: our original id.
        openid: who did something.
        own: what tells this push from others: of a message its MsgId.
    """
    return sha256("\n".join([account, openid, *own]).encode()).hexdigest()


def _key(head: _Head) -> str:
    """Messages have a MsgId, events have not (Tencent: 接收普通消息, 接收事件推送)."""
    own = (head.MsgId,) if head.MsgId and head.MsgId != "0" else (head.CreateTime, head.Event, head.EventKey)
    return key_of(head.ToUserName, head.FromUserName, *(part or "" for part in own))
