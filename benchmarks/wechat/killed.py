"""The same pushes while web, worker and Rasa processes are killed every few seconds.

The killing ends with the conversations: what was late then must still come. Owed is an answer to every push
that WeChat heard us acknowledge or that was written down; of one that was not, nobody but WeChat knows, and
it tells the citizen.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random

from benchmarks.figures import Figure
from benchmarks.wechat import traffic
from benchmarks.wechat.once import AT_A_TIME, CITIZENS, MESSAGES, delays
from benchmarks.wechat.system import System, running

SEED = 4
EVERY = (1.5, 3.5)
"""Seconds between kills."""

TARGETS = ("api", "api", "worker", "worker", "api", "worker", "rasa")
"""In turn; Rasa needs half a minute to come back, so it is killed less often."""

IN_FLIGHT = 0.05
"""Seconds that WeChat's own answer may take to its sender's ears, on a busy machine."""


def figures() -> list[Figure]:
    """Measure."""
    with running(delays(SEED), RASA_TIMEOUT="10") as system:
        citizens = [system.wechat.citizen(f"killed-{number}") for number in range(CITIZENS)]
        traffic.open_guides(citizens, AT_A_TIME)
        told = traffic.talk(system.wechat, citizens, MESSAGES, AT_A_TIME, seed=SEED, trouble=killing(system))
        unreached = [outcome for outcome in told.missing if outcome.kind == "broken" and not system.knows(outcome)]
        acknowledged = [seen for seen in told.duplicates if not _unheard(system, seen[2])]
    kills = Counter(name for _, name in system.kills)
    what = (
        f"{told.sent} pushes of {CITIZENS} citizens, each sent 3×, {AT_A_TIME} citizens at a time; SIGKILL every "
        f"{EVERY[0]} to {EVERY[1]} s: {dict(kills)}; {told}; {len(unreached)} of the broken never reached a process "
        "that lived to write them down"
    )
    unheard = f"{len(told.duplicates)} in all, with those whose sender died within {IN_FLIGHT} s of WeChat's taking it"
    return [
        Figure("wechat.killed_lost", told.lost - len(unreached), "", "= 0", f"messages owed and not answered; {what}"),
        Figure("wechat.killed_duplicates", len(acknowledged), "", "= 0", f"acknowledged and come again; {unheard}"),
        Figure("wechat.killed_disordered", told.disordered, "", "", "citizens whose answers came out of order"),
    ]


@contextmanager
def killing(system: System) -> Iterator[None]:
    """Kill one process after the other until left."""
    over = threading.Event()
    killer = threading.Thread(target=_kill, args=(system, over))
    killer.start()
    try:
        yield
    finally:
        over.set()
        killer.join()


def _kill(system: System, over: threading.Event) -> None:
    random = Random(SEED)
    number = 0
    while not over.wait(random.uniform(*EVERY)):
        system.kill(TARGETS[number % len(TARGETS)], random)
        number += 1


def _unheard(system: System, moments: list[float]) -> bool:
    """Whether who gave the first answer was killed while the word that WeChat has it was on its way."""
    return any(0 <= at - moments[0] <= IN_FLIGHT for at, name in system.kills if name != "rasa")
