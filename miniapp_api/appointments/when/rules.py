"""What a rule of reading is: a pattern, and what it makes of the words it matches."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from miniapp_api.appointments.when.frame import Frame
from miniapp_api.appointments.when.tokens import Value


@dataclass(slots=True)
class Place:
    """Where a rule is tried.

    Attributes:
        frame: now and the calendar.
        text: the whole normalised text.
        start: where the match begins.
        previous: the value that ends exactly here, or None.
        extra: further values of the same words, read after the one returned (马上: today, and soonest).
    """

    frame: Frame
    text: str
    start: int
    previous: Value | None
    extra: list[Value] = field(default_factory=list)

    @property
    def before(self) -> str:
        """The few characters before the match."""
        return self.text[max(0, self.start - 4) : self.start]


Make = Callable[[re.Match[str], Place], Value | None]
"""What the words mean, or None: they mean nothing about time."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern tried at every place of the text, and its meaning."""

    pattern: re.Pattern[str]
    make: Make


def rule(pattern: str, make: Make) -> Rule:
    """A rule of a pattern as text."""
    return Rule(re.compile(pattern), make)


def always(pattern: str, value: Value) -> Rule:
    """A rule whose words always mean the same."""
    return Rule(re.compile(pattern), lambda _match, _place: value)
