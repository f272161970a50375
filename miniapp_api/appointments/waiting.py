"""The waiting list: a place that is given back is held for whoever waits for it, before anybody else sees it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import booking as making
from miniapp_api.appointments import reminding
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import Visit, Wanted, next_free, open_for_citizens
from miniapp_api.appointments.booking import Request
from miniapp_api.appointments.looking import Place
from miniapp_api.appointments.models import LIVE, Booking, Slot, Waiting
from miniapp_api.appointments.planning import at
from miniapp_api.errors import Problem
from miniapp_api.people.service import Person
from miniapp_api.sites.service import Pool, PoolService, Site, offers

MOST = 2
"""Entries of one person at a time."""

MOST_OFFERS = 3
MOST_ASKED = 3
"""Of those who wait for a place, if it cannot be held for the first."""

OFFER_MINUTES = 30
TOO_NEAR = timedelta(hours=1)
"""Before the start; nobody could come in time."""


def enter(act: Act, entry: Waiting) -> Waiting:
    """Enter somebody in the waiting list; the same wish again is the one that is there.

    Raises:
        Problem: 409 if the person waits for too much already; 422 if the days are past.
    """
    if entry.last_day < act.today:
        raise Problem(422, invalid_params=[("last_day", "日子已经过了，请选今天以后的")])
    mine = act.session.scalars(
        select(Waiting).where(Waiting.subject_key == entry.subject_key, Waiting.state.in_(("waiting", "offered")))
    ).all()
    for other in mine:
        if (other.service, other.site, other.visitor_id) == (entry.service, entry.site, entry.visitor_id):
            return other
    if len(mine) >= MOST:
        raise Problem(409, "waiting_enough", f"同时最多候补 {MOST} 个。请先退掉一个候补。")
    act.session.add(entry)
    act.session.flush()
    return entry


def entry_of(act: Act, whose: tuple[Visitor, Person], service: str, site: str | None, wanted: Wanted) -> Waiting:
    """An entry that is not on the list yet.

    Args:
        act: now.
        whose: on whose telephone, and who will come.
        service: what is to be handled.
        site: code of the only site that will do, None for any.
        wanted: which times will do.
    """
    visitor, person = whose
    return Waiting(
        visitor_id=visitor.id,
        person_id=person.id,
        subject_key=person.subject_key,
        locality=visitor.locality,
        service=service,
        site=site,
        first_day=wanted.first,
        last_day=wanted.last,
        first=wanted.start,
        last=wanted.end,
        created_at=act.now,
    )


def leave(session: Session, entry: Waiting) -> None:
    """Take somebody off the list."""
    change = update(Waiting).where(Waiting.id == entry.id, Waiting.state.in_(("waiting", "offered")))
    session.execute(change.values(state="ended"))


def pass_on(act: Act, booking: Booking) -> bool:
    """Offer the places of a booking that has just been given up to whoever waits for them.

    Returns:
        Whether they are held for somebody now; else they are still to be given back.
    """
    place = Place(visit_of(act.session, booking), booking.day, booking.start)
    return any(offer(act, entry, place, booking) for entry in _next_for(act, booking))


def _next_for(act: Act, booking: Booking) -> Sequence[Waiting]:
    """Who has waited longest for what a booking gives up; who let an offer pass comes after the others."""
    if at(booking.day, booking.start) - TOO_NEAR < act.now:
        return ()
    site = act.session.get_one(Pool, booking.pool_id).site
    wanted = select(Waiting).where(
        Waiting.state == "waiting",
        Waiting.service == booking.service,
        Waiting.locality == site.locality,
        or_(Waiting.site.is_(None), Waiting.site == site.code),
        Waiting.first_day <= booking.day,
        Waiting.last_day >= booking.day,
        Waiting.first <= booking.start,
        Waiting.last > booking.start,
        Waiting.subject_key != booking.subject_key,
        ~_has_booking(booking),
    )
    first = wanted.order_by(Waiting.offers, Waiting.id).limit(MOST_ASKED)
    return act.session.scalars(first.with_for_update(skip_locked=True)).all()


def _has_booking(booking: Booking) -> ColumnElement[bool]:
    """Whether the waiting person could not take the place, having a live booking that day or of that service."""
    return (
        select(Booking.id)
        .where(
            Booking.subject_key == Waiting.subject_key,
            Booking.status.in_(LIVE),
            or_(Booking.service == booking.service, Booking.policy_key == booking.policy_key),
        )
        .exists()
    )


def offer(act: Act, entry: Waiting, place: Place, *freed: Booking) -> Booking | None:
    """Hold a place for somebody on the list and tell them; None if it is not free for them after all.

    Args:
        act: in whose transaction.
        entry: on the list, locked.
        place: what is offered.
        freed: as `booking.hold`.
    """
    person = act.session.get(Person, entry.person_id)
    if person is None:
        return None
    request = Request(
        subject=making.subject_of(act, person),
        service=entry.service,
        pool=act.session.get_one(Pool, place.visit.pool_id),
        units=place.visit.units,
        day=place.day,
        start=place.start,
        channel="waiting",
        visitor_id=entry.visitor_id,
    )
    try:
        with act.session.begin_nested():
            held = making.hold(act.by_system(), request, minutes=OFFER_MINUTES, freed=freed)
    except Problem:
        return None
    entry.state, entry.booking_id, entry.offers = "offered", held.id, entry.offers + 1
    reminding.offered(act, held)
    return held


def settle(act: Act, *, most: int = 200) -> None:
    """Put the list in order: who confirmed is done, whose offer ran out waits again, whose days are past is off."""
    offered = select(Waiting, Booking.status).outerjoin(Booking, Booking.id == Waiting.booking_id)
    answered = or_(Booking.id.is_(None), Booking.status != "held")
    for entry, status in act.session.execute(offered.where(Waiting.state == "offered", answered).limit(most)).all():
        if status in ("confirmed", "checked_in", "served"):
            entry.state = "booked"
        else:
            entry.state = "ended" if entry.offers >= MOST_OFFERS else "waiting"
    past = update(Waiting).where(Waiting.state == "waiting", Waiting.last_day < act.today)
    act.session.execute(past.values(state="ended"))
    act.session.flush()


def queue(act: Act, *, most: int = 200) -> Sequence[int]:
    """Ids of those for whom a place may have become free by other ways, in the order in which they are asked.

    Such ways are more places, the end of a hold, or of the cooling of what was given back.
    """
    free = (
        select(Slot.id)
        .join(Pool, Pool.id == Slot.pool_id)
        .join(Pool.site)
        .join(Pool.services)
        .where(
            Site.locality == Waiting.locality,
            or_(Waiting.site.is_(None), Waiting.site == Site.code),
            PoolService.service == Waiting.service,
            PoolService.online,
            Slot.day.between(Waiting.first_day, Waiting.last_day),
            Slot.start >= Waiting.first,
            Slot.start < Waiting.last,
            open_for_citizens(Slot, act.now),
        )
    )
    has_one = select(Booking.id).where(
        Booking.subject_key == Waiting.subject_key, Booking.service == Waiting.service, Booking.status.in_(LIVE)
    )
    wanted = select(Waiting.id).where(Waiting.state == "waiting", free.exists(), ~has_one.exists())
    return act.session.scalars(wanted.order_by(Waiting.offers, Waiting.id).limit(most)).all()


def serve(act: Act, entry_id: int) -> Booking | None:
    """Offer somebody on the list the first time that will do, if there is one."""
    mine = select(Waiting).where(Waiting.id == entry_id, Waiting.state == "waiting")
    entry = act.session.scalar(mine.with_for_update(skip_locked=True))
    if entry is None:
        return None
    fitting = [each for each in offers(act.session, entry.locality, entry.service) if each.online]
    fitting = [each for each in fitting if entry.site in (None, each.site.code)]
    visits = {each.pool.id: Visit.of(each.pool, each.units) for each in fitting}
    wanted = Wanted(max(entry.first_day, act.today), entry.last_day, entry.first, entry.last)
    found = next_free(act.session, list(visits.values()), wanted, act.now)
    for pool_id, (day, start) in sorted(found.items(), key=lambda item: item[1]):
        if held := offer(act, entry, Place(visits[pool_id], day, start)):
            return held
    return None


def mine(session: Session, visitor_id: int) -> Sequence[Waiting]:
    """What a visitor waits for."""
    wanted = select(Waiting).where(Waiting.visitor_id == visitor_id, Waiting.state.in_(("waiting", "offered")))
    return session.scalars(wanted.order_by(Waiting.id)).all()


def ahead_of(session: Session, entry: Waiting) -> int:
    """How many wait for the same service and came before."""
    before = select(func.count()).where(
        Waiting.service == entry.service,
        Waiting.locality == entry.locality,
        Waiting.state == "waiting",
        Waiting.id < entry.id,
    )
    return session.scalar(before) or 0


def visit_of(session: Session, booking: Booking) -> Visit:
    """The visit that a booking is."""
    pool = session.get_one(Pool, booking.pool_id)
    return Visit(pool.id, pool.grid, (booking.end - booking.start) // pool.grid)
