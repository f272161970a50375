"""Words about time that are said one after the other: 「周六」, then 「下午」."""

from __future__ import annotations

from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.when import Wish, read
from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.saying import wish_of
from miniapp_api.calendar.service import CHINA, calendar


def joined(act: Act, earlier: str | None, wish: Wish) -> str:
    """What is wished for now, in words: a time of day keeps the days told earlier; a day replaces them.

    Args:
        act: now.
        earlier: words told earlier, None if none.
        wish: what was told now.
    """
    if not earlier or wish.days or wish.span is None:
        return wish.said
    here, known = act.now.astimezone(CHINA), calendar(act.session)
    before = read(earlier, here, known)
    if before is None or not before.days:
        return wish.said
    return wish_of(before.days, wish.span, wish.at, Frame(here, known), soonest=wish.soonest)
