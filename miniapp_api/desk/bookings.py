"""The page of one booking, found by the code that somebody says: check in, move, cancel."""

from __future__ import annotations

from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from miniapp_api.appointments.service import Booking, staffing
from miniapp_api.desk import at_work, checking_in, forms
from miniapp_api.desk.book import shown
from miniapp_api.desk.frame import bp, go_to, page, wants_part
from miniapp_api.hall import service as hall
from miniapp_api.staff.service import requires_staff


@bp.get("/bookings")
@requires_staff()
def booking() -> str:
    """Find a booking by its code."""
    return _shown("booking", staffing.find_by_code(at_work.act(), at_work.site(), forms.text("code", "预约码")))


@bp.post("/bookings/<opaque:booking_id>/check-in")
@requires_staff()
def check_in_booking(booking_id: str) -> ResponseReturnValue:
    """Check in whoever said the code."""
    found = _find(booking_id)
    ticket = checking_in.of_booking(found)
    return _answer(found, f"签好到了，他的号是 {hall.label(ticket)}。")


@bp.post("/bookings/<opaque:booking_id>/cancel")
@requires_staff()
def cancel_booking(booking_id: str) -> ResponseReturnValue:
    """Cancel a booking."""
    found = staffing.cancel(at_work.act(), _find(booking_id))
    return _answer(found, "预约取消了，他会收到通知。")


@bp.post("/bookings/<opaque:booking_id>/move")
@requires_staff()
def move_booking(booking_id: str) -> ResponseReturnValue:
    """Move a booking to another time."""
    day, _, time = request.form.get("when", "").partition(" ")
    request_day = forms.as_day("when", day)
    found = staffing.move(at_work.act(), _find(booking_id), request_day, forms.as_minute("when", "新的时间", time))
    return _answer(found, "改好了，预约码不变。")


def _find(public_id: str) -> Booking:
    return staffing.find(at_work.act(), at_work.site(), public_id)


def _answer(found: Booking, said: str) -> ResponseReturnValue:
    if not wants_part():
        return go_to(url_for("desk.booking", code=found.code))
    return _shown("bookings/one", found, said=said)


def _shown(template: str, found: Booking, **more: Any) -> str:
    act = at_work.act()
    times = staffing.times_for(act, found) if found.status == "confirmed" else {}
    return page(template, times=times, **shown(act, found), **more)
