"""Owing citizens messages, in the transaction that causes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from miniapp_api.database import insert_if_new, utc_now
from miniapp_api.outbox.models import OutboxMessage
from miniapp_api.wechat_settings import TOPIC

MAX_TOPIC = 48
MAX_TITLE = 40
MAX_TEXT = 1000
"""Bytes of UTF-8, some 330 characters: with title and link it is one WeChat text."""

MAX_FIELDS = 12
MAX_FIELD = 200
MAX_KEY = 120
_LINK = re.compile(r"/(?!/)[!-~]{0,199}")
_AFTER_ALL = "\U0010ffff"
"""Sorts after every other character, in the order of bytes."""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a citizen is told: plain Chinese, without ID numbers, phone numbers or names.

    Attributes:
        topic: what it is about, such as `appointment.reminder`.
        title: at most 40 characters.
        text: at most 1000 bytes.
        link: path on our web pages, in ASCII.
        fields: for subscribe messages, by the keywords of `MINIPROGRAM_TEMPLATES`; `title` and `text`
            are there without being given.

    Raises:
        ValueError: One of them is out of bounds.
    """

    topic: str
    title: str
    text: str
    link: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        bounds = {
            "topic": len(self.topic) <= MAX_TOPIC and re.fullmatch(TOPIC, self.topic),
            "title": 1 <= len(self.title) <= MAX_TITLE,
            "text": 1 <= len(self.text.encode()) <= MAX_TEXT,
            "link": self.link is None or _LINK.fullmatch(self.link),
            "fields": len(self.fields) <= MAX_FIELDS and all(len(text) <= MAX_FIELD for text in self.fields.values()),
        }
        if wrong := [name for name, good in bounds.items() if not good]:
            raise ValueError(f"a notice out of bounds: {', '.join(wrong)}")


@dataclass(frozen=True, slots=True)
class Owed:
    """A message that a citizen is owed.

    Attributes:
        notice: what to tell.
        dedupe_key: names the one thing to be told; the same key again is nothing new, even if it was withdrawn.
            It begins with the thing it is about and a colon, such as `appointment:17:`, for `withdraw`.
        not_before: nobody sees it before; now, if None.
        not_after: useless from then on, and not sent any more; None for never.

    Raises:
        ValueError: The key is empty or too long, or `not_after` is not after `not_before`.
    """

    notice: Notice
    dedupe_key: str
    not_before: datetime | None = None
    not_after: datetime | None = None

    def __post_init__(self) -> None:
        if not 1 <= len(self.dedupe_key) <= MAX_KEY:
            raise ValueError(f"a key has 1 to {MAX_KEY} characters")
        if self.not_before and self.not_after and self.not_after <= self.not_before:
            raise ValueError("a message that is useless before it may be sent")


def post(
    session: Session,
    visitor_id: int,
    notice: Notice,
    *,
    dedupe_key: str,
    not_before: datetime | None = None,
    not_after: datetime | None = None,
) -> None:
    """Owe a citizen a message. It is sent once this transaction is committed, and never if it is not.

    Args:
        session: in the transaction that causes it, which goes on as it was in any case.
        visitor_id: whom to tell.
        notice: as in `Owed`, like the rest.
        dedupe_key: as in `Owed`.
        not_before: as in `Owed`.
        not_after: as in `Owed`.

    Raises:
        ValueError: as `Owed`.
    """
    post_all(session, visitor_id, [Owed(notice, dedupe_key, not_before, not_after)])


def post_all(session: Session, visitor_id: int, messages: Sequence[Owed]) -> None:
    """Owe a citizen several messages, written together; see `post`."""
    session.flush()
    now = utc_now()
    rows = [_row(visitor_id, message, now) for message in messages]
    if rows:
        session.execute(insert_if_new(session, OutboxMessage), rows)


def _row(visitor_id: int, message: Owed, now: datetime) -> dict[str, Any]:
    due = message.not_before or now
    return {
        "visitor_id": visitor_id,
        "dedupe_key": message.dedupe_key,
        "topic": message.notice.topic,
        "title": message.notice.title,
        "text": message.notice.text,
        "link": message.notice.link,
        "fields": dict(message.notice.fields),
        "not_before": due,
        "not_after": message.not_after,
        "due_at": due,
    }


def withdraw(session: Session, dedupe_prefix: str) -> None:
    """Take back what was not sent yet: it is not sent, and not shown.

    Args:
        session: in the transaction that makes the messages untrue.
        dedupe_prefix: how their keys begin, up to and with a colon: `appointment:1` is also the
            beginning of `appointment:17:`.

    Raises:
        ValueError: The prefix does not end with a colon.
    """
    if not dedupe_prefix.endswith(":"):
        raise ValueError("a prefix ends with a colon")
    key = OutboxMessage.dedupe_key
    theirs = (key >= dedupe_prefix, key < dedupe_prefix + _AFTER_ALL)
    unsent = OutboxMessage.state.in_(("waiting", "leased"))
    session.execute(update(OutboxMessage).where(*theirs, unsent).values(state="withdrawn"))
