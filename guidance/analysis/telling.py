"""Situations told in Chinese."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from guidance.compiler import CompiledTheme
from guidance.sentences import say_answer


def say_situation(city: CompiledTheme, situation: Mapping[str, Any]) -> str:
    """A situation as citizens would tell it, in the author's order."""
    told = [
        f"{spec.label}：{say_answer(city, fact, situation[fact])}"
        for fact, spec in city.theme.facts.items()
        if fact in situation
    ]
    return "；".join(told) or "任何情形"
