"""Checking somebody in by whatever they show: the code on their booking, or the booking itself."""

from __future__ import annotations

import unicodedata

from miniapp_api.appointments.service import Booking, staffing
from miniapp_api.desk import at_work
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.hall.service import Ticket
from miniapp_api.signed_codes.service import SignedCode, link_of

_PATH = "/r/"
_BOOKING_CODE = 8
"""Characters of a code that can be said; of a signed one there are many more digits."""


def by_what_was_read(text: str) -> Ticket:
    """Check in by what a scanner or a person typed: an address ending in digits, the digits, or a booking's code.

    Raises:
        Problem: 422 if it is none of them; else as `hall.check_in_by_code`, or 404.
    """
    typed = "".join(unicodedata.normalize("NFKC", text).split())  # an input method may widen what a scanner types
    if not typed:
        raise Problem(422, "nothing_read", "没有读到内容，请再扫一次，或者输入预约码。")
    digits = typed.rpartition(_PATH)[2]
    if len(typed) <= _BOOKING_CODE:
        return of_booking(staffing.find_by_code(at_work.act(), at_work.site(), typed))
    return hall.check_in_by_code(db.session, digits, at_work.site(), at_work.actor(), at_work.now())


def of_booking(booking: Booking) -> Ticket:
    """Check somebody in whose booking is known, as if they had shown its code.

    Raises:
        Problem: as `hall.check_in_by_code`; 409 if it was never confirmed.
    """
    code = db.session.get(SignedCode, booking.sign) if booking.sign else None
    if code is None:
        raise Problem(409, "not_confirmed", "这个预约还没有确认，不能签到。请让他先在手机上确认，或者现场取号。")
    digits = link_of(code).rpartition(_PATH)[2]
    return hall.check_in_by_code(db.session, digits, at_work.site(), at_work.actor(), at_work.now())
