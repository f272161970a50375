"""Whether a session takes place for which enough people must have booked: decided once, at its cut-off."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from miniapp_api.appointments import claiming
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.generating import close_session
from miniapp_api.appointments.models import Booking, SessionRun, Slot
from miniapp_api.sites.service import Pool

LIVE_OR_DONE = ("confirmed", "checked_in", "served")


def decide(act: Act, *, most: int = 10) -> list[SessionRun]:
    """Decide about some of the sessions whose cut-off is past; those with too few bookings are closed.

    Returns:
        What was decided.
    """
    decided = []
    due = _due(act, most)
    claiming.alone(act.session, *(pool_id for pool_id, *_ in due))
    for pool_id, day, kind, rule in due:
        pool = act.session.get_one(Pool, pool_id)
        needs = _needs(act, pool, rule)
        booked = _booked(act.session, pool_id, day, kind)
        run = SessionRun(
            pool_id=pool_id,
            day=day,
            session=kind,
            state="on" if booked >= needs else "off",
            bookings=booked,
            decided_at=act.now,
        )
        act.session.add(run)
        act.session.flush()
        if run.state == "off":
            close_session(act, pool, day, kind)
        decided.append(run)
    return decided


def roster(session: Session, pool_ids: Sequence[int]) -> Sequence[SessionRun]:
    """The sessions that take place, for the duty roster, the next first."""
    wanted = select(SessionRun).where(SessionRun.pool_id.in_(pool_ids), SessionRun.state == "on")
    return session.scalars(wanted.order_by(SessionRun.day, SessionRun.pool_id)).all()


def _due(act: Act, most: int) -> Sequence[tuple[int, object, str, str]]:
    """Weekend and lunch sessions past their cut-off that are not decided: (pool, day, session, rule).

    Where somebody still fills in their form, it is decided when they have confirmed or their time is up.
    """
    decided = select(SessionRun.pool_id).where(
        SessionRun.pool_id == Slot.pool_id, SessionRun.day == Slot.day, SessionRun.session == Slot.session
    )
    held = select(Booking.id).where(
        Booking.pool_id == Slot.pool_id,
        Booking.day == Slot.day,
        Booking.session == Slot.session,
        Booking.status == "held",
    )
    wanted = (
        select(Slot.pool_id, Slot.day, Slot.session, func.min(Slot.rule))
        .where(
            Slot.session.in_(("weekend", "lunch")),
            Slot.status == "open",
            Slot.day >= act.today,
            ~decided.exists(),
            ~held.exists(),
        )
        .group_by(Slot.pool_id, Slot.day, Slot.session)
        .having(func.max(Slot.book_until) <= act.now)
    )
    return act.session.execute(wanted.order_by(Slot.day, Slot.pool_id).limit(most)).all()


def _needs(act: Act, pool: Pool, rule: str) -> int:
    known = {each.id: each.needs for each in act.schedules.schedules.get(pool.schedule or "", ())}
    return known.get(rule, 0)


def _booked(session: Session, pool_id: int, day: object, kind: str) -> int:
    wanted = (
        select(func.count())
        .select_from(Booking)
        .where(
            Booking.pool_id == pool_id,
            Booking.day == day,
            Booking.session == kind,
            Booking.status.in_(LIVE_OR_DONE),
        )
    )
    return session.scalar(wanted) or 0
