"""A thousand pushes, each sent three times, answered late at random: each answered once."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from benchmarks.figures import Figure
from benchmarks.wechat import traffic
from benchmarks.wechat.system import running

CITIZENS = 100
MESSAGES = 10
AT_A_TIME = 32
SEED = 3
LATE = 0.3
"""Share of the answers that Rasa gives after more than five seconds."""


def delays(seed: int) -> Callable[[], float]:
    """Seconds by which answers of Rasa are held back: mostly little, some past WeChat's patience."""
    chance = Random(seed)
    return lambda: chance.uniform(5, 8) if chance.random() < LATE else chance.uniform(0, 1)


def figures() -> list[Figure]:
    """Measure."""
    with running(delays(SEED), RASA_TIMEOUT="30") as system:
        citizens = [system.wechat.citizen(f"once-{number}") for number in range(CITIZENS)]
        traffic.open_guides(citizens, AT_A_TIME)
        before = system.rasa.turns
        told = traffic.talk(
            system.wechat, citizens, MESSAGES, AT_A_TIME, seed=SEED, count_turns=lambda: system.rasa.turns - before
        )
    what = (
        f"{told.sent} pushes of {CITIZENS} citizens, each sent 3×, {AT_A_TIME} citizens at a time, real Rasa, "
        f"{LATE:.0%} of its answers after 5 to 8 s; {told}"
    )
    return [
        Figure("wechat.once_turns", told.turns, "", f"= {told.sent}", f"turns asked of Rasa; {what}"),
        Figure("wechat.once_deliveries", told.delivered, "", f"= {told.sent}", "messages answered"),
        Figure("wechat.once_duplicates", len(told.duplicates), "", "= 0", "messages answered more than once"),
        Figure("wechat.once_lost", told.lost, "", "= 0", "messages not answered"),
        Figure("wechat.once_disordered", told.disordered, "", "= 0", "citizens whose answers came out of order"),
    ]
