"""Reads when a citizen wants to come."""

from __future__ import annotations

from datetime import datetime

from guidance.reading.normalise import normalise
from miniapp_api.appointments.when.combining import collect
from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.scanning import scan
from miniapp_api.appointments.when.settling import settle
from miniapp_api.appointments.when.wish import Calendar, Wish


def read(text: str, now: datetime, calendar: Calendar) -> Wish | None:
    """Read a wish from free Chinese.

    Args:
        text: What the citizen wrote; the first 500 characters are read.
        now: The moment; without a zone it is China's.
        calendar: What days are: those from last year to three years ahead are asked for.

    Returns:
        The wish, or None: nothing about time is in it.
    """
    frame = Frame(now, calendar)
    words = normalise(text).text
    return settle(collect(scan(words, frame), words, frame), frame)
