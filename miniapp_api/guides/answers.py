"""Answers as JSON: what the API takes and gives, and what is stored."""

from __future__ import annotations

from typing import Any

from guidance.values import UNKNOWN, Answer, Range

MAX_OPTIONS = 30


def encode(answer: Answer) -> Any:
    """An answer as JSON: bool, number, option id, sorted list of ids, range object or `"unknown"`."""
    match answer:
        case Range():
            return {"low": answer.low, "high": answer.high, "low_open": answer.low_open, "high_open": answer.high_open}
        case frozenset():
            return sorted(answer)
        case _ if answer is UNKNOWN:
            return "unknown"
        case _:
            return answer


def decode(value: Any) -> Any:
    """The engine's form of a JSON answer; the engine itself checks that it fits the fact."""
    match value:
        case "unknown":
            return UNKNOWN
        case list():
            return frozenset(value) if all(isinstance(option, str) for option in value) else value
        case {"low": low, "high": high, **flags}:
            return Range(low, high, bool(flags.get("low_open")), bool(flags.get("high_open")))
        case _:
            return value
