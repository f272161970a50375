"""Addresses of appointments."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import Response

from miniapp_api.accounts.service import current_visitor, requires_visitor
from miniapp_api.appointments import files, service
from miniapp_api.appointments.schemas import (
    AppealIn,
    BookIn,
    BookingOut,
    BookingsOut,
    ConductOut,
    ConfirmIn,
    DaysIn,
    DaysOut,
    HallsIn,
    HallsOut,
    KeyIn,
    MoveIn,
    RestrictionOut,
    TimesIn,
    TimesOut,
    WaitIn,
    WaitOut,
    WaitsOut,
)
from miniapp_api.extensions import db, limiter, settings
from miniapp_api.idempotency.service import Keyed, once_per_request

bp = APIBlueprint("appointments", __name__, url_prefix="/api/v1", tag="预约")


@bp.get("/appointments/halls")
@requires_visitor
@bp.input(HallsIn, location="query")
@bp.output(HallsOut)
@bp.doc(summary="哪些大厅能约", description="有空号的在前；给了位置就按远近。")
def halls(query_data: HallsIn) -> dict[str, Any]:
    """List the halls where a service can be booked."""
    asked = query_data
    return service.halls(
        db.session,
        asked.locality or current_visitor().locality,
        asked.service,
        near=_point(asked.near),
        district=asked.district,
        day=asked.day,
    )


@bp.get("/appointments/days")
@requires_visitor
@bp.input(DaysIn, location="query")
@bp.output(DaysOut)
@bp.doc(summary="哪几天有号")
def days(query_data: DaysIn) -> dict[str, Any]:
    """List days."""
    return service.days(db.session, query_data.pool, query_data.service, query_data.first, query_data.count)


@bp.get("/appointments/times")
@requires_visitor
@bp.input(TimesIn, location="query")
@bp.output(TimesOut)
@bp.doc(summary="一天里几点有号")
def times(query_data: TimesIn) -> dict[str, Any]:
    """List the times of a day."""
    return service.times(db.session, query_data.pool, query_data.service, query_data.day)


@bp.post("/appointments")
@requires_visitor
@limiter.limit(lambda: settings().booking_limit, key_func=lambda: current_visitor().public_id)
@bp.input(BookIn)
@bp.input(KeyIn, location="headers")
@bp.output(BookingOut, status_code=201)
@bp.doc(summary="预约，或者先留号")
def book(json_data: BookIn, headers_data: KeyIn) -> dict[str, Any]:
    """Book a time or hold it."""
    visitor, wish = current_visitor(), json_data.model_dump()
    keyed = Keyed("book", headers_data.idempotency_key, wish)
    done = once_per_request(
        db.session, visitor.id, keyed, lambda: {"id": service.book(db.session, visitor, wish).public_id}
    )
    return service.one(db.session, visitor, done["id"])


@bp.get("/appointments")
@requires_visitor
@bp.output(BookingsOut)
@bp.doc(summary="我的预约", description="还没办的在前，按时间；一年以内的都在。")
def mine() -> dict[str, Any]:
    """List the visitor's bookings."""
    return {"bookings": service.mine(db.session, current_visitor())}


@bp.get("/appointments/<opaque:booking_id>")
@requires_visitor
@bp.output(BookingOut)
@bp.doc(summary="看一个预约")
def one(booking_id: str) -> dict[str, Any]:
    """Give a booking."""
    return service.one(db.session, current_visitor(), booking_id)


@bp.post("/appointments/<opaque:booking_id>/confirm")
@requires_visitor
@bp.input(ConfirmIn)
@bp.output(BookingOut)
@bp.doc(summary="确认留的号", description="再确认一次还是同一个预约。")
def confirm(booking_id: str, json_data: ConfirmIn) -> dict[str, Any]:
    """Confirm what is held."""
    service.confirm(db.session, current_visitor(), booking_id, json_data.person)
    return service.one(db.session, current_visitor(), booking_id)


@bp.post("/appointments/<opaque:booking_id>/cancel")
@requires_visitor
@bp.output(BookingOut)
@bp.doc(summary="取消预约", description="再取消一次也没有关系。")
def cancel(booking_id: str) -> dict[str, Any]:
    """Cancel a booking."""
    service.cancel(db.session, current_visitor(), booking_id)
    return service.one(db.session, current_visitor(), booking_id)


@bp.post("/appointments/<opaque:booking_id>/move")
@requires_visitor
@limiter.limit(lambda: settings().booking_limit, key_func=lambda: current_visitor().public_id)
@bp.input(MoveIn)
@bp.output(BookingOut)
@bp.doc(summary="改约", description="先占上新的号才放掉原来的；占不上，原来的还在。")
def move(booking_id: str, json_data: MoveIn) -> dict[str, Any]:
    """Reschedule a booking."""
    service.move(db.session, current_visitor(), booking_id, json_data.model_dump())
    return service.one(db.session, current_visitor(), booking_id)


@bp.get("/appointments/<opaque:booking_id>/qr.svg")
@requires_visitor
@bp.doc(summary="签到用的二维码", responses={200: {"description": "SVG", "content": {"image/svg+xml": {}}}})
def qr(booking_id: str) -> Response:
    """Draw the code of a confirmed booking."""
    return Response(files.qr(db.session, current_visitor(), booking_id), mimetype="image/svg+xml")


@bp.get("/appointments/<opaque:booking_id>/calendar.ics")
@requires_visitor
@bp.doc(summary="加到手机日历", responses={200: {"description": "iCalendar", "content": {"text/calendar": {}}}})
def ics(booking_id: str) -> Response:
    """Give a booking as a calendar event."""
    headers = {"Content-Disposition": 'attachment; filename="appointment.ics"'}
    return Response(files.ics(db.session, current_visitor(), booking_id), mimetype="text/calendar", headers=headers)


@bp.get("/waiting")
@requires_visitor
@bp.output(WaitsOut)
@bp.doc(summary="我的候补")
def waits() -> dict[str, Any]:
    """List what the visitor waits for."""
    return {"waiting": service.waits(db.session, current_visitor())}


@bp.post("/waiting")
@requires_visitor
@bp.input(WaitIn)
@bp.output(WaitOut, status_code=201)
@bp.doc(summary="候补", description="有人退号就先给候补的人留 30 分钟。同样的再发一次，还是同一个。")
def wait(json_data: WaitIn) -> dict[str, Any]:
    """Enter the waiting list."""
    return service.enter_waiting(db.session, current_visitor(), json_data.model_dump())


@bp.delete("/waiting/<opaque:waiting_id>")
@requires_visitor
@bp.output({}, status_code=204)
@bp.doc(summary="不候补了")
def stop_waiting(waiting_id: str) -> str:
    """Leave the waiting list."""
    service.leave_waiting(db.session, current_visitor(), waiting_id)
    return ""


@bp.get("/conduct")
@requires_visitor
@bp.output(ConductOut)
@bp.doc(summary="爽约记分和限制")
def standing() -> dict[str, Any]:
    """Say how the visitor's people stand."""
    return service.standing(db.session, current_visitor())


@bp.post("/conduct/<opaque:restriction_id>/appeal")
@requires_visitor
@bp.input(AppealIn)
@bp.output(RestrictionOut)
@bp.doc(summary="申诉")
def appeal(restriction_id: str, json_data: AppealIn) -> dict[str, Any]:
    """Say something against a restriction."""
    return service.appeal(db.session, current_visitor(), restriction_id, json_data.text)


def _point(text: str | None) -> tuple[float, float] | None:
    if text is None:
        return None
    latitude, _, longitude = text.partition(",")
    return float(latitude), float(longitude)
