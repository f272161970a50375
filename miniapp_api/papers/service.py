"""Use cases of papers, and the only module of it that others may import."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import inspect, select, update
from sqlalchemy.orm import Session, undefer

from miniapp_api import vault
from miniapp_api.calendar.service import CHINA
from miniapp_api.database import READ_ONLY, utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, reading, settings
from miniapp_api.holdings import SealedColumn, changed
from miniapp_api.numbering.service import take
from miniapp_api.papers.composing import Content, compose
from miniapp_api.papers.files import Issuer
from miniapp_api.papers.fonts import MissingCharacterError
from miniapp_api.papers.installation import init_app, press
from miniapp_api.papers.kinds import FACTS, KINDS, FactType
from miniapp_api.papers.models import MAX_REASON, Paper
from miniapp_api.papers.rendering import Job, draw
from miniapp_api.papers.seals import Mark, SealProvider
from miniapp_api.signed_codes import service as codes

__all__ = [
    "FACTS",
    "KINDS",
    "SEALED_COLUMNS",
    "FactType",
    "Mark",
    "MissingCharacterError",
    "Paper",
    "SealProvider",
    "by_code",
    "erase",
    "facts_of",
    "find",
    "init_app",
    "issue",
    "papers_of",
    "pdf",
    "titles",
    "void",
]

SEALED_COLUMNS = (SealedColumn(Paper.sealed, Paper.public_id), SealedColumn(Paper.pdf, Paper.public_id))
"""For the holding of the domain whose papers they are."""

_SEALED, _PDF = (column.purpose for column in SEALED_COLUMNS)


def titles() -> dict[str, str]:
    """Give what each kind of paper is called."""
    return {kind: press().file.papers[kind].title for kind in KINDS}


def issue(
    session: Session,
    kind: str,
    facts: Mapping[str, Any],
    *,
    subject: str,
    actor: str,
    now: datetime,
    locality: str | None = None,
) -> Paper:
    """Issue a paper, in the transaction that causes it.

    What it says is settled here; it is drawn when somebody first asks for it. The series of its
    number stays locked until the transaction ends.

    Args:
        session: that writes.
        kind: one of `KINDS`.
        facts: by name, as `KINDS[kind]` and `FACTS` say; None counts as not given.
        subject: public id of what it is about, at most 64 characters.
        actor: public id of who issues it, or what does; at most 80 characters.
        now: the moment of issue.
        locality: whose bureau issues it; by default that of the installation.

    Returns:
        Its row, flushed.

    Raises:
        ValueError: Facts are missing, unknown or of the wrong type, which it names; or nobody issues papers there.
        MissingCharacterError: A character of the facts cannot be printed; its text is for the clerk.
        Problem: 503 if no code can be issued.
    """
    tools, day = press(), now.astimezone(CHINA).date()
    issuer = _issuer(locality or settings().default_locality)
    content = compose(tools.file, issuer, kind, facts, day)
    series, pattern = _series(tools.file.papers[kind].number, issuer, day)
    tools.fonts.check(content.texts())
    code = codes.issue(session, KINDS[kind].code)
    number = pattern.replace("{serial}", f"{take(session, series):05d}")
    paper = Paper(
        kind=kind,
        title=content.title,
        number=number,
        series=series,
        subject=subject,
        code_id=code.id,
        issued_at=now,
        issued_by=actor,
        sample=tools.seal is None,
    )
    session.add(paper)
    session.flush()
    told = {"facts": facts, "content": replace(content, number=number).to_json()}
    paper.sealed = vault.seal(_SEALED, paper.public_id, json.dumps(told, ensure_ascii=False, default=_plain))
    session.flush()
    return paper


def pdf(session: Session, paper: Paper) -> bytes:
    """Give a paper as a signed document: drawn at the first request, and the same bytes ever after.

    Drawing takes some tenths of a second, so nothing may be locked meanwhile: ask after the
    transaction that issued the paper, and not in one that writes.

    Args:
        session: that only reads, or is in no transaction.
        paper: that was committed.

    Raises:
        RuntimeError: The session is in a transaction that writes.
        Problem: 410 if it was erased; 503 if the bureau's seal is not there at the moment.
    """
    if session.in_transaction() and not session.get_bind().get_execution_options().keys() >= READ_ONLY.keys():
        raise RuntimeError("a paper is drawn outside transactions that write")
    stored = _stored(paper)  # not `paper` itself, which may have expired: to load it would lock
    if stored.pdf is None:
        made = vault.seal_bytes(_PDF, stored.public_id, _made(stored))
        with Session(db.engine) as own, own.begin():
            first = update(Paper).where(Paper.id == stored.id, Paper.pdf.is_(None), Paper.sealed.is_not(None))
            own.execute(first.values(pdf=made, made_at=utc_now()))
        stored = _stored(paper)  # somebody else may have been first
    if stored.pdf is None:
        raise _erased()
    return vault.unseal_bytes(_PDF, stored.public_id, stored.pdf)


def void(session: Session, paper: Paper, reason: str) -> None:
    """Declare that a paper counts no longer, and its code neither; once void it stays as it is.

    Args:
        session: that writes.
        paper: whose number stays taken.
        reason: for staff, without anything personal, 1 to 200 characters.

    Raises:
        ValueError: There is no reason, or it is too long.
    """
    if not 1 <= len(reason.strip()) <= MAX_REASON:
        raise ValueError(f"a reason has 1 to {MAX_REASON} characters")
    session.flush()
    still = update(Paper).where(Paper.id == paper.id, Paper.voided_at.is_(None))
    if changed(session, still.values(voided_at=utc_now(), void_reason=reason.strip())):
        codes.revoke(session, paper.code_id, reason.strip())
    session.refresh(paper, ["voided_at", "void_reason"])


def papers_of(session: Session, subject: str) -> list[Paper]:
    """List the papers about something, in the order in which they were issued, void ones too."""
    return list(session.scalars(select(Paper).where(Paper.subject == subject).order_by(Paper.id)))


def find(session: Session, public_id: str) -> Paper | None:
    """Find a paper by its public id."""
    return session.scalar(select(Paper).where(Paper.public_id == public_id))


def by_code(session: Session, code_id: str) -> Paper | None:
    """Find the paper that a signed code stands on."""
    return session.scalar(select(Paper).where(Paper.code_id == code_id))


def facts_of(paper: Paper) -> dict[str, Any]:
    """Give the facts of a paper: days and moments as ISO 8601, everything else as it was given.

    Raises:
        Problem: 410 if they were erased.
    """
    facts: dict[str, Any] = _told(paper)["facts"]
    return facts


def erase(session: Session, subject: str) -> int:
    """Erase what the papers about something say; that they were issued, and their numbers, stays.

    Returns:
        How many.
    """
    session.flush()
    about = update(Paper).where(Paper.subject == subject, Paper.sealed.is_not(None))
    return changed(session, about.values(sealed=None, pdf=None))


def _issuer(locality: str) -> Issuer:
    issuer = press().file.issuers.get(locality)
    if issuer is None:
        raise ValueError(f"nobody issues papers in {locality}")
    return issuer


def _series(number: str, issuer: Issuer, day: date) -> tuple[str, str]:
    """Give the series of a number, and the number but for its place in it."""
    pattern = number.replace("{short}", issuer.short).replace("{year}", str(day.year))
    return "paper:" + pattern.replace("{serial}", ""), pattern


def _plain(value: Any) -> str:
    """Write what JSON has no form for."""
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(f"facts hold no {type(value).__name__}")


def _told(paper: Paper) -> dict[str, Any]:
    if paper.sealed is None:
        raise _erased()
    told: dict[str, Any] = json.loads(vault.unseal(_SEALED, paper.public_id, paper.sealed))
    return told


def _stored(paper: Paper) -> Paper:
    """Read a paper as it is stored, with its document."""
    [id_] = inspect(paper).identity
    with reading() as look:
        return look.get_one(Paper, id_, options=[undefer(Paper.pdf)])


def _made(paper: Paper) -> bytes:
    """Draw and sign a paper."""
    content = Content.from_json(_told(paper)["content"])
    with reading() as look:
        code = look.get_one(codes.SignedCode, paper.code_id)
    seal = press().sample if paper.sample else press().seal
    if seal is None:
        raise Problem(503, "no_seal", "现在不能盖章，请稍后再试，或者到窗口领取。")
    job = Job(content, codes.link_of(code), seal.mark(), paper.issued_at, void=paper.voided_at is not None)
    return seal.sign(draw(job, press().fonts), f"{content.title} {content.number}")


def _erased() -> Problem:
    return Problem(410, "paper_erased", "这份文书的内容已经按规定删除，看不到了。需要的话，请到窗口查档案。")
