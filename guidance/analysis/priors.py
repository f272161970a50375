"""How likely answers are: the shares that authors write, completed to distributions.

The simulation draws from them and the decision diagrams weigh situations by them, so that a share
found by counting and one found by proof mean the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from guidance.theme import MultiFact, NumberFact, YesNoFact

FINE_STEP = 0.1
COARSE_BIN = 20


def shares(fact: Any, options: Mapping[str, Any]) -> dict[Any, float]:
    """The share of each value of a yes/no, choice or place fact; they sum to 1.

    Options without a share divide equally what the others leave.

    Args:
        fact: a fact of the theme.
        options: its options, the city's districts for a place.
    """
    if isinstance(fact, YesNoFact):
        return {False: 1 - fact.prior, True: fact.prior}
    given = {id_: option.prior for id_, option in options.items() if option.prior is not None}
    left = max(0.0, 1 - sum(given.values()))
    silent = len(options) - len(given)
    known = {id_: given.get(id_, left / silent if silent else 0.0) for id_ in options}
    total = sum(known.values())
    return {id_: share / total if total else 1 / len(known) for id_, share in known.items()}


def option_share(fact: MultiFact, option: str) -> float:
    """How many citizens in a hundred, as a share, pick an option of a multi fact."""
    prior = fact.options[option].prior
    if prior is not None:
        return prior
    return 0.05 if fact.options[option].exclusive else 0.5


def alone(fact: MultiFact) -> dict[str, float]:
    """The exclusive options of a multi fact and the shares that pick them."""
    return {option: option_share(fact, option) for option, spec in fact.options.items() if spec.exclusive}


def combinable(fact: MultiFact) -> dict[str, float]:
    """The other options, picked independently of each other where no exclusive one is."""
    return {option: option_share(fact, option) for option, spec in fact.options.items() if not spec.exclusive}


def fallback_option(fact: MultiFact) -> str | None:
    """What counts as picked when chance picks nothing of a fact that needs one option at least."""
    free = combinable(fact)
    return max(free, key=lambda option: free[option]) if fact.min and free else None


def bins(fact: NumberFact) -> list[tuple[float, float, float]]:
    """The (low, high, share) bins of a number; its whole range if none are written."""
    total = sum(share for _, _, share in fact.prior)
    if not total:
        return [(*fact.range, 1.0)]
    return [(low, high, share / total) for low, high, share in fact.prior]


def step(fact: NumberFact, low: float, high: float) -> float:
    """How finely citizens tell a number of a bin: whole numbers, tenths in a narrow bin."""
    return 1.0 if fact.integer or high - low >= COARSE_BIN or low == high else FINE_STEP


def count_of_steps(low: float, high: float, size: float) -> int:
    """How many multiples of a step lie in [low, high]."""
    return max(0, math.floor(high / size + 1e-9) - math.ceil(low / size - 1e-9) + 1)


def number_share(fact: NumberFact, holds: Callable[[float], bool], marks: list[float]) -> float:
    """The share of citizens whose number passes a test that changes only at the marks.

    Args:
        fact: the number.
        holds: the test.
        marks: every value at which the test may change, either way.
    """
    found = 0.0
    for low, high, share in bins(fact):
        size = step(fact, low, high)
        total = count_of_steps(low, high, size)
        if not total:
            found += share * holds(low)
            continue
        inside = sorted({mark for mark in marks if low < mark < high})
        passed = 0
        for left, right in zip([low, *inside], [*inside, high], strict=True):
            passed += holds((left + right) / 2) * _steps_between(left, right, size)
        passed += sum(holds(edge) for edge in {low, *inside, high} if count_of_steps(edge, edge, size))
        found += share * passed / total
    return found


def _steps_between(low: float, high: float, size: float) -> int:
    """How many multiples of a step lie strictly between two numbers."""
    edges = sum(count_of_steps(edge, edge, size) for edge in {low, high})
    return max(0, count_of_steps(low, high, size) - edges)


def likeliest(fact: Any, options: Mapping[str, Any]) -> Any:
    """An ordinary answer to a fact: the likeliest option, what most pick, the middle of the fullest bin."""
    if isinstance(fact, MultiFact):
        picked = frozenset(option for option, share in combinable(fact).items() if share > 1 / 2)
        fallback = fallback_option(fact)
        return picked or frozenset({fallback} if fallback else list(fact.options)[: fact.min])
    if isinstance(fact, NumberFact):
        low, high, _ = max(bins(fact), key=lambda found: found[2])
        middle = (low + high) / 2
        return float(round(middle)) if low <= round(middle) <= high else middle
    found = shares(fact, options)
    return max(found, key=lambda value: found[value])
