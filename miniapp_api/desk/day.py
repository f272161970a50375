"""A day at a hall in one list: who booked, and who walked in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from miniapp_api.desk.wording import clock

STATES = {
    "expected": "还没来",
    "waiting": "在等",
    "serving": "在办",
    "done": "办完",
    "missed": "没来或过号",
    "left": "不办了",
}
"""What the list can be narrowed to."""

_OF_BOOKING = {"confirmed": "expected", "checked_in": "waiting", "served": "done", "missed": "missed"}
_OF_TICKET = {
    "waiting": "waiting",
    "parked": "waiting",
    "called": "serving",
    "serving": "serving",
    "finished": "done",
    "missed": "missed",
    "left": "left",
}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list.

    Attributes:
        time: when they booked, or took their number.
        booking: public id, None for who walked in.
        said: the state in Chinese, with the counter if they are at one.
    """

    time: str
    number: str | None
    name: str | None
    service: str | None
    pool: str
    kind: str
    state: str
    said: str
    booking: str | None


def lines(day: dict[str, Any], pool: str = "", state: str = "") -> list[Line]:
    """List a day (`hall.schemas.TodayOut`) by time, narrowed to a queue and one of `STATES` if given."""
    tickets = {ticket["number"]: ticket for ticket in day["tickets"]}
    booked = [_booked(booking, tickets.get(booking["number"])) for booking in day["bookings"]]
    walked = [_walked(ticket) for ticket in day["tickets"] if not ticket["booked"]]
    every = sorted((*booked, *walked), key=lambda line: (line.time, line.number or ""))
    return [line for line in every if pool in ("", line.pool) and state in ("", line.state)]


def _booked(booking: dict[str, Any], ticket: dict[str, Any] | None) -> Line:
    state = _OF_TICKET[ticket["state"]] if ticket else _OF_BOOKING[booking["status"]]
    return Line(
        time=clock(booking["start"]),
        number=booking["number"],
        name=booking["name"],
        service=booking["service"],
        pool=ticket["pool"] if ticket else booking["pool"],
        kind="special" if booking["care"] else "booked",
        state=state,
        said=_said(ticket) if ticket else STATES[state] if state != "missed" else "没来",
        booking=booking["id"],
    )


def _walked(ticket: dict[str, Any]) -> Line:
    return Line(
        time=clock(ticket["since"]),
        number=ticket["number"],
        name=None,
        service=ticket["service"],
        pool=ticket["pool"],
        kind=ticket["kind"],
        state=_OF_TICKET[ticket["state"]],
        said=_said(ticket),
        booking=None,
    )


def _said(ticket: dict[str, Any]) -> str:
    there = ticket["counter"] and ticket["state"] in ("called", "serving")
    return f"{ticket['state_text']}（{ticket['counter']}）" if there else ticket["state_text"]
