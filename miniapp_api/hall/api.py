"""Addresses of a hall's day for citizens: check in, take a number, see one's place, and the board."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from miniapp_api.accounts.service import current_visitor, public, requires_visitor
from miniapp_api.database import utc_now
from miniapp_api.extensions import db, limiter
from miniapp_api.hall import service
from miniapp_api.hall.schemas import BoardOut, CheckInHereIn, KeyIn, TakeIn, TicketOut

bp = APIBlueprint("hall", __name__, url_prefix="/api/v1", tag="现场")


@bp.get("/tickets/<opaque:ticket_id>")
@requires_visitor
@bp.output(TicketOut)
@bp.doc(summary="我的号：前面还有几位，大约还要多久")
def ticket(ticket_id: str) -> dict[str, Any]:
    """Show a citizen's number."""
    found = service.own_ticket(db.session, current_visitor(), ticket_id)
    return service.citizen_view(db.session, found, utc_now())


@bp.get("/appointments/<opaque:appointment_id>/ticket")
@requires_visitor
@bp.output(TicketOut)
@bp.doc(summary="预约签到后的号", description="还没签到就是 404。")
def ticket_of_booking(appointment_id: str) -> dict[str, Any]:
    """Show the number that a booking was checked in for."""
    visitor = current_visitor()
    booking = service.own_booking(db.session, visitor, appointment_id)
    found = service.ticket_of_booking(db.session, visitor, booking)
    return service.citizen_view(db.session, found, utc_now())


@bp.post("/tickets/<opaque:ticket_id>/leave")
@requires_visitor
@bp.output(TicketOut)
@bp.doc(summary="不等了", description="取消这个号；再发一次，还是取消。正在办理的不能取消。")
def leave(ticket_id: str) -> dict[str, Any]:
    """Give a number up."""
    found, now = service.own_ticket(db.session, current_visitor(), ticket_id), utc_now()
    return service.citizen_view(db.session, service.leave(db.session, found, now), now)


@bp.post("/appointments/<opaque:appointment_id>/check-in")
@requires_visitor
@bp.input(CheckInHereIn)
@bp.output(TicketOut)
@bp.doc(summary="到大厅扫码签到", description="签到就取好了号；再签一次，还是那个号。")
def check_in(appointment_id: str, json_data: CheckInHereIn) -> dict[str, Any]:
    """Check in at the hall's screen."""
    visitor, now = current_visitor(), utc_now()
    booking = service.own_booking(db.session, visitor, appointment_id)
    issued = service.check_in_here(db.session, booking, json_data.token, now)
    return service.citizen_view(db.session, issued, now)


@bp.post("/sites/<string(maxlength=64):code>/tickets")
@requires_visitor
@limiter.limit(service.TAKE_LIMIT)
@bp.input(KeyIn, location="headers")
@bp.input(TakeIn)
@bp.output(TicketOut, status_code=201)
@bp.doc(summary="在大厅扫码取号", description="没有预约的，扫大厅屏幕上的码取号；同一个 Idempotency-Key 只取一个号。")
def take(code: str, headers_data: KeyIn, json_data: TakeIn) -> dict[str, Any]:
    """Take a number at the hall's screen."""
    now = utc_now()
    asked = service.Take(code, json_data.service, json_data.token, headers_data.key)
    return service.citizen_view(db.session, service.take(db.session, current_visitor(), asked, now), now)


@bp.get("/sites/<string(maxlength=64):code>/board")
@public
@bp.output(BoardOut)
@bp.doc(summary="大厅的叫号屏：在叫谁，下一位是谁，各有几位在等", description="只有号码，没有姓名。")
def board(code: str) -> dict[str, Any]:
    """Show the board."""
    return service.board(db.session, service.site_of_code(db.session, code), utc_now())
