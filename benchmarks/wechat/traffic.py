"""Many citizens at once, and what reached them.

Each tells one floor area after the other; the guide reads each back, whoever understood it, so every
answer names the message that it answers.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from itertools import pairwise
from random import Random

from wechat_simulator import Citizen, Delivery, Outcome, Simulator, pushes

OPENING = "我想开个饭店要办什么"
CLOSING = "不对"
"""What was read back is not so: the answer names no area."""

FIRST_AREA = 101
_AREA = re.compile(r"建筑面积：(\d+) 平方米")
LONGEST_WAIT = 120
"""Seconds until an answer that has not come counts as lost."""

STILL = 30
"""Seconds without any answer after which none is waited for: longer than a lease, a sweep and a start."""

STAGGER = 0.3
"""Seconds between the beginnings of the first citizens: not all pick up the phone in the same millisecond."""

QUIET = 5
"""Seconds in which nothing more comes."""


@dataclass(frozen=True)
class Tally:
    """What came of it.

    Attributes:
        sent: messages.
        delivered: messages that were answered at least once.
        missing: how the pushes of those ended that were not.
        duplicates: (citizen's openid, area, moments by `time.monotonic`) of those answered more than once.
        disordered: citizens whose answers came in another order than their messages.
        outcomes: pushes by how they ended.
        custom: answers that came by customer-service message.
        kept: answers that came with the reply to the closing words, as the quota was used up.
        turns: as counted.
    """

    sent: int
    delivered: int
    missing: list[Outcome]
    duplicates: list[tuple[str, int, list[float]]]
    disordered: int
    outcomes: Counter[str]
    custom: int
    kept: int
    turns: int

    @property
    def lost(self) -> int:
        """Messages that were not answered."""
        return len(self.missing)

    def __str__(self) -> str:
        ways = f"{self.custom} messages by customer service, {self.kept} answers kept by its quota for the next message"
        return f"pushes ended {dict(self.outcomes)}; {ways}"


def open_guides(citizens: Iterable[Citizen], at_a_time: int) -> None:
    """Let everybody begin a guide."""

    def begin(citizen: Citizen) -> None:
        citizen.text(OPENING)
        citizen.wait_for(1, LONGEST_WAIT)

    with ThreadPoolExecutor(at_a_time) as pool:
        list(pool.map(begin, citizens))


def talk(
    wechat: Simulator,
    citizens: list[Citizen],
    messages: int,
    at_a_time: int,
    *,
    seed: int,
    trouble: AbstractContextManager[object] | None = None,
    count_turns: Callable[[], int] = lambda: 0,
) -> Tally:
    """Let everybody send messages, each of which WeChat sends three times, and wait for the answers.

    A message in four is sent quickly after another, before that is answered. Half of the messages
    are sent in three copies at one moment; of the others WeChat hangs up twice, at random moments.
    In the end whoever lacks an answer says one thing more: what the quota of customer-service
    messages did not allow comes with the answer to that.

    Args:
        wechat: the simulator.
        citizens: who have begun a guide.
        messages: of each.
        at_a_time: citizens who talk at a time.
        seed: of the chance.
        trouble: lasts while they talk; then what is late may come.
        count_turns: tells how many turns Rasa was asked for; asked before the closing words.
    """
    before = {citizen.openid: len(citizen.inbox) for citizen in citizens}

    def converse(number: int) -> list[Outcome]:
        time.sleep(number * STAGGER if number < at_a_time else 0)
        return _talk(citizens[number], messages, Random(seed + number))

    def missing(citizen: Citizen) -> set[int]:
        return set(range(FIRST_AREA, FIRST_AREA + messages)) - set(_told(citizen.inbox[before[citizen.openid] :])[0])

    def lacking() -> list[Citizen]:
        return [citizen for citizen in citizens if missing(citizen)]

    with ThreadPoolExecutor(at_a_time) as pool:
        with trouble or nullcontext():
            outcomes = dict(
                zip((citizen.openid for citizen in citizens), pool.map(converse, range(len(citizens))), strict=True)
            )
        _wait_for_answers(wechat, lacking)
        kept = sum(len(missing(citizen)) for citizen in citizens)
        turns = count_turns()
        list(pool.map(lambda citizen: citizen.text(CLOSING), lacking()))
    _wait_for_answers(wechat, lacking)
    time.sleep(QUIET)  # whatever comes too often comes now
    told = {citizen.openid: _told(citizen.inbox[before[citizen.openid] :]) for citizen in citizens}
    return _tally(told, outcomes, deliveries=wechat.deliveries, kept=kept, turns=turns)


def _wait_for_answers(wechat: Simulator, lacking: Callable[[], list[Citizen]]) -> None:
    """Wait until nobody lacks an answer, or none comes any more."""
    deadline = time.monotonic() + LONGEST_WAIT
    came, still = len(wechat.deliveries), time.monotonic()
    while lacking() and time.monotonic() < min(deadline, still + STILL):
        time.sleep(0.3)
        if len(wechat.deliveries) > came:
            came, still = len(wechat.deliveries), time.monotonic()


def _talk(citizen: Citizen, messages: int, random: Random) -> list[Outcome]:
    running: list[Future[Outcome]] = []
    for number in range(messages):
        faults = {"copies": 3} if random.random() < 0.5 else {"cut": (random.uniform(1, 5), random.uniform(1, 5))}
        running.append(citizen.begin(pushes.text(f"面积{FIRST_AREA + number}平"), **faults))
        if random.random() < 0.25:
            time.sleep(random.uniform(0.3, 0.9))  # as fast as a person can
        else:
            running[-1].result()
    return [future.result() for future in running]


def _told(inbox: Iterable[Delivery]) -> tuple[list[int], list[float]]:
    """The areas that were read back, and when."""
    found = [(int(area), delivery.at) for delivery in inbox for area in _AREA.findall(delivery.text)]
    return [area for area, _ in found], [at for _, at in found]


def _tally(
    told: dict[str, tuple[list[int], list[float]]],
    outcomes: dict[str, list[Outcome]],
    *,
    deliveries: list[Delivery],
    kept: int,
    turns: int,
) -> Tally:
    missing = [
        outcome
        for openid, (areas, _) in told.items()
        for area, outcome in enumerate(outcomes[openid], FIRST_AREA)
        if area not in areas
    ]
    duplicates = [
        (openid, area, [at for one, at in zip(areas, moments, strict=True) if one == area])
        for openid, (areas, moments) in told.items()
        for area, times in Counter(areas).items()
        if times > 1
    ]
    ended = [outcome for each in outcomes.values() for outcome in each]
    return Tally(
        sent=len(ended),
        delivered=len(ended) - len(missing),
        missing=missing,
        duplicates=duplicates,
        disordered=sum(any(a > b for a, b in pairwise(areas)) for areas, _ in told.values()),
        outcomes=Counter(outcome.kind for outcome in ended),
        custom=sum(delivery.via == "custom" for delivery in deliveries),
        kept=kept,
        turns=turns,
    )
