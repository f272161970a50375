"""The question budget of a theme: how many questions citizens are asked, and how to ask fewer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from guidance.authoring.ordering import Move, better_orders
from guidance.authoring.simulation import Budget, simulate
from guidance.compiler import CompiledTheme

SESSIONS: Final = 1000
TOLD: Final = 4


@dataclass(frozen=True, slots=True)
class QuestionBudget:
    """What a theme asks of citizens in one city.

    Attributes:
        plain: asked question by question.
        told: the facts that an opening sentence tells in the second count.
        prefilled: with those facts told.
        moves: orders that would ask less.
    """

    plain: Budget
    told: tuple[str, ...]
    prefilled: Budget
    moves: tuple[Move, ...]


def question_budget(compiled: CompiledTheme, told: Sequence[str] = (), sessions: int = SESSIONS) -> QuestionBudget:
    """The question budget, from sessions simulated with a fixed seed.

    Args:
        compiled: the theme for one city.
        told: facts of an opening sentence; the four asked most often, if empty.
        sessions: how many to simulate.

    Raises:
        KeyError: a fact does not exist.
    """
    for fact in told:
        compiled.theme.facts[fact]
    plain = simulate(compiled, sessions)
    facts = tuple(told) or tuple(sorted(plain.asked, key=lambda fact: -plain.asked[fact])[:TOLD])
    return QuestionBudget(plain, facts, simulate(compiled, sessions, facts), tuple(better_orders(compiled)))
