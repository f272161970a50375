"""One turn about appointments: what a sentence or a tap asks, done and answered."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from guidance.reading.normalise import squeeze
from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.talking import (
    arranging,
    explaining,
    holding,
    hours,
    managing,
    moving,
    queueing,
    state,
    steering,
)
from miniapp_api.appointments.talking.asking import Asked, understand
from miniapp_api.appointments.talking.cues import Want
from miniapp_api.appointments.talking.messages import Message, say
from miniapp_api.appointments.talking.state import Surroundings, Talk, Turn
from miniapp_api.errors import Problem

NOT_UNDERSTOOD = "没听明白。点下面的选项就行，也可以直接说日子和时间，比如“周三下午”；不约了就说“先不约了”。"
BOOK_INTENT, HOURS_INTENT = "book_appointment", "ask_hours"

_TAPPED: dict[str, Callable[[Turn, dict[str, Any]], list[Message]]] = {
    "service": arranging.choose_service,
    "hall": arranging.choose_hall,
    "halls": arranging.other_halls,
    "when": arranging.choose_when,
    "days": arranging.other_days,
    "take": arranging.take,
    "person": holding.choose_person,
    "confirm": holding.confirm,
    "stop": arranging.stop,
    "wait": queueing.wait,
    "wait_for": queueing.wait_for,
    "leave": queueing.leave_one,
    "cancel": managing.really_cancel,
    "cancel_now": managing.cancel_now,
    "move": moving.begin_move,
}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer.

    Attributes:
        aside: nothing is being arranged after it; whatever else was being talked about goes on.
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
    turn = _turn(act, visitor, around)
    before = deepcopy(turn.talk)
    try:
        with act.session.begin_nested():
            messages = _answer(turn, text)
            if messages is not None and before.held and before.held != turn.talk.held:
                holding.let_go(turn, before.held)
    except Problem as problem:
        turn.talk = before
        messages = explaining.refused(turn, problem)
    if messages is None:
        before.paused = before.begun
        state.save(act, visitor, before, touched=False)
        return None
    turn.talk.paused = False
    turn.talk.question = messages[-1] if turn.talk.begun and messages[-1]["choices"] else None
    state.save(act, visitor, turn.talk)
    return Reply(messages, aside=not turn.talk.begun)


def _turn(act: Act, visitor: Visitor, around: Surroundings) -> Turn:
    """The turn, with the talk that is remembered."""
    talk, is_over = state.load(act, visitor)
    turn = Turn(act, visitor, around, talk)
    if is_over:
        turn.talk = Talk()
        if talk.held:
            holding.let_go(turn, talk.held)
    holding.look_after(turn)
    return turn


def _answer(turn: Turn, text: str) -> list[Message] | None:
    said = squeeze(text)
    tapped = next((tapped for label, tapped in turn.talk.options.items() if squeeze(label) == said), None)
    if tapped:
        return _do(turn, tapped)
    asked = understand(turn.act, text, turn.visitor.locality)
    want = asked.want or _guessed(turn, asked)
    if want is None or (want is Want.STOP and not turn.talk.begun):
        return _go_on(turn, asked, text)
    return _WANTED[want](turn, asked)


def _do(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    if tapped["do"] in _OF_A_HOLD and not turn.talk.held:
        raise Problem(409, "hold_expired", "留的号已经过时放掉了，请重新选个时间。")
    return _TAPPED[tapped["do"]](turn, tapped)


_OF_A_HOLD = ("person",)


def _guessed(turn: Turn, asked: Asked) -> Want | None:
    """What the language model takes the sentence for; alone, or against a guide's question, it does not count.

    The model takes 「营业到晚上十二点」, an answer, for a question about hours.
    """
    if turn.around.asking:
        return None
    if turn.around.intent == BOOK_INTENT and (asked.wish or asked.services):
        return Want.BOOK
    return Want.HOURS if turn.around.intent == HOURS_INTENT and (asked.wish or asked.sites) else None


def _go_on(turn: Turn, asked: Asked, text: str) -> list[Message] | None:
    """A sentence without a cue of its own: it may go on with what is being arranged."""
    talk, around = turn.talk, turn.around
    if not talk.begun or (talk.paused and around.asking):
        return None
    step = steering.step(talk, text)
    if step is not None:
        return _do(turn, step)
    if steering.is_plain(text):
        return _ask_again(turn)
    picked = managing.pick(turn, asked)
    if picked is not None:
        return picked
    if talk.service and around.asking and asked.services and not asked.wish:
        return None
    refined = arranging.refine(turn, asked)
    if refined is None and not (around.guide or around.elsewhere or talk.paused):
        return _not_understood(turn)
    return refined


def _not_understood(turn: Turn) -> list[Message] | None:
    """Nothing else is being talked about, so it must have been meant for what was asked last."""
    if any(tapped["do"] == "service" for tapped in turn.talk.options.values()):
        return arranging.unknown_service(turn)
    again = _ask_again(turn)
    return [say(NOT_UNDERSTOOD, kind="notice"), *again] if again else None


def _ask_again(turn: Turn) -> list[Message] | None:
    return [turn.talk.question] if turn.talk.question else None


def _hours(turn: Turn, asked: Asked) -> list[Message] | None:
    told = hours.tell(turn.act, turn.visitor, asked.sites, asked.wish)
    if told is None:
        return None
    again = _ask_again(turn) if turn.talk.begun and not turn.talk.paused else None
    return [told | {"choices": []}, *again] if again else [told]


_WANTED: dict[Want, Callable[[Turn, Asked], list[Message] | None]] = {
    Want.MINE: lambda turn, _asked: managing.mine(turn),
    Want.CANCEL: managing.cancel,
    Want.MOVE: managing.move,
    Want.WAIT: queueing.ask,
    Want.LEAVE: lambda turn, _asked: queueing.leave(turn),
    Want.BOOK: arranging.begin,
    Want.STOP: lambda turn, _asked: arranging.stop(turn),
    Want.HOURS: _hours,
}
