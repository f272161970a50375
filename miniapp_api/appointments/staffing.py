"""What staff do: book for somebody who called or came, decide about days, waive points, answer appeals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, update

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, claiming, conduct, generating, listing, places, running, view
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import Visit
from miniapp_api.appointments.booking import Request, Subject
from miniapp_api.appointments.generating import Report
from miniapp_api.appointments.looking import Place
from miniapp_api.appointments.models import AttendanceMark, Booking, DayOverride, Restriction, SessionRun
from miniapp_api.appointments.schedules import Rule
from miniapp_api.errors import Problem
from miniapp_api.people.service import age, identify
from miniapp_api.sites.service import Pool, Site


@dataclass(frozen=True, slots=True)
class DeskBooking:
    """What somebody at the desk or on the telephone wants.

    Attributes:
        care: in need of care, for another reason than age.
        channel: `desk` or `phone`.
    """

    pool: str
    service: str
    day: date
    start: int
    name: str
    number: str
    channel: str
    care: bool = False


def book(act: Act, wish: DeskBooking) -> Booking:
    """Book for somebody, of the whole quota and without the rules that are for booking online.

    Raises:
        Problem: 409 with other times if it cannot be had; 422 if something does not fit.
    """
    identity = identify(wish.name, wish.number)
    elderly = age(identity.born, act.today) >= act.schedules.conduct.exempt_age
    pool = places.pool_named(act.session, wish.pool)
    visit = places.visit_to(act.session, pool, places.service_named(wish.service).id, online=False)
    subject = Subject(identity.subject_key, identity.name_mask, care=elderly or wish.care)
    request = Request(
        subject, wish.service, pool, visit.units, wish.day, start=wish.start, channel=wish.channel, online=False
    )
    return making.book(act, request)


def times(act: Act, pool: Pool, service: str) -> dict[date, list[int]]:
    """The times at which staff may book a service of a pool; see `listing.staff_times`.

    Raises:
        Problem: 422 if the pool does not accept it.
    """
    return listing.staff_times(act, _visit(act, pool, service))


def times_for(act: Act, booking: Booking) -> dict[date, list[int]]:
    """The times to which staff may move a booking, at the counters where it is."""
    visit = _visit(act, act.session.get_one(Pool, booking.pool_id), booking.service)
    return listing.staff_times(act, visit, online=booking.online)


def move(act: Act, booking: Booking, day: date, start: int) -> Booking:
    """Move a booking to another time at the same counters, however often it was moved before.

    Raises:
        Problem: 409 with other times if that cannot be had, or the booking is over.
    """
    visit = _visit(act, act.session.get_one(Pool, booking.pool_id), booking.service)
    return changing.reschedule(act, booking, Place(visit, day, start))


def cancel(act: Act, booking: Booking) -> Booking:
    """Cancel a booking for somebody who asked for it, which is never held against them.

    Raises:
        Problem: 409 if it is over.
    """
    return changing.cancel(act, booking)


def note_missed(act: Act, booking: Booking) -> None:
    """Note that nobody came, before the sweep does.

    Raises:
        Problem: 409 while they may still check in, or if they did.
    """
    if booking.status == "confirmed" and not changing.is_past(act, booking, changing.policy_of(act, booking)):
        raise Problem(409, "may_still_come", "还没有过签到的时间，人可能还会来。请过了时间再记。")
    if booking.status != "confirmed" or changing.missed(act, booking.id) is None:
        raise changing.over(act, booking)


def shown(act: Act, booking: Booking) -> dict[str, Any]:
    """A booking in words (`schemas.BookingOut`)."""
    return view.booking(act, booking, [])


@dataclass(frozen=True, slots=True)
class Decision:
    """What is decided about a day.

    Attributes:
        site: whose.
        pool: only this one, None for the whole site.
        action: `close`, `open` or `cap`.
        part: minutes of the day, None for all of it.
        rule: for `open`, after the manner of which rule of the schedule.
        cap_total: for `cap`, how many may come to each slot.
        reason: for citizens.
    """

    site: Site
    pool: Pool | None
    day: date
    action: str
    reason: str
    part: tuple[int, int] | None = None
    rule: str | None = None
    cap_total: int | None = None
    cap_online: int | None = None


def decide(act: Act, decision: Decision) -> Report:
    """Decide about a day, and bring its slots in line; whoever loses a booking is told.

    Raises:
        Problem: 422 if the day is past or the decision makes no sense.
    """
    if decision.day < act.today:
        raise Problem(422, invalid_params=[("day", "日子已经过了，请选今天以后的")])
    if decision.action == "open" and not decision.rule:
        raise Problem(422, invalid_params=[("rule", "请选按哪一场的时间开放")])
    if decision.action == "cap" and decision.cap_total is None:
        raise Problem(422, invalid_params=[("cap_total", "请填每个时段几个号")])
    pools = _alone_with(act, decision.site.id, decision.pool.id if decision.pool else None)
    start, end = decision.part or (None, None)
    row = DayOverride(
        site_id=decision.site.id,
        pool_id=decision.pool.id if decision.pool else None,
        day=decision.day,
        action=decision.action,
        start=start,
        end=end,
        rule=decision.rule,
        cap_total=decision.cap_total,
        cap_online=decision.cap_online,
        reason=decision.reason,
        actor=str(act.actor),
        created_at=act.now,
    )
    act.session.add(row)
    act.session.flush()
    return _bring_in_line(act, pools, decision.day)


def withdraw(act: Act, site: Site, override_id: int) -> Report:
    """Take a decision back; bookings that it ended stay ended.

    Raises:
        Problem: 404 if the site has no such decision, or it is withdrawn already.
    """
    row = act.session.scalar(select(DayOverride).filter_by(id=override_id, site_id=site.id))
    pools = _alone_with(act, site.id, row.pool_id if row else None)
    swap = update(DayOverride).where(DayOverride.id == override_id, DayOverride.withdrawn_at.is_(None))
    if row is None or act.session.execute(swap.values(withdrawn_at=act.now)).rowcount != 1:
        raise Problem(404, "decision_not_found", "没有这条安排，或者已经撤销了，请刷新。")
    return _bring_in_line(act, pools, row.day)


def decisions(act: Act, site: Site) -> Sequence[DayOverride]:
    """What was decided about days to come, in order of the days."""
    wanted = select(DayOverride).where(
        DayOverride.site_id == site.id, DayOverride.day >= act.today, DayOverride.withdrawn_at.is_(None)
    )
    return act.session.scalars(wanted.order_by(DayOverride.day, DayOverride.id)).all()


def rehearse(act: Act, decide_so: Callable[[], Report]) -> Report:
    """Tell what a decision would change: it is made, and undone.

    Raises:
        Problem: as the decision.
    """
    savepoint = act.session.begin_nested()
    report = decide_so()
    savepoint.rollback()
    return report


def named(act: Act, public_ids: Sequence[str]) -> Sequence[Booking]:
    """The bookings of a report, by time."""
    wanted = select(Booking).where(Booking.public_id.in_(public_ids)).order_by(Booking.day, Booking.start, Booking.id)
    return act.session.scalars(wanted, execution_options={"populate_existing": True}).all()


def rules(act: Act, site: Site) -> list[Rule]:
    """The sessions after whose manner a day of a site can be opened."""
    schedules = dict.fromkeys(pool.schedule for pool in site.pools if pool.active and pool.schedule)
    found = {rule.id: rule for name in schedules for rule in act.schedules.schedules.get(name, ())}
    return list(found.values())


def roster(act: Act, site: Site) -> list[SessionRun]:
    """The weekend and lunch sessions of a site from today on that take place, the next first."""
    runs = running.roster(act.session, [pool.id for pool in site.pools])
    return [run for run in runs if run.day >= act.today]


def find(act: Act, site: Site, public_id: str) -> Booking:
    """Find a booking of a site.

    Raises:
        Problem: 404, also if it is another site's.
    """
    return _of_site(act, site, Booking.public_id == public_id, "本大厅没有这个预约，请刷新页面，从列表里重新选。")


def find_by_code(act: Act, site: Site, code: str) -> Booking:
    """Find a booking of a site by the code that somebody says.

    Raises:
        Problem: 404, also if it is another site's.
    """
    said = Booking.code == code.replace(" ", "").upper()
    return _of_site(act, site, said, "本大厅没有这个预约码，请再核对一遍，或者看看是不是约在别的大厅。")


def _of_site(act: Act, site: Site, which: ColumnElement[bool], otherwise: str) -> Booking:
    wanted = select(Booking).join(Pool, Pool.id == Booking.pool_id).where(which, Pool.site_id == site.id)
    booking = act.session.scalar(wanted)
    if booking is None:
        raise Problem(404, "booking_not_found", otherwise)
    return booking


def waive(act: Act, site: Site, code: str, reason: str) -> None:
    """Take back the points of a booking of a site.

    Raises:
        Problem: 404.
    """
    conduct.waive(act, find_by_code(act, site, code).id, reason)


def appeals(act: Act) -> Sequence[Restriction]:
    """The appeals that wait for a decision, oldest first."""
    wanted = select(Restriction).where(Restriction.state == "appealed", Restriction.until_at > act.now)
    return act.session.scalars(wanted.order_by(Restriction.from_at)).all()


def behind(act: Act, restriction: Restriction) -> list[tuple[AttendanceMark, Booking]]:
    """What led to a restriction: the marks that counted when it began, each with its booking."""
    counted = select(AttendanceMark, Booking).join(Booking, Booking.id == AttendanceMark.booking_id)
    counted = counted.where(
        AttendanceMark.subject_key == restriction.subject_key,
        AttendanceMark.at <= restriction.from_at,
        AttendanceMark.expires_at > restriction.from_at,
    )
    return [(mark, booking) for mark, booking in act.session.execute(counted.order_by(AttendanceMark.at)).all()]


def answer_appeal(act: Act, public_id: str, *, lift: bool) -> None:
    """Decide an appeal.

    Raises:
        Problem: 404; 409 if it was decided already.
    """
    row = act.session.scalar(select(Restriction).filter_by(public_id=public_id))
    if row is None:
        raise Problem(404, "restriction_not_found", "没有这条限制，请刷新。")
    conduct.decide(act, row, lift=lift)


def _visit(act: Act, pool: Pool, service: str) -> Visit:
    return places.visit_to(act.session, pool, service, online=False)


def _alone_with(act: Act, site_id: int, pool_id: int | None) -> Sequence[Pool]:
    """The pools that a decision is about, locked before it is written down."""
    wanted = select(Pool).where(Pool.site_id == site_id, Pool.active, Pool.schedule.is_not(None))
    if pool_id is not None:
        wanted = wanted.where(Pool.id == pool_id)
    pools = act.session.scalars(wanted.order_by(Pool.id)).all()
    claiming.alone(act.session, *(pool.id for pool in pools))
    return pools


def _bring_in_line(act: Act, pools: Sequence[Pool], day: date) -> Report:
    report = Report()
    for pool in pools:
        report.add(generating.generate(act, pool, day, day))
    return report
