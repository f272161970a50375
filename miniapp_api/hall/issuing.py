"""Giving out tickets: to whoever booked and is there, and to whoever walks in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.hall import bookings, presence, queues
from miniapp_api.hall.bookings import Booking
from miniapp_api.hall.models import OVER, Ticket
from miniapp_api.hall.moves import VISITOR, record
from miniapp_api.hall.queues import label
from miniapp_api.hall.ranking import rank
from miniapp_api.hall.times import clock, day_of, moment
from miniapp_api.signed_codes.service import ForgedCodeError, UnknownCodeError, read
from miniapp_api.sites.service import Pool, Site

MAX_KEY = 36
"""Characters of the key under which a ticket is asked for; a UUID fits."""


def check_in_by_code(session: Session, digits: str, site: Site, actor: str, now: datetime) -> Ticket:
    """Check in whoever shows the code on their booking, at the desk or a kiosk.

    Raises:
        Problem: 422 `code_forged`; 404 if it is on no booking; 409 `other_site`, or as of
            `appointments.check_in`; if it was used, 409 `already_checked_in` with the ticket's number.
    """
    try:
        code = read(session, digits)
    except ForgedCodeError:
        raise Problem(422, "code_forged", "这不是我们发出的码，不能签到。请他出示预约凭证上的二维码。") from None
    except UnknownCodeError:
        raise _no_booking() from None
    booking = bookings.of_sign(session, code.id)
    if booking is None:
        raise _no_booking()
    ticket, new = _check_in(session, booking, site, actor, now)
    if not new:
        raise _already(ticket)
    return ticket


def check_in_here(session: Session, booking: Booking, token: str, now: datetime) -> Ticket:
    """Check a citizen in who scanned the code on the hall's screen; again, it is the same ticket.

    Args:
        session: in whose transaction it is.
        booking: one of theirs; see `bookings.own`.
        token: what the screen showed; see `presence`.
        now: the moment.

    Raises:
        Problem: 422 if the token is forged or old; 409 `other_site`, or as of `appointments.check_in`.
    """
    site = _site_of(session, booking)
    if presence.site_of(settings().signing_key, token, now) != site.code:
        raise _other_site(site)
    if ticket := _of_booking(session, booking):
        return ticket
    return _check_in(session, booking, site, VISITOR, now)[0]


def walk_in(
    session: Session,
    pool: Pool,
    service: str,
    kind: str,
    actor: str,
    *,
    now: datetime,
    visitor_id: int | None = None,
    key: str | None = None,
) -> Ticket:
    """Give a number to somebody who did not book.

    Args:
        session: in whose transaction it is.
        pool: whose number.
        service: what for; an id of the catalogue.
        kind: `walk_in`, or `special` for whoever needs care.
        actor: see `TicketEvent`.
        now: the moment.
        visitor_id: whose telephone it is on, if on any.
        key: whoever asks again under the same key gets the same ticket; keys of different askers differ.

    Raises:
        Problem: 409 `already_in_line` if the visitor has a live number of the queue.
    """
    day = day_of(now)
    queues.hold(session, pool.id, day)
    if key and (known := session.scalar(select(Ticket).filter_by(key=key))):
        return known
    if visitor_id is not None:
        _refuse_second(session, pool, visitor_id, now)
    ticket = Ticket(kind=kind, service=service, visitor_id=visitor_id, key=key, eligible_at=now)
    return _issue(session, pool, ticket, actor, now)


def key_of(pool: Pool, asker: str, key: str) -> str:
    """The key of a ticket: nobody gets another's by guessing theirs.

    Args:
        pool: whose number is wanted.
        asker: who asks, at most 32 characters.
        key: what they sent.
    """
    return f"{asker}:{pool.id}:{key}"


def pool_for(site: Site, service: str) -> Pool:
    """The queue in which a service is done at a site.

    Raises:
        Problem: 422 if it is not done there.
    """
    for pool in site.pools:
        if pool.active and any(accepted.service == service for accepted in pool.services):
            return pool
    raise Problem(422, invalid_params=[("service", "这个大厅不办这一项，请换一个大厅，或者问导办台")])


def _check_in(session: Session, booking: Booking, site: Site, actor: str, now: datetime) -> tuple[Ticket, bool]:
    """Check somebody in; gives the ticket, and whether it is new: of two at once, one is told the other's."""
    right = _site_of(session, booking)
    if right.id != site.id:
        raise _other_site(right)
    try:
        booking = bookings.check_in(session, booking, now, actor)
    except Problem as problem:
        if problem.kind == "already_checked_in" and (ticket := _of_booking(session, booking)):
            return ticket, False
        raise
    pool = session.get_one(Pool, booking.pool_id)
    queues.hold(session, pool.id, booking.day)
    ticket = Ticket(
        kind="special" if booking.care else "booked",
        service=booking.service,
        booking_id=booking.id,
        visitor_id=booking.visitor_id,
        eligible_at=max(now, moment(booking.day, booking.start)),
    )
    return _issue(session, pool, ticket, actor, now), True


def _issue(session: Session, pool: Pool, ticket: Ticket, actor: str, now: datetime) -> Ticket:
    """Number a ticket and put it in line; the queue is held."""
    ticket.issued_pool_id = ticket.pool_id = pool.id
    ticket.day, ticket.created_at = day_of(now), now
    ticket.rank_at = rank(ticket.kind, ticket.eligible_at)
    ticket.state = "waiting"
    ticket.prefix = queues.prefix_of(session, pool)
    ticket.number = queues.next_number(session, pool.id, ticket.day)
    session.add(ticket)
    session.flush()
    record(session, ticket, None, "issued", actor=actor, now=now)
    return ticket


def _refuse_second(session: Session, pool: Pool, visitor_id: int, now: datetime) -> None:
    theirs = select(Ticket).filter_by(issued_pool_id=pool.id, day=day_of(now), visitor_id=visitor_id)
    ticket = session.scalar(theirs.where(Ticket.state.not_in(OVER)).limit(1))
    if ticket:
        detail = f"您已经有 {label(ticket)} 号，还没有办完，不用再取。不想等了，可以先取消它。"
        raise Problem(409, "already_in_line", detail, extra={"ticket": ticket.public_id, "number": label(ticket)})


def _of_booking(session: Session, booking: Booking) -> Ticket | None:
    return session.scalar(select(Ticket).filter_by(booking_id=booking.id))


def _site_of(session: Session, booking: Booking) -> Site:
    return session.get_one(Pool, booking.pool_id).site


def _no_booking() -> Problem:
    return Problem(404, "no_booking", "这个码不是预约凭证上的，或者预约已经删除。请核对凭证，或者为他现场取号。")


def _other_site(site: Site) -> Problem:
    detail = f"这个预约在{site.name}（{site.address}），不在这里。请到那里签到；要在这里办，请现场取号。"
    return Problem(409, "other_site", detail, extra={"site": site.code})


def _already(ticket: Ticket) -> Problem:
    detail = f"这个预约 {clock(ticket.created_at)} 已经签到，号码是 {label(ticket)}。请凭这个号等候，不用再签到。"
    more = {"ticket": ticket.public_id, "number": label(ticket), "at": ticket.created_at.isoformat()}
    return Problem(409, "already_checked_in", detail, extra=more)
