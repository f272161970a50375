"""Use cases of idempotency."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api.idempotency.models import Answered

MAX_KEY = 64


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
    try:
        with session.begin_nested():
            session.add(claim)
    except IntegrityError:
        return session.get_one(Answered, (visitor_id, key)).answer or {}
    claim.answer = act()
    return claim.answer
