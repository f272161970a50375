"""Finding what an address names, as far as whoever asks may see it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.errors import Problem
from miniapp_api.hall.bookings import Booking
from miniapp_api.hall.models import Ticket
from miniapp_api.hall.policy import require_at, visible_at_work, visible_to
from miniapp_api.sites.service import Counter, Pool, Site, find_site
from miniapp_api.staff.service import StaffMember


def own_ticket(session: Session, visitor: Visitor, public_id: str) -> Ticket:
    """One of a visitor's tickets.

    Raises:
        Problem: 404, also if it is somebody else's.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.public_id == public_id, visible_to(visitor)))
    if ticket is None:
        raise Problem(404, "ticket_not_found", "没有找到这个号。请检查地址，或者到大厅重新取号。")
    return ticket


def ticket_of_booking(session: Session, visitor: Visitor, booking: Booking) -> Ticket:
    """The ticket that a visitor's booking was checked in for.

    Raises:
        Problem: 404 if it was not checked in yet.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.booking_id == booking.id, visible_to(visitor)))
    if ticket is None:
        raise Problem(404, "not_checked_in", "还没有签到取号。到大厅请出示预约二维码签到。")
    return ticket


def ticket_at_work(session: Session, member: StaffMember, public_id: str) -> Ticket:
    """A ticket of the site where somebody works.

    Raises:
        Problem: 404, also if it is of another site.
    """
    ticket = session.scalar(select(Ticket).where(Ticket.public_id == public_id, visible_at_work(member)))
    if ticket is None:
        raise Problem(404, "ticket_not_found", "本大厅没有这个号。请刷新页面，从列表里重新选。")
    return ticket


def site_at_work(session: Session, member: StaffMember, code: str) -> Site:
    """The site where somebody works.

    Raises:
        Problem: 404 if there is none of that code; 403 if they work elsewhere.
    """
    site = site_of_code(session, code)
    require_at(member, site)
    return site


def site_of_code(session: Session, code: str) -> Site:
    """A site where one can go.

    Raises:
        Problem: 404.
    """
    site = find_site(session, code)
    if site is None or not site.active:
        raise Problem(404, "site_not_found", "没有这个大厅或服务站，请从列表里选。")
    return site


def counter_of(session: Session, site: Site, code: str) -> Counter:
    """A counter of a site.

    Raises:
        Problem: 404.
    """
    counter = session.scalar(select(Counter).filter_by(site_id=site.id, code=code, active=True))
    if counter is None:
        raise Problem(404, "counter_not_found", "本大厅没有这个窗口。请从窗口列表里重新选。")
    return counter


def pool_of(session: Session, site: Site, code: str) -> Pool:
    """A queue of a site.

    Raises:
        Problem: 422 if there is none of that code.
    """
    pool = session.scalar(select(Pool).filter_by(site_id=site.id, code=code, active=True))
    if pool is None:
        raise Problem(422, invalid_params=[("pool", "本大厅没有这个队列，请从列表里重新选")])
    return pool


def pool_beside(session: Session, ticket: Ticket, code: str) -> Pool:
    """A queue of the site where a ticket is.

    Raises:
        Problem: 422 if there is none of that code.
    """
    return pool_of(session, session.get_one(Pool, ticket.pool_id).site, code)
