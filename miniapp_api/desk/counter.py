"""What the page of a counter shows: the ticket there, the first in line, who is set aside or was missed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select

from miniapp_api.desk import at_work
from miniapp_api.desk.wording import clock
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.hall.service import Ticket
from miniapp_api.sites.service import Counter, Pool, Site
from miniapp_api.staff.service import current_staff

_SAID = {
    "recall": "{} 又叫了一次。",
    "finish": "{} 办完了。",
    "park": "{} 挂起了，人回来了点“恢复”。",
    "unpark": "{} 恢复了，排回原来的位置。",
    "requeue": "{} 重新排上了，排回原来的位置。",
}


def own() -> Counter | None:
    """The counter at which whoever is signed in sits."""
    return hall.counter_of_clerk(db.session, current_staff())


def to_choose(site: Site) -> list[dict[str, Any]]:
    """The counters of a hall by code, each with its queue and whether somebody sits there."""
    names = {pool.code: pool.name for pool in site.pools}
    counters = hall.today(db.session, site, at_work.today())["counters"]
    return [
        {"code": each["counter"], "name": names[each["pool"]], "taken": each["staff"] is not None} for each in counters
    ]


def seen(counter: Counter) -> dict[str, Any]:
    """All that the page of a counter shows."""
    pool = db.session.get_one(Pool, counter.pool_id)
    ticket = hall.at_counter(db.session, counter.id)
    tickets = _of_today(pool)
    line = _line(pool)
    by_number = {hall.label(each): each for each in tickets}
    return {
        "own": counter,
        "pool": pool,
        "others": [other for other in at_work.pools(pool.site) if other.id != pool.id],
        "ticket": ticket and _shown(ticket),
        "mark": f"{ticket.public_id}.{ticket.state}.{ticket.calls}" if ticket else "none",
        "waiting": line["waiting"],
        "first": [_shown(by_number[number]) for number in line["next"] if number in by_number],
        "parked": [_shown(each) for each in tickets if each.state == "parked"],
        "missed": [_shown(each) for each in tickets if _may_return(each)],
    }


def said(what: str, ticket: Ticket) -> str | None:
    """Tell what was done, where the page does not show it anyway."""
    if ticket.state == "missed":
        until = f"，{clock(ticket.back_until)} 前回来可以重排" if ticket.back_until else ""
        return f"{hall.label(ticket)} 过号了{until}。"
    return _SAID[what].format(hall.label(ticket)) if what in _SAID else None


def _line(pool: Pool) -> dict[str, Any]:
    """How many wait in a queue, and the numbers that are called next."""
    queues = hall.board(db.session, pool.site, at_work.now())["queues"]
    return next((queue for queue in queues if queue["pool"] == pool.code), {"waiting": 0, "next": []})


def _of_today(pool: Pool) -> list[Ticket]:
    wanted = select(Ticket).where(
        Ticket.pool_id == pool.id,
        Ticket.day == at_work.today(),
        Ticket.state.in_(("waiting", "parked", "missed")),
    )
    return list(db.session.scalars(wanted.order_by(Ticket.prefix, Ticket.number)))


def _may_return(ticket: Ticket) -> bool:
    return ticket.state == "missed" and ticket.back_until is not None and ticket.back_until >= at_work.now()


def _shown(ticket: Ticket) -> dict[str, Any]:
    return hall.desk_view(ticket, hall.names_beside(db.session, ticket))
