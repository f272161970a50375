"""One citizen in two places: by their own act, where no unionid tells it.

In the official account they ask for a code; where else they are (mini-program, web), they give it.
"""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor, merge
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.wechat.models import JoinCode, WeChatIdentity

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Nothing that can be taken for something else."""

LENGTH = 8
LASTING = timedelta(minutes=10)


def new_code(session: Session, identity: WeChatIdentity) -> str:
    """Make a code for a citizen; any earlier one of theirs is void."""
    now = utc_now()
    void = (JoinCode.identity_id == identity.id) | (JoinCode.expires_at < now)
    session.execute(delete(JoinCode).where(void))
    code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    session.add(JoinCode(digest=_digest(code), identity_id=identity.id, expires_at=now + LASTING))
    return code


def join_by_code(session: Session, visitor: Visitor, code: str) -> None:
    """Make the caller and the citizen who was given the code one; the older of the two stays.

    Raises:
        Problem: 422 `code_invalid`, the same for an unknown, a used and an expired code.
    """
    digest = _digest(code.strip().upper())
    row = session.get(JoinCode, digest)
    used = session.execute(delete(JoinCode).where(JoinCode.digest == digest, JoinCode.expires_at > utc_now()))
    if row is None or used.rowcount != 1:
        detail = "关联码不对或已过期。请在公众号里重新发“绑定小程序”，十分钟内填写新的码。"
        raise Problem(422, "code_invalid", detail, invalid_params=[("code", "不对或已过期")])
    identity = session.scalars(select(WeChatIdentity).filter_by(id=row.identity_id)).one()
    older, newer = sorted((identity.visitor_id, visitor.id))
    if older != newer:
        merge(session, into=session.get_one(Visitor, older), gone=session.get_one(Visitor, newer))


def _digest(code: str) -> str:
    return sha256(code.encode()).hexdigest()
