"""What reading a text gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from guidance.values import Range, Unknown

How = Literal["exact", "named", "bare", "approximate", "excluded"]
FactValue = bool | int | float | str | frozenset[str] | Range | Unknown | None
ComplaintCode = Literal[
    "out_of_range",
    "wrong_unit",
    "contradiction",
    "exclusive",
    "two_values",
    "ambiguous",
    "undecided",
    "need_one",
    "which",
]


@dataclass(frozen=True, slots=True)
class FactReading:
    """One fact as read.

    Attributes:
        fact: the fact's id.
        value: bool for yes/no; option id for choice and place; frozenset of option ids for multi;
            number or `Range` for number; `UNKNOWN` where the citizen says not to know; None where
            options were only denied.
        quote: the citizen's words.
        span: half-open span of the quote in the given text.
        how: exact (the whole text is a label or id), named (by its own words), bare (a short
            answer to the question asked), approximate (hedged, or a range), excluded (the only
            option left after denials).
        denied: option ids said not to hold, in the theme's order.
        complete: nothing further is to be expected; False for options of a multi fact named in
            passing, and where options were only denied.
    """

    fact: str
    value: FactValue
    quote: str
    span: tuple[int, int]
    how: How
    denied: tuple[str, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Complaint:
    """Something said that cannot be taken as it is; ask back.

    Attributes:
        code: for the program.
        facts: the facts concerned.
        say: a sentence for the citizen.
        quote: the citizen's words.
    """

    code: ComplaintCode
    facts: tuple[str, ...]
    say: str
    quote: str


@dataclass(frozen=True, slots=True)
class Reading:
    """All that a text says about a theme.

    Attributes:
        facts: one entry per fact, in the theme's order.
        unread: the words that were not understood, joined by spaces.
        complaints: what must be asked back.
        topics: facts named without a value (面积, 招牌的事).
    """

    facts: tuple[FactReading, ...] = ()
    unread: str = ""
    complaints: tuple[Complaint, ...] = ()
    topics: tuple[str, ...] = ()

    def of(self, fact: str) -> FactReading | None:
        """What was read of a fact."""
        return next((reading for reading in self.facts if reading.fact == fact), None)
