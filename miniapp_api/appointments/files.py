"""A booking as a QR code and as a calendar event (RFC 5545)."""

from __future__ import annotations

from datetime import UTC, timedelta

from icalendar import Alarm, Calendar, Event
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import policy
from miniapp_api.appointments.models import Booking
from miniapp_api.appointments.planning import at
from miniapp_api.errors import Problem
from miniapp_api.signed_codes.service import SignedCode, qr_svg
from miniapp_api.sites.service import Pool, services

REMIND = timedelta(hours=-2)


def qr(session: Session, visitor: Visitor, public_id: str) -> str:
    """Draw the code of a booking, as SVG.

    Raises:
        Problem: 404; 409 before it is confirmed.
    """
    return qr_svg(session.get_one(SignedCode, _confirmed(session, visitor, public_id).sign))


def ics(session: Session, visitor: Visitor, public_id: str) -> bytes:
    """Give a booking as a calendar with one event; the same event again if it was moved.

    Raises:
        Problem: 404; 409 before it is confirmed.
    """
    row = _confirmed(session, visitor, public_id)
    site, service = session.get_one(Pool, row.pool_id).site, services().get(row.service)
    calendar, event, alarm = Calendar(), Event(), Alarm()
    calendar.add("prodid", "-//Daoban//Appointments//ZH")
    calendar.add("version", "2.0")
    event.add("uid", f"{row.public_id}@daoban")
    event.add("sequence", row.version)
    event.add("dtstamp", row.created_at)
    event.add("dtstart", at(row.day, row.start).astimezone(UTC))  # a zone would have to be defined in the file
    event.add("dtend", at(row.day, row.end).astimezone(UTC))
    event.add("summary", f"到{site.name}办{service.name}")
    event.add("location", site.address)
    event.add("description", f"预约码 {row.code}。到大厅请出示预约二维码签到。电话 {site.phone}")
    event.add("status", "CONFIRMED" if row.status in ("confirmed", "checked_in") else "CANCELLED")
    alarm.add("action", "DISPLAY")
    alarm.add("description", "预约提醒")
    alarm.add("trigger", REMIND)
    event.add_component(alarm)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _confirmed(session: Session, visitor: Visitor, public_id: str) -> Booking:
    row = policy.find(session, visitor, public_id)
    if row.sign is None:
        raise Problem(409, "not_confirmed", "这个号还没确认，请先确认预约。")
    return row
