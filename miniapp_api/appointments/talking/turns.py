"""One turn about appointments: what a sentence or a tap asks, done and answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from guidance.reading.normalise import normalise
from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import places
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.talking import arranging, hours, managing, offering, state
from miniapp_api.appointments.talking.asking import Asked, Want, understand
from miniapp_api.appointments.talking.messages import MINE, Message, say
from miniapp_api.appointments.talking.state import Surroundings, Turn
from miniapp_api.appointments.wording import when_text
from miniapp_api.errors import Problem

BOOK_INTENT = "book_appointment"
_YES = frozenset(["对", "好", "好的", "可以", "行", "是", "是的", "嗯", "确认", "没错", "要", "就这个", "ok"])

_TAPPED: dict[str, Callable[[Turn, dict[str, Any]], list[Message]]] = {
    "service": arranging.choose_service,
    "hall": arranging.choose_hall,
    "halls": arranging.other_halls,
    "when": arranging.choose_when,
    "days": arranging.other_days,
    "take": lambda turn, tapped: (managing.move_now if turn.talk.moving else arranging.choose_time)(turn, tapped),
    "person": arranging.choose_person,
    "stop": arranging.stop,
    "wait": managing.wait,
    "wait_for": managing.wait_for,
    "cancel": managing.really_cancel,
    "cancel_now": managing.cancel_now,
    "move": managing.begin_move,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        aside: it was asked in passing; whatever was being talked about goes on.
    """

    messages: list[Message]
    aside: bool = False


def take_turn(act: Act, visitor: Visitor, text: str, around: Surroundings) -> Reply | None:
    """Answer a sentence if it is about appointments.

    Args:
        act: in whose transaction.
        visitor: who speaks.
        text: what they say.
        around: what else is known.

    Returns:
        The answer; None if it is not about appointments, and somebody else may answer.
    """
    turn = Turn(act, visitor, around, state.load(act, visitor))
    try:
        with act.session.begin_nested():
            messages = _answer(turn, text)
    except Problem as refused:
        messages = [_refused(turn, refused)]
    if messages is None:
        return None
    state.save(act, visitor, turn.talk)
    return Reply(messages, aside=not turn.talk.begun and messages[0].get("kind") == hours.KIND)


def _answer(turn: Turn, text: str) -> list[Message] | None:
    tapped = turn.talk.options.get(text.strip())
    if tapped:
        return _TAPPED[tapped["do"]](turn, tapped)
    asked = understand(turn.act, text, turn.visitor.locality)
    if asked.want is None and turn.around.intent == BOOK_INTENT:
        return arranging.begin(turn, asked)
    if asked.want is None or (asked.want is Want.STOP and not turn.talk.begun):
        return _go_on(turn, asked, text)
    return _WANTED[asked.want](turn, asked)


def _go_on(turn: Turn, asked: Asked, text: str) -> list[Message] | None:
    """A sentence without a cue of its own: it may go on with what is being arranged."""
    if not turn.talk.begun:
        return None
    if turn.talk.held and normalise(text).text.strip("。！，") in _YES:
        return arranging.agree(turn)
    return arranging.refine(turn, asked) if turn.talk.service or asked.services else None


def _hours(turn: Turn, asked: Asked) -> list[Message] | None:
    told = hours.tell(turn.act, turn.visitor, asked.sites, asked.wish)
    return None if told is None else [told]


def _wait(turn: Turn, asked: Asked) -> list[Message]:
    return managing.wait(turn) if turn.talk.service else arranging.begin(turn, asked)


_WANTED: dict[Want, Callable[[Turn, Asked], list[Message] | None]] = {
    Want.MINE: lambda turn, _asked: managing.mine(turn),
    Want.CANCEL: lambda turn, _asked: managing.cancel(turn),
    Want.MOVE: managing.move,
    Want.WAIT: _wait,
    Want.BOOK: arranging.begin,
    Want.STOP: lambda turn, _asked: arranging.stop(turn),
    Want.HOURS: _hours,
}


def _refused(turn: Turn, refused: Problem) -> Message:
    """Say why it could not be done, with the other times as choices."""
    talk, others = turn.talk, refused.extra.get("alternatives", ())
    if not talk.service or not others:
        return say(str(refused.description), MINE)
    talk.options = {}
    for other in others:
        day, start = date.fromisoformat(other["day"]), places.minutes_of(other["time"])
        tapped = {"do": "take", "pool": talk.pool, "day": other["day"], "start": start}
        talk.options[when_text(day, start)] = tapped
    talk.options[offering.OTHER_DAY] = {"do": "days"}
    return say(str(refused.description), *talk.options)
