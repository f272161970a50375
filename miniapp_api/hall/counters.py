"""Who sits at which counter: one clerk at a counter, and a clerk at one counter."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api.errors import Problem
from miniapp_api.hall.models import AT_COUNTER, Serving, Ticket
from miniapp_api.hall.queues import label
from miniapp_api.sites.service import Counter
from miniapp_api.staff.service import StaffMember


def open_counter(session: Session, counter: Counter, staff: StaffMember, now: datetime) -> Serving:
    """Open a counter and sit down at it; doing so again changes nothing.

    Raises:
        Problem: 409 if somebody else sits there, or the clerk sits elsewhere.
    """
    try:
        with session.begin_nested():
            serving = Serving(counter_id=counter.id, staff=staff.public_id, since=now)
            session.add(serving)
    except IntegrityError:
        return _seat_taken(session, counter, staff)
    return serving


def _seat_taken(session: Session, counter: Counter, staff: StaffMember) -> Serving:
    there = session.get(Serving, counter.id, populate_existing=True)
    if there and there.staff == staff.public_id:
        return there
    if there:
        detail = f"{counter.code} 窗口有同事在用。请换一个窗口，或者请那位同事先关闭窗口。"
        raise Problem(409, "counter_taken", detail)
    elsewhere = counter_of_clerk(session, staff)
    which = f" {elsewhere.code} " if elsewhere else "别的"
    raise Problem(409, "sits_elsewhere", f"您还开着{which}窗口。请先关闭它，再开 {counter.code} 窗口。")


def close_counter(session: Session, counter: Counter, staff: StaffMember) -> None:
    """Leave a counter; one that is closed stays so.

    Raises:
        Problem: 409 if a ticket is still there, or somebody else sits at the counter.
    """
    if session.get(Serving, counter.id) is None:
        return
    hold(session, counter, staff)
    refuse_busy(session, counter)
    session.execute(delete(Serving).where(Serving.counter_id == counter.id))


def counter_of_clerk(session: Session, staff: StaffMember) -> Counter | None:
    """The counter at which a clerk sits, None if at none."""
    wanted = select(Counter).join(Serving, Serving.counter_id == Counter.id)
    return session.scalar(wanted.where(Serving.staff == staff.public_id))


def hold(session: Session, counter: Counter, staff: StaffMember) -> None:
    """Have a counter to oneself until the transaction ends: two taps there are done one after the other.

    Raises:
        Problem: 409 if the counter is closed, or another's.
    """
    serving = session.get(Serving, counter.id, populate_existing=True, with_for_update=True)
    if serving is None:
        raise Problem(409, "counter_closed", f"{counter.code} 窗口还没有开。请先开窗口，再叫号。")
    if serving.staff != staff.public_id:
        detail = f"{counter.code} 窗口现在是别的同事在用。请到您自己的窗口操作。"
        raise Problem(409, "not_your_counter", detail)


def at_counter(session: Session, counter_id: int) -> Ticket | None:
    """The ticket that is called or served at a counter, None if there is none."""
    wanted = select(Ticket).where(Ticket.counter_id == counter_id, Ticket.state.in_(AT_COUNTER))
    return session.scalar(wanted, execution_options={"populate_existing": True})


def refuse_busy(session: Session, counter: Counter) -> None:
    """Refuse if a counter has a ticket.

    Raises:
        Problem: 409, with the ticket's number and id.
    """
    if ticket := at_counter(session, counter.id):
        detail = f"{counter.code} 窗口的 {label(ticket)} 号还没有结束。请先办结、过号、挂起或者转走它。"
        more = {"ticket": ticket.public_id, "number": label(ticket)}
        raise Problem(409, "counter_busy", detail, extra=more)


def require_own(session: Session, ticket: Ticket, staff: StaffMember) -> None:
    """Refuse to touch what is at another's counter.

    Raises:
        Problem: 409.
    """
    if ticket.state not in AT_COUNTER:
        return
    serving = session.get(Serving, ticket.counter_id)
    if serving is None or serving.staff != staff.public_id:
        detail = f"{label(ticket)} 号不在您的窗口。请由叫号的窗口操作。"
        raise Problem(409, "not_your_counter", detail)
