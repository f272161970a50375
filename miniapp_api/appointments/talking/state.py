"""What the chat has to remember between two messages about an appointment."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.models import BookingTalk
from miniapp_api.appointments.talking.messages import Message

FORGOTTEN = timedelta(minutes=30)
"""After the last word about it; then nobody expects it to be remembered."""


@dataclass(slots=True)
class Talk:
    """A conversation about an appointment.

    Attributes:
        service: what is to be handled.
        guide: public id of the guide whose list it is for.
        pool: reference of the counters that were chosen.
        when: the citizen's words about the time; read anew with each turn, as time goes on.
        relation: for whom, if that was said: one of `people.RELATIONS`.
        held: public id of the booking that is held.
        moving: public id of the booking that is to be rescheduled.
        paused: something else was said since; what may answer that is not taken for an answer here.
        question: what was asked last, to be asked again after a question in passing.
        options: by the text of each choice, what tapping it does.
    """

    service: str | None = None
    guide: str | None = None
    pool: str | None = None
    when: str | None = None
    relation: str | None = None
    held: str | None = None
    moving: str | None = None
    paused: bool = False
    question: Message | None = None
    options: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def begun(self) -> bool:
        """Whether there is anything to remember."""
        return self != Talk()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the conversation knows beside the sentence.

    Attributes:
        intent: what the language model takes the sentence for, if it is sure.
        guide: public id of the guide in hand, None without one.
        asking: the guide has a question that is not answered.
        items: tells the items that its checklist certainly needs; making the list takes longer than the rest of a turn.
        elsewhere: the sentence is known to be about something else, unless it speaks of appointments.
    """

    intent: str | None = None
    guide: str | None = None
    asking: bool = False
    items: Callable[[], Sequence[str]] = tuple
    elsewhere: bool = False


@dataclass(slots=True)
class Turn:
    """A turn in hand; what it does may change or replace the talk."""

    act: Act
    visitor: Visitor
    around: Surroundings
    talk: Talk


def load(act: Act, visitor: Visitor) -> tuple[Talk, bool]:
    """The talk that the visitor was in, empty if there is none; and whether it was so long ago that it is over."""
    row = act.session.get(BookingTalk, visitor.id, populate_existing=True)
    return (Talk(), False) if row is None else (Talk(**row.state), row.changed_at + FORGOTTEN < act.now)


def save(act: Act, visitor: Visitor, talk: Talk, *, touched: bool = True) -> None:
    """Remember the talk, or that it is over.

    Args:
        act: in whose transaction.
        visitor: whose talk.
        talk: as it is now.
        touched: this turn was about it; else its time goes on.
    """
    row = act.session.get(BookingTalk, visitor.id)
    if not talk.begun:
        if row is not None:
            act.session.delete(row)
    elif row is None:
        act.session.add(BookingTalk(visitor_id=visitor.id, state=asdict(talk), changed_at=act.now))
    else:
        row.state, row.changed_at = asdict(talk), act.now if touched else row.changed_at
    act.session.flush()
