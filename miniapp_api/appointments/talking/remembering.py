"""Words about time that are said one after the other: 「周六」, then 「下午」."""

from __future__ import annotations

from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.when import Wish, read
from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.saying import wish_of
from miniapp_api.calendar.service import CHINA, calendar


def joined(act: Act, earlier: str | None, wish: Wish) -> str:
    """What is wished for now, in words: what is not named again, days or time of day, stays as it was.

    Args:
        act: now.
        earlier: words told earlier, None if none.
        wish: what was told now.
    """
    here, known = act.now.astimezone(CHINA), calendar(act.session)
    before = read(earlier, here, known) if earlier else None
    if before is None or bool(wish.days) == bool(wish.span):
        return wish.said
    days = wish.days or before.days
    timed = wish if wish.span else before
    return wish_of(days, timed.span, timed.at, Frame(here, known), soonest=wish.soonest)
