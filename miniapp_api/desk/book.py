"""The page where staff book for somebody who called or came."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import request

from miniapp_api.appointments.service import Act, staffing
from miniapp_api.appointments.service import Booking as Made
from miniapp_api.desk import at_work, forms
from miniapp_api.desk.frame import bp, page, wants_part
from miniapp_api.sites.service import Pool, Site
from miniapp_api.staff.service import requires_staff
from miniapp_api.web.service import draw

CHANNELS = {"phone": "打电话来的", "desk": "到窗口来的"}


@bp.get("/book")
@requires_staff()
def book() -> str:
    """Show the form: what for first, then the days and times that staff may give."""
    site = at_work.site()
    wish = _wish(site)
    if wish is None:
        return page("book", site=site, offers=_offers(site), days=None, wish=None)
    pool, service, day = wish
    days = staffing.times(at_work.act(), pool, service)
    chosen = day if day in days else next(iter(days), None)
    values: dict[str, Any] = {"pool": pool, "service": service, "day": chosen, "days": days, "channels": CHANNELS}
    if wants_part():
        return page("book/times", site=site, **values)
    return page("book", site=site, offers=_offers(site), wish=f"{pool.code}.{service}", **values)


@bp.post("/book")
@requires_staff()
def make_booking() -> str:
    """Book, and show the code."""
    act, site = at_work.act(), at_work.site()
    wish = _wish(site)
    if wish is None:
        raise forms.refuse("offer", "请先选办什么")
    made = staffing.book(act, _desk_booking(site, *wish))
    return page("book/made" if wants_part() else "book_made", **shown(act, made))


def shown(act: Act, made: Made) -> dict[str, Any]:
    """A booking, with the QR code of its confirmation."""
    booking = staffing.shown(act, made)
    return {"booking": booking, "qr": draw(booking["link"]) if booking["link"] else None}


def _offers(site: Site) -> list[tuple[str, str]]:
    """What can be booked at a hall, as pairs of `pool.service` and text."""
    return [
        (f"{pool.code}.{accepted.service}", f"{at_work.service_name(accepted.service)}（{pool.name}）")
        for pool in at_work.bookable(site)
        for accepted in pool.services
    ]


def _wish(site: Site) -> tuple[Pool, str, date | None] | None:
    """What is to be booked, as far as it is chosen."""
    code, _, service = request.values.get("offer", "").partition(".")
    if not service:
        return None
    pool = next((pool for pool in at_work.bookable(site) if pool.code == code), None)
    if pool is None:
        raise forms.refuse("offer", "本大厅不能约这一项，请从列表里重新选")
    return pool, service, forms.day() if request.values.get("day") else None


def _desk_booking(site: Site, pool: Pool, service: str, day: date | None) -> staffing.DeskBooking:
    if day is None:
        raise forms.refuse("day", "请选哪一天")
    channel = request.form.get("channel", "")
    if channel not in CHANNELS:
        raise forms.refuse("channel", "请选他是打电话来的，还是到窗口来的")
    return staffing.DeskBooking(
        pool=f"{site.code}.{pool.code}",
        service=service,
        day=day,
        start=forms.minute("time", "几点"),
        name=forms.text("name", "姓名"),
        number=forms.text("number", "身份证号"),
        channel=channel,
        care="care" in request.form,
    )
