"""What is looked for, and the ways on from what is found."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import AHEAD, Wanted
from miniapp_api.appointments.talking.state import Talk
from miniapp_api.appointments.when import Wish

OTHER_DAY, OTHER_HALL, WAIT, STOP = "换一天", "换个大厅", "候补，有号告诉我", "先不约了"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    act: Act
    visitor: Visitor
    talk: Talk
    wish: Wish | None

    @property
    def wanted(self) -> Wanted:
        """The times that will do."""
        today, wish = self.act.today, self.wish
        if wish is None:
            return Wanted(today, today + AHEAD)
        span = (wish.span.first, wish.span.last) if wish.span else (0, 1440)
        if not wish.days:
            return Wanted(today, today + AHEAD, *span)
        return Wanted(max(today, min(wish.days)), max(wish.days), *span, days=wish.days)


def taking(pool: str, day: date, start: int) -> dict[str, Any]:
    """What tapping a time does: take it, at the counters of that reference."""
    return {"do": "take", "pool": pool, "day": str(day), "start": start}
