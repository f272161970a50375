"""What a citizen is told about a booking, and when. Rows of the outbox, in the booking's own transaction."""

from __future__ import annotations

from datetime import datetime, timedelta

from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.models import Booking
from miniapp_api.appointments.planning import at
from miniapp_api.appointments.wording import clock, when_text
from miniapp_api.outbox.service import Notice, Owed, post_all, withdraw
from miniapp_api.sites.service import Pool, services

DAY_BEFORE = timedelta(days=1)
HOURS_BEFORE = timedelta(hours=2)


def confirmed(act: Act, booking: Booking) -> None:
    """Confirm a booking to its citizen, and remind them the day before and two hours before."""
    what, start = _what(act, booking), at(booking.day, booking.start)
    said = _message(booking, "confirmed", "预约成功", f"您已约好{what}。", not_after=start)
    _post(act, booking, said, *_reminders(act, booking, what))


def moved(act: Act, booking: Booking) -> None:
    """Say that a booking was rescheduled, and remind of its new time only."""
    forget(act, booking)
    what, start = _what(act, booking), at(booking.day, booking.start)
    said = _message(booking, "moved", "预约已改期", f"新的时间：{what}。", not_after=start)
    _post(act, booking, said, *_reminders(act, booking, what))


def cancelled(act: Act, booking: Booking) -> None:
    """Say that a booking is cancelled, and remind no more."""
    forget(act, booking)
    text = f"您取消了{_what(act, booking)}。还想办，随时可以再约。"
    _post(act, booking, _message(booking, "cancelled", "预约已取消", text, not_after=at(booking.day, booking.end)))


def revoked(act: Act, booking: Booking, reason: str) -> None:
    """Say that the hall cannot keep a booking, why, and what to do."""
    forget(act, booking)
    text = f"很抱歉，{_what(act, booking)}办不了了：{reason}。不会给您记爽约。请点开重新选个时间，或者直接到窗口取号。"
    _post(act, booking, _message(booking, "revoked", "预约有变，请改约", text, not_after=at(booking.day, booking.end)))


def offered(act: Act, booking: Booking) -> None:
    """Offer a held place to somebody on the waiting list."""
    until = booking.hold_until
    assert until is not None  # noqa: S101 - it is held
    text = f"有人退号，给您留了{_what(act, booking)}，请在 30 分钟内点开确认，过时会让给下一位。"
    _post(act, booking, _message(booking, "offered", "候补到号了", text, not_after=until))


def forget(act: Act, booking: Booking) -> None:
    """Send nothing more of what was planned."""
    withdraw(act.session, f"booking:{booking.public_id}:")


def _reminders(act: Act, booking: Booking, what: str) -> list[Owed]:
    """The reminders that are still to come; else the confirmation has just said it."""
    start = at(booking.day, booking.start)
    text = f"别忘了：{what}。来不了请点开取消，让给别人。"
    planned = (
        ("day_before", start - DAY_BEFORE, start - HOURS_BEFORE),
        ("hours_before", start - HOURS_BEFORE, start),
    )
    return [
        _message(booking, name, "预约提醒", text, not_before=due, not_after=useless)
        for name, due, useless in planned
        if due > act.now
    ]


def _message(
    booking: Booking, name: str, title: str, text: str, *, not_after: datetime, not_before: datetime | None = None
) -> Owed:
    fields = {
        "thing": services().get(booking.service).name,
        "time": f"{booking.day:%Y年%m月%d日} {clock(booking.start)}",
        "tip": title,
    }
    topic = "appointment.reminder" if name.endswith("before") else f"appointment.{name}"
    notice = Notice(topic, title, text, link=f"/appointments/{booking.public_id}", fields=fields)
    return Owed(notice, f"booking:{booking.public_id}:{booking.version}.{name}", not_before, not_after)


def _post(act: Act, booking: Booking, *messages: Owed) -> None:
    if booking.visitor_id is not None:  # else booked at the desk: there is no telephone of theirs here
        post_all(act.session, booking.visitor_id, messages)


def _what(act: Act, booking: Booking) -> str:
    """「11月28日（周六）09:30 在某某大厅办食品经营许可」."""
    site = act.session.get_one(Pool, booking.pool_id).site
    return f"{when_text(booking.day, booking.start)} 在{site.name}办“{services().get(booking.service).name}”"
