"""Citizens drawn from the priors of a theme, and the sessions they go through.

Everything is drawn from one seeded source, so that a figure can be had again. Vetoes do not end a
session here: citizens play on to the last question that matters.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from guidance.analysis import priors
from guidance.compiler import CompiledTheme
from guidance.situation import Situation
from guidance.tables import Status
from guidance.theme import MultiFact, NumberFact

SEED: Final = 20261122


@dataclass(frozen=True, slots=True)
class Budget:
    """What a theme costs citizens in questions, over simulated sessions.

    Attributes:
        sessions: how many were played.
        mean: questions asked in a session, on average.
        maximum: the most asked in any session.
        applicable: questions that apply to a citizen, on average: what a form would ask.
        asked: by fact, the share of sessions that asked it, in the author's order.
    """

    sessions: int
    mean: float
    maximum: int
    applicable: float
    asked: dict[str, float]

    @property
    def ratio(self) -> float:
        """Questions asked ÷ questions that apply."""
        return self.mean / self.applicable if self.applicable else 0.0


def draw(random: Random, compiled: CompiledTheme) -> dict[str, Any]:
    """One citizen: a value for every fact, those behind closed gates included.

    Options of a multi fact are picked independently; an exclusive one is picked alone; where one
    is needed and chance picks none, the likeliest is taken.
    """
    return {fact: _value(random, compiled, fact) for fact in compiled.theme.facts}


def applicable(compiled: CompiledTheme, citizen: dict[str, Any]) -> list[str]:
    """The facts that apply to a citizen, in the author's order."""
    situation = Situation(compiled, citizen)
    return [fact for fact in compiled.theme.facts if situation.applies(fact) is not Status.NOT_NEEDED]


def play(
    compiled: CompiledTheme, citizen: dict[str, Any], prefilled: Iterable[str] = (), order: Sequence[str] | None = None
) -> list[str]:
    """Play a session to its end.

    Args:
        compiled: the theme.
        citizen: the true answers.
        prefilled: facts that the opening sentence tells, as far as they apply.
        order: the order of the questions; the author's, if None.

    Returns:
        The facts asked, in the order asked.
    """
    facts = list(compiled.theme.facts) if order is None else order
    told = set(prefilled) & set(applicable(compiled, citizen))
    situation = Situation(compiled, {fact: citizen[fact] for fact in told})
    asked: list[str] = []
    while (fact := next((fact for fact in facts if situation.askable(fact)), None)) is not None:
        asked.append(fact)
        situation = situation.with_answer(fact, citizen[fact])
    return asked


def simulate(
    compiled: CompiledTheme,
    sessions: int,
    prefilled: Iterable[str] = (),
    order: Sequence[str] | None = None,
    seed: int = SEED,
) -> Budget:
    """The question budget of a theme over simulated sessions; see `play` for the arguments."""
    random = Random(seed)  # noqa: S311 - chance, not secrecy
    told = tuple(prefilled)
    times: Counter[str] = Counter()
    lengths: list[int] = []
    apply = 0
    for _ in range(sessions):
        citizen = draw(random, compiled)
        asked = play(compiled, citizen, told, order)
        times.update(asked)
        lengths.append(len(asked))
        apply += len(applicable(compiled, citizen))
    return Budget(
        sessions,
        sum(lengths) / sessions,
        max(lengths),
        apply / sessions,
        {fact: times[fact] / sessions for fact in compiled.theme.facts},
    )


def asked_ratio(compiled: CompiledTheme, sessions: int, prefilled: Iterable[str] = (), seed: int = SEED) -> float:
    """Mean questions asked ÷ mean questions that apply."""
    return simulate(compiled, sessions, prefilled, seed=seed).ratio


def _value(random: Random, compiled: CompiledTheme, fact: str) -> Any:
    spec = compiled.theme.facts[fact]
    if isinstance(spec, NumberFact):
        return _number(random, spec)
    if isinstance(spec, MultiFact):
        return _options(random, spec)
    shares = priors.shares(spec, compiled.options(fact))
    return random.choices(list(shares), list(shares.values()))[0]


def _number(random: Random, fact: NumberFact) -> float:
    bins = priors.bins(fact)
    low, high, _ = random.choices(bins, [share for _, _, share in bins])[0]
    size = priors.step(fact, low, high)
    first, last = math.ceil(low / size - 1e-9), math.floor(high / size + 1e-9)
    return round(random.randint(first, last) * size, 6) if first <= last else low


def _options(random: Random, fact: MultiFact) -> frozenset[str]:
    chance = random.random()
    for option, share in priors.alone(fact).items():
        chance -= share
        if chance < 0:
            return frozenset({option})
    picked = frozenset(option for option, share in priors.combinable(fact).items() if random.random() < share)
    fallback = priors.fallback_option(fact)
    if not picked and fact.min:
        return frozenset({fallback or next(iter(fact.options))})
    return picked
