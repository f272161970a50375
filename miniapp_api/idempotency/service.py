"""Use cases of idempotency."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.database import add_if_new
from miniapp_api.errors import Problem
from miniapp_api.idempotency import erasing
from miniapp_api.idempotency.models import Answered

MAX_KEY = 64
MAX_CALLERS_KEY = 255


def init_app(app: Flask) -> None:
    """Say what is kept of somebody."""
    holdings.register(app, erasing.HOLDING)


def once(session: Session, visitor_id: int, key: str, act: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Act under a key, or give the answer of the time when it was done.

    The claim, the effects of `act` and its answer are one transaction. A second caller waits for
    the first: if that commits, it gets the stored answer; if that rolls back, it acts itself.

    Args:
        session: The session in whose transaction `act` works.
        visitor_id: Whose key it is; keys of others are others.
        key: Up to `MAX_KEY` characters that name the one thing to be done.
        act: Does it and answers with what JSON can hold.

    Returns:
        The answer of the one time it was done.
    """
    claim = Answered(visitor_id=visitor_id, key=key)
    if not add_if_new(session, claim):
        return session.get_one(Answered, (visitor_id, key)).answer or {}
    claim.answer = act()
    return claim.answer


@dataclass(frozen=True, slots=True)
class Keyed:
    """A request under an Idempotency-Key.

    Attributes:
        operation: short name; the same key for another operation is another key.
        key: the header, up to `MAX_CALLERS_KEY` characters.
        request: what the caller wants, as JSON can hold it.
    """

    operation: str
    key: str | None
    request: Any


def once_per_request(
    session: Session, visitor_id: int, keyed: Keyed, act: Callable[[], dict[str, Any]]
) -> dict[str, Any]:
    """Act once for all requests that come under the same Idempotency-Key.

    What was refused is not kept: the same key may be tried again.

    Args:
        session: as `once`.
        visitor_id: as `once`.
        keyed: the request.
        act: as `once`.

    Returns:
        The answer of the one time.

    Raises:
        Problem: 400 without a usable key; 422 if the key stood for another request before.
    """
    if not keyed.key or len(keyed.key) > MAX_CALLERS_KEY:
        detail = "请在请求头 Idempotency-Key 里放一个随机的字符串，同一次操作重试时用同一个。"
        raise Problem(400, "idempotency_key_missing", detail)
    digest = hashlib.sha256(json.dumps(keyed.request, sort_keys=True, default=str).encode()).hexdigest()
    named = f"{keyed.operation}.{hashlib.sha256(keyed.key.encode()).hexdigest()}"[:MAX_KEY]
    kept = once(session, visitor_id, named, lambda: {"request": digest, "answer": act()})
    if kept["request"] != digest:
        raise Problem(422, "idempotency_key_reused", "这个 Idempotency-Key 已经用在别的操作上了，请换一个新的。")
    answer: dict[str, Any] = kept["answer"]
    return answer
