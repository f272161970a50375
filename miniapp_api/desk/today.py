"""The page of the day: everybody who booked or walked in, with what can be done about a booking."""

from __future__ import annotations

from flask import Response, request, url_for

from miniapp_api.appointments.service import staffing
from miniapp_api.desk import at_work, checking_in
from miniapp_api.desk.day import STATES, lines
from miniapp_api.desk.frame import bp, go_to, page, wants_part
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.staff.service import requires_staff


@bp.get("/today")
@requires_staff()
def today() -> str:
    """Show the day; for htmx only its list."""
    return _list() if wants_part() else _page()


@bp.post("/today/<opaque:booking_id>/check-in")
@requires_staff()
def check_in_from_list(booking_id: str) -> str | Response:
    """Check somebody in who is in the list."""
    booking = staffing.find(at_work.act(), at_work.site(), booking_id)
    ticket = checking_in.of_booking(booking)
    return _done(f"签好到了，他的号是 {hall.label(ticket)}。")


@bp.post("/today/<opaque:booking_id>/missed")
@requires_staff()
def note_missed(booking_id: str) -> str | Response:
    """Note that somebody in the list did not come."""
    act = at_work.act()
    staffing.note_missed(act, staffing.find(act, at_work.site(), booking_id))
    return _done("记下了：没来。")


def _done(said: str) -> str | Response:
    return _list(said) if wants_part() else go_to(url_for("desk.today", **_wish()))


def _page() -> str:
    return page("today", **_values())


def _list(said: str | None = None) -> str:
    return page("today/list", said=said, **_values())


def _values() -> dict[str, object]:
    site, wish = at_work.site(), _wish()
    day = hall.today(db.session, site, at_work.today())
    names = {pool.code: pool.name for pool in site.pools}
    return {
        "site": site,
        "day": day["day"],
        "all_lines": lines(day),
        "lines": lines(day, **wish),
        "pools": names,
        "states": STATES,
        "wish": wish,
    }


def _wish() -> dict[str, str]:
    """To what the list is narrowed."""
    return {name: request.values.get(name, "")[:48] for name in ("pool", "state")}
