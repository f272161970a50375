"""What was refused, in the chat: why, and what can be done, as choices."""

from __future__ import annotations

from datetime import date
from typing import Any

from miniapp_api.appointments import places
from miniapp_api.appointments.talking import arranging, lacking
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.talking.searching import OTHER_DAY, OTHER_HALL, WAIT, taking
from miniapp_api.appointments.talking.state import Turn
from miniapp_api.appointments.wording import when_text
from miniapp_api.errors import Problem


def refused(turn: Turn, problem: Problem) -> list[Message]:
    """Say why something could not be done."""
    if problem.kind == "hold_expired":
        turn.talk.held = None
        return [say(str(problem.description), kind="notice"), arranging.offer(turn)]
    if problem.code == 422:
        turn.talk.pool, turn.talk.options = None, {}
        reasons = "；".join(reason for _, reason in problem.invalid_params)
        return [say(f"{reasons or problem.description}。", NEW, MINE)]
    if not turn.talk.service or problem.kind not in _OF_A_PLACE:
        return [say(str(problem.description), MINE, *(["改约"] if problem.kind == "booked_already" else [NEW]))]
    return [_instead(turn, problem)]


_OF_A_PLACE = (
    "full", "no_such_time", "closed", "provisional", "not_released", "too_late", "too_long", "restricted",
)  # fmt: skip


def _instead(turn: Turn, problem: Problem) -> Message:
    """Say why a place cannot be had, with the other times as choices."""
    talk, options = turn.talk, dict[str, dict[str, Any]]()
    for other in problem.extra.get("alternatives", ()):
        day, start = date.fromisoformat(other["day"]), places.minutes_of(other["time"])
        options[when_text(day, start)] = taking(talk.pool, day, start)
    options[OTHER_DAY], options[OTHER_HALL] = {"do": "days"}, {"do": "halls"}
    if not talk.moving:
        options[WAIT] = lacking.waiting_for(arranging.search(turn))
    talk.options = options
    return say(str(problem.description), *options)
