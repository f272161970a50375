"""What not coming costs: points that expire, and for a while no weekend or lunch bookings online.

Walking in, booking at the desk and by telephone, and normal hours are never restricted. The figures
are the city's (`catalogue/schedules.yaml`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from miniapp_api.appointments.acting import VISITOR, Act
from miniapp_api.appointments.models import AttendanceMark, Booking, BookingEvent, Restriction
from miniapp_api.database import add_if_new
from miniapp_api.errors import Problem

STANDING = ("standing", "appealed", "upheld")


def mark(act: Act, booking: Booking, kind: str) -> None:
    """Note that a place was not used, once for a booking; restrict whoever has too many points.

    Bookings that staff made, and those of elderly people, are exempt.
    """
    conduct, now = act.schedules.conduct, act.now
    points = conduct.no_show_points if kind == "no_show" else conduct.late_cancel_points
    if not points or not booking.online or booking.care:
        return
    row = AttendanceMark(
        booking_id=booking.id,
        subject_key=booking.subject_key,
        kind=kind,
        halves=int(points * 2),
        at=now,
        expires_at=now + timedelta(days=conduct.counted_days),
    )
    if not add_if_new(act.session, row):  # it is noted already
        return
    if points_of(act.session, booking.subject_key, now) >= conduct.limit_points:
        until = now + timedelta(days=conduct.restricted_days)
        act.session.add(Restriction(subject_key=booking.subject_key, from_at=now, until_at=until))
        act.session.flush()


def points_of(session: Session, subject_key: str, now: datetime) -> float:
    """Points of a person that count now: not expired, not waived, not spent on an earlier restriction."""
    return _points(session, subject_key, now, AttendanceMark.at > _latest(session, subject_key))


def _points_restricting(session: Session, subject_key: str, now: datetime) -> float:
    """The points for which a person is restricted, as far as they are not waived."""
    latest = _latest(session, subject_key)
    spent = _latest(session, subject_key, Restriction.from_at < latest)
    return _points(session, subject_key, now, AttendanceMark.at <= latest, AttendanceMark.at > spent)


def _latest(session: Session, subject_key: str, *which: ColumnElement[bool]) -> datetime:
    """When a person was restricted last; long ago if never."""
    began = select(func.max(Restriction.from_at)).where(Restriction.subject_key == subject_key, *which)
    return session.scalar(began) or datetime(1970, 1, 1, tzinfo=UTC)


def _points(session: Session, subject_key: str, now: datetime, *which: ColumnElement[bool]) -> float:
    counted = select(func.coalesce(func.sum(AttendanceMark.halves), 0)).where(
        AttendanceMark.subject_key == subject_key,
        AttendanceMark.expires_at > now,
        AttendanceMark.waived_by.is_(None),
        *which,
    )
    return (session.scalar(counted) or 0) / 2


def marks_of(session: Session, subject_keys: Sequence[str], now: datetime) -> Sequence[AttendanceMark]:
    """The marks of some people that have not expired, newest first."""
    wanted = select(AttendanceMark).where(AttendanceMark.subject_key.in_(subject_keys), AttendanceMark.expires_at > now)
    return session.scalars(wanted.order_by(AttendanceMark.at.desc())).all()


def restriction_of(session: Session, subject_key: str, now: datetime) -> Restriction | None:
    """What restricts a person now, if anything does."""
    wanted = select(Restriction).where(
        Restriction.subject_key == subject_key, Restriction.until_at > now, Restriction.state.in_(STANDING)
    )
    return session.scalars(wanted.order_by(Restriction.until_at.desc()).limit(1)).first()


def cancels_of(session: Session, subject_key: str, now: datetime) -> int:
    """How often a person cancelled a confirmed booking in the last 30 days."""
    wanted = (
        select(func.count())
        .select_from(BookingEvent)
        .join(Booking, Booking.id == BookingEvent.booking_id)
        .where(
            Booking.subject_key == subject_key,
            BookingEvent.after == "cancelled",
            BookingEvent.before == "confirmed",
            BookingEvent.actor == str(VISITOR),
            BookingEvent.at > now - timedelta(days=30),
        )
    )
    return session.scalar(wanted) or 0


def waive(act: Act, booking_id: int, reason: str) -> None:
    """Take back the points of a booking; what they restricted ends if too few are left.

    Raises:
        Problem: 404 if there are none.
    """
    taken = update(AttendanceMark).where(AttendanceMark.booking_id == booking_id, AttendanceMark.waived_by.is_(None))
    session, values = act.session, {"waived_by": str(act.actor), "waive_reason": reason}
    if session.execute(taken.values(values), execution_options={"synchronize_session": False}).rowcount != 1:
        raise Problem(404, "mark_not_found", "这个预约没有记分，或者已经免除了。")
    subject = session.scalar(select(Booking.subject_key).where(Booking.id == booking_id))
    lift = update(Restriction).where(Restriction.subject_key == subject, Restriction.state.in_(STANDING))
    if _points_restricting(session, subject, act.now) < act.schedules.conduct.limit_points:
        session.execute(
            lift.values(state="lifted", decided_by=str(act.actor)), execution_options={"synchronize_session": False}
        )


def appeal(session: Session, restriction: Restriction, text: str) -> None:
    """Say something against a restriction, once.

    Raises:
        Problem: 409 if it was said already, or decided.
    """
    swap = update(Restriction).where(Restriction.id == restriction.id, Restriction.state == "standing")
    if session.execute(swap.values(state="appealed", appeal=text)).rowcount != 1:
        raise Problem(409, "appealed_already", "您已经申诉过了，大厅会尽快处理；急事请打电话或到窗口。")


def decide(act: Act, restriction: Restriction, *, lift: bool) -> None:
    """Decide an appeal.

    Raises:
        Problem: 409 if there is none, or it was decided already.
    """
    swap = update(Restriction).where(Restriction.id == restriction.id, Restriction.state == "appealed")
    values = {"state": "lifted" if lift else "upheld", "decided_by": str(act.actor)}
    if act.session.execute(swap.values(values)).rowcount != 1:
        raise Problem(409, "nothing_to_decide", "没有待处理的申诉，可能同事已经处理了，请刷新。")
