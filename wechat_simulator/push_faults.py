"""Faults on the way of a push: what can go wrong between Tencent and the callback."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class PushFaults:
    """What goes wrong with a push.

    Attributes:
        copies: every attempt sends the push this many times at the same moment.
        lost: of so many first attempts the reply is read and then lost on the way to the citizen.
        cut: seconds after which we hang up on the first, second… attempt, in place of the patience.
        lost_chance: chance for each attempt that its reply is lost.
        cut_chance: chance for each attempt that we hang up at a random moment within the patience.
    """

    copies: int = 1
    lost: int = 0
    cut: tuple[float, ...] = ()
    lost_chance: float = 0.0
    cut_chance: float = 0.0

    def plan(self, attempt: int, patience: float, random: Random) -> tuple[float, bool]:
        """Decide how one attempt goes.

        Args:
            attempt: counted from 0.
            patience: seconds that we wait if nothing goes wrong.
            random: where chance comes from.

        Returns:
            The seconds that we wait, and whether the reply is lost.
        """
        cut_at, cutting, losing = random.uniform(0, patience), random.random(), random.random()
        if attempt < len(self.cut):
            patience = self.cut[attempt]
        elif cutting < self.cut_chance:
            patience = cut_at
        return patience, attempt < self.lost or losing < self.lost_chance
