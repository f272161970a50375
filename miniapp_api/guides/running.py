"""A guide in hand: its row, its release and its session, loaded together and saved together."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import CursorResult, select, update
from sqlalchemy.orm import Session

from guidance.session import Entry, Question, Retraction
from guidance.session import Session as Guidance
from guidance.tables import Status
from miniapp_api.accounts.service import Visitor
from miniapp_api.content.service import Release, publish, release
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.guides.answers import decode, encode
from miniapp_api.guides.models import Guide, GuideStep
from miniapp_api.guides.policy import visible_to
from miniapp_api.masking import mask

MAX_STEPS = 500
"""Entries one guide may have; no real one comes near, a machine gone wild does."""


@dataclass
class Running:
    """A guide as a request works on it.

    Attributes:
        guidance: the engine's session; replaced by each step.
        saved: how many entries of its log are in the database.
    """

    row: Guide
    release: Release
    guidance: Guidance
    saved: int

    @property
    def question(self) -> Question | None:
        """What the guide asks now; nothing while a red light stands that was not waved through."""
        return None if self.standing_vetoes else self.guidance.question

    @property
    def state(self) -> str:
        """`asking` or `done`."""
        return "asking" if self.question else "done"

    @property
    def vetoes(self) -> list[str]:
        """The red lights that certainly stand."""
        situation = self.guidance.situation
        return [v for v in self.release.compiled.theme.vetoes if situation.status(v) is Status.NEEDED]

    @property
    def standing_vetoes(self) -> list[str]:
        """The red lights that the citizen has not decided to look past."""
        return [veto for veto in self.vetoes if veto not in self.row.dialogue.get("passed", [])]


def begin(session: Session, visitor: Visitor, newest: Release) -> Running:
    """Begin a guide; the visitor's other guides step back."""
    rest(session, visitor)
    compiled = newest.compiled
    row = Guide(
        visitor_id=visitor.id,
        theme=compiled.theme.id,
        locality=compiled.locality.id,
        release=publish(session, newest),
        dialogue={},
    )
    session.add(row)
    session.flush()
    return Running(row, newest, Guidance(compiled), saved=0)


def rest(session: Session, visitor: Visitor) -> None:
    """Let the chat speak about no guide."""
    session.execute(update(Guide).where(Guide.visitor_id == visitor.id, Guide.active).values(active=False))


def find(session: Session, visitor: Visitor, public_id: str) -> Running:
    """Load a guide of the visitor's.

    Raises:
        Problem: 404, whether it does not exist or is somebody else's.
    """
    row = session.scalar(select(Guide).where(Guide.public_id == public_id, visible_to(visitor)))
    if row is None:
        raise Problem(404, "guide_not_found", "没有找到这次导办，可能已经重新开始过。请回到首页重新开始。")
    return load(session, row)


def latest(session: Session, visitor: Visitor, *, active: bool = True) -> Running | None:
    """The guide that the chat speaks about, or the last one it spoke about."""
    wanted = select(Guide).where(visible_to(visitor)).order_by(Guide.changed_at.desc(), Guide.id.desc()).limit(1)
    row = session.scalar(wanted.where(Guide.active) if active else wanted)
    return None if row is None else load(session, row)


def load(session: Session, row: Guide) -> Running:
    """Load the release and the log of a guide."""
    found = release(session, row.release)
    steps = session.scalars(select(GuideStep).filter_by(guide_id=row.id).order_by(GuideStep.number)).all()
    log = tuple(_entry(step) for step in steps)
    return Running(row, found, Guidance(found.compiled, log), saved=len(log))


def save(session: Session, running: Running, seen: int | None = None) -> Running:
    """Write what was added to the log, and the dialogue; one revision further.

    Args:
        session: the transaction.
        running: with the new `guidance` and `row.dialogue`.
        seen: the revision that the caller saw, if it says so.

    Raises:
        Problem: 409 `stale_revision` if the guide has moved on meanwhile.
    """
    row = running.row
    before = row.revision if seen is None else seen
    if len(running.guidance.log) > MAX_STEPS:
        raise Problem(409, "guide_full", "这次导办改动太多了，请重新开始一次。")
    moved = session.execute(
        update(Guide)
        .where(Guide.id == row.id, Guide.revision == before)
        .values(revision=before + 1, dialogue=row.dialogue, active=row.active, changed_at=utc_now())
    )
    assert isinstance(moved, CursorResult)  # noqa: S101 - an UPDATE gives nothing else
    if moved.rowcount != 1:
        raise stale()
    session.add_all(_rows(running))
    session.flush()
    running.saved = len(running.guidance.log)
    return running


def stale() -> Problem:
    """The error for a caller whose view of the guide is old."""
    return Problem(409, "stale_revision", "这次导办刚刚在别处有了新的回答，请刷新后再继续。")


def _entry(step: GuideStep) -> Entry | Retraction:
    if step.retracts is not None:
        return Retraction(step.turn, step.retracts)
    return Entry(step.turn, step.fact, decode(step.answer), step.source, step.quote)  # type: ignore[arg-type]


def _rows(running: Running) -> Iterable[GuideStep]:
    for number, step in enumerate(running.guidance.log):
        if number < running.saved:
            continue
        if isinstance(step, Retraction):
            yield GuideStep(guide_id=running.row.id, number=number, turn=step.turn, retracts=step.retracts)
        else:
            yield GuideStep(
                guide_id=running.row.id,
                number=number,
                turn=step.turn,
                fact=step.fact,
                answer=encode(step.answer),
                source=step.source,
                quote=mask(step.quote)[:500] if step.quote else None,
            )
