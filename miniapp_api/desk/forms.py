"""Reading what a form sends: each value checked, and refused with a sentence beside its name."""

from __future__ import annotations

import re
from datetime import date

from flask import request

from miniapp_api.errors import Problem

_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


def refuse(name: str, why: str) -> Problem:
    """Say what is wrong with a value: 422."""
    return Problem(422, invalid_params=[(name, why)])


def text(name: str, label: str, most: int = 100) -> str:
    """A line that must be there.

    Raises:
        Problem: 422.
    """
    given = request.values.get(name, "").strip()
    if not given:
        raise refuse(name, f"请填{label}")
    if len(given) > most:
        raise refuse(name, f"{label}太长，最多 {most} 个字")
    return given


def day(name: str = "day") -> date:
    """A day, as the browser's calendar writes it.

    Raises:
        Problem: 422.
    """
    return as_day(name, request.values.get(name, ""))


def as_day(name: str, given: str) -> date:
    """Read a day, `2026-11-28`, refusing the value of that name.

    Raises:
        Problem: 422.
    """
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise refuse(name, "请选一个日子") from None


def minute(name: str, label: str) -> int:
    """A time of day, `09:30`, as minutes after midnight.

    Raises:
        Problem: 422.
    """
    return as_minute(name, label, request.values.get(name, ""))


def as_minute(name: str, label: str, given: str) -> int:
    """Read a time of day, refusing the value of that name.

    Raises:
        Problem: 422.
    """
    if not _CLOCK.fullmatch(given):
        raise refuse(name, f"请选{label}")
    return int(given[:2]) * 60 + int(given[3:])


def number(name: str, label: str, most: int) -> int:
    """A whole number from nought.

    Raises:
        Problem: 422.
    """
    given = request.values.get(name, "")
    if not (given.isascii() and given.isdigit() and len(given) <= len(str(most)) and int(given) <= most):
        raise refuse(name, f"{label}请填 0 到 {most} 的数")
    return int(given)
