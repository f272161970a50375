"""Looking a case up without an account: by its number, and a secret that only its applicant has.

Wrong and absent are the same answer by the same way: one statement that always gives one row, and one
comparison that takes the same time whatever it compares. `guessing` counts, before and after.

Who has looked a case up holds a token for half an hour. It names the case and nothing else, and dies
with the query code: a new code, and older tokens open nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from itsdangerous import BadData, URLSafeTimedSerializer
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniapp_api.cases.guessing import Way, guesses
from miniapp_api.cases.models import Case
from miniapp_api.cases.receiving import mobile_index, query_index
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings

LASTS = timedelta(minutes=30)
_KIND = "l."
_NOBODY = secrets.token_hex(32)
"""Stands where there is no index; nothing that is given has it."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class LookedUp:
    """A case that somebody may see who is not known.

    Attributes:
        way: how they found it; four digits of a telephone let them do less than the query code.
    """

    case: Case
    way: Way


def look_up(session: Session, number: str, secret: str, way: Way, address: str) -> LookedUp:
    """Find a case.

    Args:
        session: that only reads, without a transaction yet.
        number: with its check digit right.
        secret: the query code, or the end of the telephone number.
        way: which of them.
        address: from where.

    Raises:
        Problem: 404 if there is no such case or that is not its secret; 429, 503: see `Guesses`.
    """
    guesses().count(way, number, address)
    if not _matches(session, number, secret, way):
        session.rollback()
        guesses().failed(way, address)
        log.warning("case_lookup_failed", way=way)
        raise _nothing(way)
    return LookedUp(session.scalars(select(Case).filter_by(number=number)).one(), way)


def token_for(found: LookedUp, now: datetime) -> tuple[str, datetime]:
    """Give a token for what was found, and when it ends."""
    case = found.case
    return _KIND + _serializer().dumps([case.public_id, found.way, _life(case)]), now + LASTS


def find_looked_up(session: Session, token: str) -> LookedUp:
    """Find the case that somebody has looked up.

    Args:
        session: in which the case is to be.
        token: anything at all.

    Raises:
        Problem: 401, the same for a forged, an expired and a dead token.
    """
    try:
        public_id, way, life = _serializer().loads(token.removeprefix(_KIND), max_age=int(LASTS.total_seconds()))
    except BadData:
        raise _expired() from None
    wanted = select(Case).filter_by(public_id=public_id)
    case = session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if case is None or not hmac.compare_digest(life, _life(case)):
        raise _expired()
    return LookedUp(case, way)


def _matches(session: Session, number: str, secret: str, way: Way) -> bool:
    column, given = {
        "code": (Case.query_index, query_index(number, secret)),
        "tail": (Case.mobile_index, mobile_index(number, secret)),
    }[way]
    kept = select(column).where(Case.number == number).scalar_subquery()
    index: str = session.scalars(select(func.coalesce(kept, _NOBODY))).one()
    return hmac.compare_digest(index, given)


def _life(case: Case) -> str:
    """What a token lives as long as: both secrets as they are now."""
    return hashlib.sha256(f"{case.query_index}/{case.mobile_index}".encode()).hexdigest()[:16]


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(
        settings().signing_key,
        salt="daoban.case-look-up",
        signer_kwargs={"key_derivation": "hmac", "digest_method": hashlib.sha256},
    )


def _nothing(way: Way) -> Problem:
    secret = {"code": "查询码", "tail": "手机号后四位"}[way]
    detail = f"没有查到。请对照收件凭证，看看编号和{secret}有没有输错。凭证找不到了，可以带身份证到窗口查。"
    return Problem(404, "lookup_failed", detail)


def _expired() -> Problem:
    detail = "这次查询过了 30 分钟，已经关上了。请再输一次编号和查询码。"
    return Problem(401, "lookup_expired", detail, headers={"WWW-Authenticate": "Bearer"})
