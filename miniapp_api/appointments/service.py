"""Use cases of appointments, and the only module of it that others may import."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, cast

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api import holdings
from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import booking as making
from miniapp_api.appointments import (
    changing,
    conduct,
    erasing,
    listing,
    places,
    policy,
    schedules,
    staffing,
    view,
    waiting,
)
from miniapp_api.appointments.acting import SYSTEM, VISITOR, Act, Actor, staff
from miniapp_api.appointments.availability import AHEAD, Visit, Wanted
from miniapp_api.appointments.booking import Request, Subject, nobody_yet, subject_of
from miniapp_api.appointments.looking import Place
from miniapp_api.appointments.models import LIVE, Booking, Restriction, Waiting
from miniapp_api.appointments.planning import at
from miniapp_api.appointments.policy import find
from miniapp_api.appointments.schedules import Schedules
from miniapp_api.appointments.talking import Reply, Surroundings, take_turn
from miniapp_api.appointments.wording import SESSIONS, WEEKDAYS, clock, day_text, when_text
from miniapp_api.calendar.service import now as now_in_china
from miniapp_api.errors import Problem
from miniapp_api.guides import service as guides
from miniapp_api.people import service as people
from miniapp_api.signed_codes.service import Kind, PublicView, register
from miniapp_api.sites.service import Pool, find_site, services

__all__ = [
    "LIVE",
    "SESSIONS",
    "SYSTEM",
    "VISITOR",
    "WEEKDAYS",
    "Act",
    "Actor",
    "Booking",
    "Reply",
    "acting",
    "appeal",
    "book",
    "booking_of_sign",
    "bookings_of_day",
    "cancel",
    "check_in",
    "clock",
    "confirm",
    "days",
    "enter_waiting",
    "find",
    "halls",
    "init_app",
    "leave_waiting",
    "mine",
    "missed",
    "move",
    "one",
    "served",
    "staff",
    "staffing",
    "standing",
    "talk",
    "times",
    "waits",
    "when_text",
]

_SHOWN = timedelta(days=365)
MOST_SHOWN = 50


def init_app(app: Flask) -> None:
    """Load the schedules, and tell what the code on a confirmation stands for.

    Raises:
        CatalogueError: `schedules.yaml` is not valid.
    """
    holdings.register(app, erasing.HOLDING)
    app.extensions["schedules"] = schedules.load(app.extensions["settings"].catalogue_dir)
    register(app, Kind.APPOINTMENT, _shown_to_anybody)


def acting(session: Session, actor: Actor = VISITOR, now: datetime | None = None) -> Act:
    """In whose name, by this installation's rules, at this moment."""
    return Act(session, cast(Schedules, current_app.extensions["schedules"]), actor, now or now_in_china())


# ---------------------------------------------------------------------- looking


def halls(
    session: Session,
    locality: str,
    service: str,
    *,
    near: tuple[float, float] | None = None,
    district: str | None = None,
    day: date | None = None,
) -> dict[str, Any]:
    """The halls where a service can be booked (`schemas.HallsOut`), on that day if one is given."""
    act, named = acting(session), places.service_named(service)
    wanted = Wanted(day or act.today, day or act.today + AHEAD)
    found = listing.halls(act, locality, service, wanted, near=near, district=district)
    return {"service": service, "service_name": named.name, "halls": [view.hall(each) for each in found]}


def days(session: Session, ref: str, service: str, first: date | None, count: int) -> dict[str, Any]:
    """The days of a pool (`schemas.DaysOut`)."""
    act = acting(session)
    visit, first = _visit(session, ref, service), _within_a_year(act, "first", first or act.today)
    found = listing.days(act, visit, first, first + timedelta(days=count - 1))
    return {"days": [view.day(each) for each in found]}


def times(session: Session, ref: str, service: str, day: date) -> dict[str, Any]:
    """The times of a day (`schemas.TimesOut`)."""
    act, visit = acting(session), _visit(session, ref, service)
    found = [view.time(each) for each in listing.times(act, visit, _within_a_year(act, "day", day))]
    why = None if found else f"{day_text(day)}：{listing.days(act, visit, day, day)[0].text}"
    return {"day": day, "times": found, "why_none": why}


def _within_a_year(act: Act, name: str, day: date) -> date:
    if abs(day - act.today) > _SHOWN:
        raise Problem(422, invalid_params=[(name, "只能选一年以内的日子")])
    return day


def _visit(session: Session, ref: str, service: str) -> Visit:
    return places.visit_to(session, places.pool_named(session, ref), places.service_named(service).id)


# ---------------------------------------------------------------------- booking


def book(
    session: Session,
    visitor: Visitor,
    wish: dict[str, Any],
    *,
    channel: str = "mini",
) -> Booking:
    """Book for one of the visitor's people, or hold the place.

    Args:
        session: in a transaction.
        visitor: on whose telephone.
        wish: `schemas.BookIn`, dumped.
        channel: one of `models.CHANNELS`.

    Raises:
        Problem: 404 for another's person or guide; 409 with other times if it cannot be had; 403, 422.
    """
    act = acting(session)
    pool = places.pool_named(session, wish["pool"])
    service = places.service_named(wish["service"])
    visit = places.visit_to(session, pool, service.id)
    if wish.get("guide"):
        guides.get(session, visitor, wish["guide"])
    request = Request(
        subject=_subject(act, visitor, wish.get("person"), hold=wish["hold"]),
        service=service.id,
        pool=pool,
        units=visit.units,
        day=_within_a_year(act, "day", wish["day"]),
        start=places.minutes_of(wish["time"]),
        channel=channel,
        visitor_id=visitor.id,
        guide=wish.get("guide"),
    )
    return making.hold(act, request) if wish["hold"] else making.book(act, request)


def confirm(session: Session, visitor: Visitor, public_id: str, person: str | None = None) -> Booking:
    """Confirm what is held, for somebody else if wished.

    Raises:
        Problem: 404; 409 if it is no longer held; 422 if nobody was chosen.
    """
    act, held = acting(session), policy.find(session, visitor, public_id)
    if person:
        subject = subject_of(act, people.find(session, visitor, person))
        held = making.change_subject(act, held, subject)
    elif held.person_id is None and held.status == "held":
        raise Problem(422, invalid_params=[("person", "请先选替谁约")])
    return making.confirm(act, held)


def cancel(session: Session, visitor: Visitor, public_id: str) -> Booking:
    """Cancel one of the visitor's bookings.

    Raises:
        Problem: 404; 409 if it is over; 403 if they cancelled too often lately.
    """
    return changing.cancel(acting(session), policy.find(session, visitor, public_id))


def move(session: Session, visitor: Visitor, public_id: str, wish: dict[str, Any]) -> Booking:
    """Reschedule one of the visitor's bookings (`schemas.MoveIn`, dumped).

    Raises:
        Problem: 404; 409 with other times if the new one cannot be had.
    """
    act, row = acting(session), policy.find(session, visitor, public_id)
    pool = places.pool_named(session, wish["pool"]) if wish.get("pool") else session.get_one(Pool, row.pool_id)
    visit = places.visit_to(session, pool, row.service)
    day, start = _within_a_year(act, "day", wish["day"]), places.minutes_of(wish["time"])
    return changing.reschedule(act, row, Place(visit, day, start))


def mine(session: Session, visitor: Visitor) -> list[dict[str, Any]]:
    """The visitor's bookings of the last year and those to come: live ones first, by time."""
    act = acting(session)
    wanted = policy.visible_to(visitor).where(Booking.day >= act.today - _SHOWN, Booking.status != "expired")
    rows = session.scalars(wanted.order_by(Booking.id.desc()).limit(MOST_SHOWN)).all()
    rows = sorted(rows, key=lambda row: (row.status not in LIVE, _order(row)))
    return [view.booking(act, row, []) for row in rows]


def _order(row: Booking) -> tuple[int, int]:
    """Live bookings by time, the others the newest first."""
    forward = 1 if row.status in LIVE else -1
    return forward * row.day.toordinal(), forward * row.start


def one(session: Session, visitor: Visitor, public_id: str) -> dict[str, Any]:
    """One of the visitor's bookings, with what to bring (`schemas.BookingOut`)."""
    row = policy.find(session, visitor, public_id)
    return view.booking(acting(session), row, _bring(session, visitor, row))


def _subject(act: Act, visitor: Visitor, person: str | None, *, hold: bool) -> Subject:
    if person:
        return subject_of(act, people.find(act.session, visitor, person))
    if hold:
        return nobody_yet(visitor)
    raise Problem(422, invalid_params=[("person", "请先选替谁约")])


def _bring(session: Session, visitor: Visitor, row: Booking) -> list[dict[str, Any]]:
    """What to bring: from the guide's checklist, else what everybody brings."""
    service = services().get(row.service)
    if row.guide:
        with suppress(Problem):  # the guide may be gone
            listed = guides.to_bring(session, visitor, row.guide, service.items)
            if listed:
                return listed
    return [{"name": name, "have": False} for name in service.bring]


# ---------------------------------------------------------------------- waiting, conduct


def enter_waiting(session: Session, visitor: Visitor, wish: dict[str, Any]) -> dict[str, Any]:
    """Put one of the visitor's people on the waiting list (`schemas.WaitIn`, dumped)."""
    act, person = acting(session), people.find(session, visitor, wish["person"])
    service = places.service_named(wish["service"])
    first, last = places.minutes_of(wish["first_time"]), places.minutes_of(wish["last_time"]) + 1
    if wish["first_day"] > wish["last_day"] or first >= last:
        raise Problem(422, invalid_params=[("last_day", "应当不早于开始的那天")])
    site = find_site(session, wish["site"]) if wish["site"] else None
    if wish["site"] and (site is None or (site.locality, site.active) != (visitor.locality, True)):
        raise Problem(422, invalid_params=[("site", "没有这个大厅，请从大厅列表里选")])
    wanted = Wanted(wish["first_day"], wish["last_day"], first, last)
    entry = waiting.entry_of(act, (visitor, person), service.id, wish["site"], wanted)
    return _wait(act, waiting.enter(act, entry))


def waits(session: Session, visitor: Visitor) -> list[dict[str, Any]]:
    """What the visitor waits for."""
    act = acting(session)
    return [_wait(act, entry) for entry in waiting.mine(session, visitor.id)]


def leave_waiting(session: Session, visitor: Visitor, public_id: str) -> None:
    """Take an entry off the waiting list; what it was offered is let go."""
    act, entry = acting(session), policy.find_waiting(session, visitor, public_id)
    changing.stop_waiting(act, entry)


def _wait(act: Act, entry: Waiting) -> dict[str, Any]:
    held = act.session.get(Booking, entry.booking_id) if entry.booking_id else None
    return view.waiting(act, entry, held)


def standing(session: Session, visitor: Visitor) -> dict[str, Any]:
    """How the visitor's people stand (`schemas.ConductOut`)."""
    act, mine_all = acting(session), people.mine(session, visitor)
    names = {person.subject_key: person.name_mask for person in mine_all}
    wanted = select(Restriction).where(Restriction.subject_key.in_(names), Restriction.until_at > act.now)
    rows = session.scalars(wanted.order_by(Restriction.id)).all()
    return {
        "rules": view.rules(act.schedules.conduct),
        "points": [view.standing(act, key, name) for key, name in names.items()],
        "restrictions": [view.restriction(row, names[row.subject_key]) for row in rows],
    }


def appeal(session: Session, visitor: Visitor, public_id: str, text: str) -> dict[str, Any]:
    """Say something against a restriction of one of the visitor's people."""
    names = {person.subject_key: person.name_mask for person in people.mine(session, visitor)}
    row = policy.find_restriction(session, list(names), public_id)
    conduct.appeal(session, row, text)
    session.refresh(row)
    return view.restriction(row, names[row.subject_key])


# ---------------------------------------------------------------------- talking


def talk(
    session: Session,
    visitor: Visitor,
    text: str,
    intent: str | None,
    guide: dict[str, Any] | None,
    *,
    elsewhere: bool = False,
) -> Reply | None:
    """Answer a sentence of the chat if it is about appointments; None if it is not.

    Args:
        session: in a transaction.
        visitor: who speaks.
        text: what they say.
        intent: what the language model takes it for, None unless it is sure.
        guide: that they are in (`guides.service.active_guide`).
        elsewhere: it is known to be about something else, unless it speaks of appointments.
    """
    around = Surroundings(
        intent=intent,
        guide=guide["id"] if guide else None,
        asking=guides.is_asking(guide),
        items=partial(guides.needed_items, session, visitor, guide["id"]) if guide else tuple,
        elsewhere=elsewhere,
    )
    return take_turn(acting(session), visitor, text, around)


# ---------------------------------------------------------------------- at the hall


def booking_of_sign(session: Session, sign: str) -> Booking | None:
    """The booking whose confirmation holds a signed code."""
    return session.scalar(select(Booking).filter_by(sign=sign))


def bookings_of_day(session: Session, site_id: int, day: date) -> Sequence[Booking]:
    """The bookings of a site on a day that were not given up, by time."""
    wanted = select(Booking).join(Pool, Pool.id == Booking.pool_id).where(Pool.site_id == site_id, Booking.day == day)
    wanted = wanted.where(Booking.status.in_(("confirmed", "checked_in", "served", "missed")))
    return session.scalars(wanted.order_by(Booking.start, Booking.id)).all()


def check_in(session: Session, booking_id: int, now: datetime, actor: Actor) -> Booking:
    """Note that a citizen is at the hall; see `changing.check_in`."""
    row = session.get_one(Booking, booking_id, populate_existing=True)
    return changing.check_in(acting(session, actor, now), row)


def served(session: Session, booking_id: int, actor: Actor) -> Booking | None:
    """Note that the business of a booking is done; None if it was not checked in."""
    return changing.served(acting(session, actor), booking_id)


def missed(session: Session, booking_id: int, actor: Actor) -> Booking | None:
    """Note that nobody came; None if that is settled otherwise."""
    return changing.missed(acting(session, actor), booking_id)


def _shown_to_anybody(session: Session, sign: str, _visitor: Visitor | None) -> PublicView | None:
    """What whoever scans a confirmation is told: never whose it is, nor where."""
    row = booking_of_sign(session, sign)
    if row is None:
        return None
    past = at(row.day, row.end) < now_in_china()
    if row.status == "confirmed" and not past:
        return PublicView(
            "预约确认", "有效", (f"{when_text(row.day, row.start)}", "到大厅请出示这个二维码签到"), "good"
        )
    said = {"checked_in": "已签到", "served": "已办理", "confirmed": "已过时", "missed": "已过时"}
    return PublicView("预约确认", said.get(row.status, "已取消"), (), "void")
