"""The fields of the forms: one description of each, for showing it and for reading what was filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from flask import request

from miniapp_api.desk import service as desk
from miniapp_api.errors import Problem

T = TypeVar("T")

MOST_ENTRIES = 40
"""Of one list of ticks."""

MOST_ENTRY = 80
"""Characters of one entry, with what is to be done about it."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field.

    Attributes:
        name: what it is sent as.
        label: what the clerk reads.
        kind: `line`, `text`, `day`, `number`, `choice`, `yes`, `ticks`, `notes` (ticks, each with a line of text).
        hint: what to put there.
        needed: it may not be empty.
        most: characters, or the largest number.
        options: of a choice and of ticks, pairs of value and text.
        more: of notes, lines for entries that are not among the options.
    """

    name: str
    label: str
    kind: str
    hint: str = ""
    needed: bool = True
    most: int = 500
    options: Sequence[tuple[str, str]] = ()
    more: int = 0


class Reading:
    """Reads a form to its end, so that all that is wrong is told at once."""

    def __init__(self) -> None:
        self.faults: list[tuple[str, str]] = []

    def take(self, name: str, read: Callable[[], T]) -> T | None:
        """Read one value; what is wrong with it is kept."""
        try:
            return read()
        except Problem as problem:
            self.faults += [(name, why) for _, why in problem.invalid_params] or [(name, str(problem.description))]
            return None

    def end(self) -> None:
        """End reading.

        Raises:
            Problem: 422 with everything that was wrong.
        """
        if self.faults:
            raise Problem(422, invalid_params=self.faults)


def values_of(fields: Sequence[Field]) -> dict[str, Any]:
    """Read what was filled in, by name of the field.

    Raises:
        Problem: 422 with everything that is wrong.
    """
    reading = Reading()
    values = {field.name: reading.take(field.name, partial(_READ[field.kind], field)) for field in fields}
    reading.end()
    return values


def _line(field: Field) -> str | None:
    given = request.form.get(field.name, "").strip()
    return desk.text(field.name, field.label, field.most) if given or field.needed else None


def _day(field: Field) -> str | None:
    if not request.form.get(field.name) and not field.needed:
        return None
    return desk.as_day(field.name, request.form.get(field.name, "")).isoformat()


def _number(field: Field) -> int:
    number = desk.number(field.name, field.label, field.most)
    if number < 1:
        raise desk.refuse(field.name, f"{field.label}至少填 1")
    return number


def _choice(field: Field) -> str:
    given = request.form.get(field.name, "")
    if given not in dict(field.options):
        raise desk.refuse(field.name, f"请选{field.label}")
    return given


def _ticks(field: Field) -> list[str]:
    known = dict(field.options)
    given = [value for value in request.form.getlist(field.name) if value in known]
    if field.needed and not given:
        raise desk.refuse(field.name, f"请勾选{field.label}")
    return given


def _notes(field: Field) -> list[str]:
    """Ticked entries, each followed by what is to be done about it, and those that were typed."""
    ticked = set(request.form.getlist(field.name))
    entries = [
        _noted(value, request.form.get(f"{field.name}-note-{index}", ""))
        for index, (value, _) in enumerate(field.options)
        if value in ticked
    ]
    typed = [request.form.get(f"{field.name}-more-{index}", "").strip() for index in range(field.more)]
    entries += [entry for entry in typed if entry]
    if field.needed and not entries:
        raise desk.refuse(field.name, f"请勾选{field.label}，写明怎么办")
    for entry in entries:
        if len(entry) > MOST_ENTRY:
            raise desk.refuse(field.name, f"“{entry[:12]}…”太长，材料名加上怎么办最多 {MOST_ENTRY} 个字")
    return list(dict.fromkeys(entries))[:MOST_ENTRIES]


def _noted(value: str, note: str) -> str:
    note = note.strip()
    return f"{value}：{note}" if note else value


_READ: dict[str, Callable[[Field], Any]] = {
    "line": _line,
    "text": _line,
    "day": _day,
    "number": _number,
    "choice": _choice,
    "yes": lambda field: field.name in request.form,
    "ticks": _ticks,
    "notes": _notes,
}
