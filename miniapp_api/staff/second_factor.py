"""Second factors: a phone that computes codes, and ten codes on paper for when it is lost."""

from __future__ import annotations

import re
import secrets
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from miniapp_api import vault
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.staff import sessions, signing_in, totp
from miniapp_api.staff.duties import duties_of
from miniapp_api.staff.models import StaffFactor, StaffMember, StaffRecoveryCode
from miniapp_api.staff.roles import Duty, Role

RECOVERY_CODES = 10

PENDING_FOR = timedelta(minutes=15)
"""How long a secret waits for its first code."""

NEEDED_FOR = frozenset({Duty.REVIEW, Duty.SUPERVISE, Duty.GOVERNMENT})
"""Duties that decide something about a case."""

_PURPOSE = "staff_factors.secret"
_RECOVERY = "staff_recovery_codes.digest"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS = 3
_CODE = re.compile("[0-9]{6}")
_LONGEST = 40

_WRONG = (
    "验证码不对，或者这个账号现在不能用。请等手机上换了一个码再试；"
    f"连续 {signing_in.MOST_FAILURES} 次不对，要等 {signing_in.LOCKED_FOR.seconds // 60} 分钟。"
)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class FactorState:
    """What the page about somebody's second factor shows.

    Attributes:
        since: when the phone was bound, None if there is none.
        codes_left: recovery codes that have not been used.
        pending: the secret that waits for its first code, None if none does.
        address: what the phone scans for it.
    """

    since: datetime | None
    codes_left: int
    pending: str | None = None
    address: str | None = None


def is_required(member: StaffMember) -> bool:
    """Tell whether somebody may not work without a second factor, by STAFF_SECOND_FACTOR."""
    rule = settings().staff_second_factor
    if rule == "duties" and not settings().daoban_demo:
        return member.role is Role.ADMIN or bool(duties_of(member) & NEEDED_FOR)
    return rule == "all"


def is_bound(session: Session, member: StaffMember) -> bool:
    """Tell whether somebody has a second factor."""
    return session.scalar(select(StaffFactor.secret).where(StaffFactor.member_id == member.id)) is not None


def state(session: Session, member: StaffMember) -> FactorState:
    """Tell how it stands with somebody's second factor."""
    factor = session.get(StaffFactor, member.id, populate_existing=True)
    mine = select(func.count()).where(StaffRecoveryCode.member_id == member.id)
    since, left = factor and factor.confirmed_at, session.scalar(mine) or 0
    secret = _pending(member, factor)
    if secret is None:
        return FactorState(since, left)
    issuer = settings().bureau_name or "导办"
    return FactorState(since, left, secret, totp.address(secret, member.username, issuer))


def bind(session: Session, member: StaffMember, code: str = "") -> None:
    """Make a secret for a phone; it counts once `confirm` has seen a code of it. Commits as `sign_in` does.

    Args:
        session: of the request.
        member: whose phone.
        code: of the phone of before, or a recovery code, if there is one.

    Raises:
        Problem: 422 if there is a phone and the code is not right.
    """
    if is_bound(session, member):
        prove(session, member, code)
    factor = session.get(StaffFactor, member.id) or StaffFactor(member_id=member.id)
    factor.pending, factor.pending_at = vault.seal(_PURPOSE, member.public_id, totp.new_secret()), utc_now()
    session.add(factor)
    session.flush()


def confirm(session: Session, member: StaffMember, token: str, code: str) -> list[str]:
    """Take a first code as proof that the phone has the secret: from now on it is asked for.

    All other sessions end; the one of `token` has shown a second factor.

    Returns:
        The recovery codes, which nobody can see again.

    Raises:
        Problem: 409 if no secret waits; 422 if the code is not right.
    """
    factor = session.get(StaffFactor, member.id, populate_existing=True, with_for_update=True)
    secret = _pending(member, factor)
    if factor is None or secret is None:
        raise Problem(409, "nothing_to_confirm", "这个二维码放得太久了。请重新开始，再扫一次。")
    counter = totp.matching(secret, _plain(code), utc_now(), after=0)
    if counter is None:
        raise Problem(
            422,
            "wrong_code",
            "验证码不对，没有绑定。请看手机上现在的 6 位数字，再输一次；总是不对，请把手机的时间设成自动。",
        )
    factor.secret, factor.confirmed_at, factor.counter = factor.pending, utc_now(), counter
    factor.pending = factor.pending_at = None
    sessions.end_all(session, member, but=token)
    sessions.strengthen(session, token)
    log.info("second_factor_bound", staff=member.public_id)
    return _new_recovery_codes(session, member)


def renew_recovery_codes(session: Session, member: StaffMember, code: str) -> list[str]:
    """Give somebody ten other recovery codes; those of before are good no more. Commits as `sign_in` does.

    Raises:
        Problem: 422 if the code is not right.
    """
    prove(session, member, code)
    return _new_recovery_codes(session, member)


def take_away(session: Session, member: StaffMember) -> bool:
    """Take away the second factor of somebody who lost it, and sign them out everywhere.

    Returns:
        Whether there was one.
    """
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.member_id == member.id))
    gone = session.scalars(delete(StaffFactor).where(StaffFactor.member_id == member.id).returning(StaffFactor.secret))
    had = any(gone)
    sessions.end_all(session, member)
    log.warning("second_factor_removed", staff=member.public_id, had=had)
    return had


def prove(session: Session, member: StaffMember, code: str) -> None:
    """Have somebody show their second factor. Commits: an attempt counts whatever comes of it.

    Raises:
        Problem: 422, the same for a wrong code, a used one, a locked and a disabled account.
    """
    attempt = signing_in.count(session, member.username)
    session.commit()
    allowed = attempt and attempt.active and attempt.failures <= signing_in.MOST_FAILURES
    if not (allowed and _passes(session, member, _plain(code))):
        log.warning("second_factor_failed", staff=member.public_id)
        raise Problem(422, "wrong_code", _WRONG)
    signing_in.forgive(session, member)


def _passes(session: Session, member: StaffMember, code: str) -> bool:
    """Use up a code of the phone or of the paper, if it is good: of several who show it at once, one passes."""
    if not _CODE.fullmatch(code):
        used = delete(StaffRecoveryCode).where(StaffRecoveryCode.digest == _digest(member, code))
        return session.scalar(used.returning(StaffRecoveryCode.digest)) is not None
    wanted = select(StaffFactor.secret, StaffFactor.counter).where(StaffFactor.member_id == member.id)
    kept, last = session.execute(wanted).one_or_none() or (None, 0)
    if kept is None:
        return False
    counter = totp.matching(vault.unseal(_PURPOSE, member.public_id, kept), code, utc_now(), last)
    if counter is None:
        return False
    using = (
        update(StaffFactor)
        .where(StaffFactor.member_id == member.id, StaffFactor.secret == kept, StaffFactor.counter < counter)
        .values(counter=counter)
        .returning(StaffFactor.member_id)
        .execution_options(synchronize_session=False)
    )
    return session.scalar(using) is not None


def _pending(member: StaffMember, factor: StaffFactor | None) -> str | None:
    """The secret that waits for a first code, unless it has waited for too long."""
    if factor is None or factor.pending is None or factor.pending_at is None:
        return None
    if utc_now() - factor.pending_at >= PENDING_FOR:
        return None
    return vault.unseal(_PURPOSE, member.public_id, factor.pending)


def _new_recovery_codes(session: Session, member: StaffMember) -> list[str]:
    """Replace all recovery codes by ten of 59 bits each."""
    session.execute(delete(StaffRecoveryCode).where(StaffRecoveryCode.member_id == member.id))
    codes = ["-".join(_letters(4) for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]
    session.add_all(StaffRecoveryCode(digest=_digest(member, _plain(code)), member_id=member.id) for code in codes)
    session.flush()
    return codes


def _letters(how_many: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(how_many))


def _digest(member: StaffMember, code: str) -> str:
    return vault.blind_index(_RECOVERY, f"{member.public_id}:{code}")


def _plain(code: str) -> str:
    """Read a code as it was meant: full-width digits, blanks and hyphens are how people type."""
    return re.sub(r"[\s\-–—]", "", unicodedata.normalize("NFKC", code[:_LONGEST])).lower()
