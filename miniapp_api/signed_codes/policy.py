"""For how long a code tells strangers more than that it is genuine. Evidence itself does not expire."""

from __future__ import annotations

from datetime import date, timedelta

from miniapp_api.signed_codes.code import Kind

_TOLD_FOR = timedelta(days=730)
"""Longer than a case takes; its domain falls silent earlier, when it has long been closed."""

_TOLD_FOR_AN_APPOINTMENT = timedelta(days=90)


def still_told(kind: Kind, issued_on: date, today: date) -> bool:
    """Tell whether strangers may still see how far the thing is."""
    span = _TOLD_FOR_AN_APPOINTMENT if kind is Kind.APPOINTMENT else _TOLD_FOR
    return today - issued_on <= span
