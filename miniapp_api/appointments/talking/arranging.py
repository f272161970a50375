"""Arranging a new appointment: what, where, when."""

from __future__ import annotations

from typing import Any

from miniapp_api.appointments.talking import holding, lacking, moving, offering
from miniapp_api.appointments.talking.asking import Asked
from miniapp_api.appointments.talking.cues import Want
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.talking.offering import Search
from miniapp_api.appointments.talking.remembering import joined
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.appointments.view import pool_ref
from miniapp_api.appointments.when import Wish, read
from miniapp_api.calendar.service import CHINA, calendar
from miniapp_api.people import service as people
from miniapp_api.sites.service import services

COMMON = ("food-licence", "business-registration", "social-insurance", "medical-insurance", "real-estate", "tax")
"""What is offered to somebody who says no more than that they want an appointment."""


def begin(turn: Turn, asked: Asked) -> list[Message]:
    """Begin to arrange an appointment, with whatever the sentence tells already."""
    earlier = turn.talk
    turn.talk = Talk(guide=turn.around.guide)
    if earlier.service and not earlier.moving and not asked.services:
        turn.talk = Talk(service=earlier.service, guide=earlier.guide, when=earlier.when, held=earlier.held)
        turn.talk.pool = earlier.pool
    elif not earlier.service:
        turn.talk.when = earlier.when
    turn.talk.relation = earlier.relation
    return refine(turn, asked) or _what_next(turn)


def refine(turn: Turn, asked: Asked) -> list[Message] | None:
    """Take over what a sentence tells, and offer what fits; None if it tells nothing."""
    talk = turn.talk
    if asked.relation:
        talk.relation = asked.relation
    if asked.services and not talk.moving:
        talk.service, talk.pool = _service(turn, asked), None
    if asked.wish:
        if asked.wish.doubt:
            return _doubt(talk, asked.wish)
        if talk.service and (time := _offered_at(talk, asked.wish)):
            return take(turn, time)
        talk.when = joined(turn.act, talk.when, asked.wish)
    if asked.services or asked.sites or asked.wish:
        return _where(turn, asked) if talk.service else _what_next(turn)
    if asked.relation and talk.held:
        return _person_of(turn, asked.relation)
    return _what_next(turn) if asked.relation or asked.want is Want.BOOK else None


def offer(turn: Turn) -> Message:
    """Offer times or halls."""
    return offering.offer(search(turn))


def search(turn: Turn) -> Search:
    """What is looked for, the citizen's words about time read as of now."""
    here, when = turn.act.now.astimezone(CHINA), turn.talk.when
    wish = read(when, here, calendar(turn.act.session)) if when else None
    return Search(turn.act, turn.visitor, turn.talk, wish)


def choose_service(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A service was tapped."""
    turn.talk.service, turn.talk.pool = tapped["id"], None
    return [offer(turn)]


def choose_hall(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A hall was tapped."""
    turn.talk.pool = tapped["pool"]
    return [offer(turn)]


def choose_when(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A day, or what was meant by words about time, was tapped."""
    turn.talk.when = tapped["text"]
    return [offer(turn)] if turn.talk.service else _what_next(turn)


def other_halls(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Other halls are wanted, at any time if `any`."""
    if tapped.get("any"):
        turn.talk.when = None
    return [offering.halls_to_choose(search(turn))]


def other_days(turn: Turn, _tapped: dict[str, Any]) -> list[Message]:
    """Other days are wanted."""
    return [offering.days_to_choose(search(turn))] if turn.talk.pool else [offer(turn)]


def take(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A time was tapped, or told that had been offered."""
    return moving.move_now(turn, tapped) if turn.talk.moving else holding.take(turn, tapped)


def stop(turn: Turn, _tapped: dict[str, Any] | None = None) -> list[Message]:
    """Not now after all; what is held is let go with the talk."""
    turn.talk = Talk()
    return [say(f"好的，先不动。想约的时候说“{NEW}”就行。", NEW, MINE)]


def unknown_service(turn: Turn) -> list[Message]:
    """What was named as the service is none that is known."""
    told = "这一项我没找到，可能不能在网上预约。换个说法再试试，或者打 12345 问一声。"
    return [say(told, kind="notice"), *which_service(turn)]


def which_service(turn: Turn) -> list[Message]:
    """Ask what is to be handled."""
    known = [each.id for each in services().all()]
    common = [id_ for id_ in COMMON if id_ in known]
    return [offering.services_to_choose(turn.talk, list(dict.fromkeys([*common, *known]))[: len(COMMON)])]


def _what_next(turn: Turn) -> list[Message]:
    """Ask what is still to be said: what, when, or for whom."""
    if turn.talk.held:
        return holding.for_whom(turn)
    if turn.talk.service:
        return [offer(turn)]
    return _from_guide(turn) or which_service(turn)


def _service(turn: Turn, asked: Asked) -> str:
    """The service that was named; of several, one that the guide's list needs."""
    needed = {each.id for each in services().for_items(turn.around.items())}
    return next((each.id for each in asked.services if each.id in needed), asked.services[0].id)


def _from_guide(turn: Turn) -> list[Message] | None:
    """Book for the list of the guide in hand: its services, the one for most items first."""
    fitting = services().for_items(turn.around.items())
    if not fitting:
        return None
    if len(fitting) == 1:
        turn.talk.service = fitting[0].id
        return [offer(turn)]
    names = "、".join(f"“{each.name}”" for each in fitting[:6])
    message = offering.services_to_choose(turn.talk, [each.id for each in fitting[:6]])
    return [say(f"按您的清单，要到大厅办的有{names}，一项约一个号。"), message]


def _where(turn: Turn, asked: Asked) -> list[Message]:
    """Offer what there is, at the hall that was named if one was."""
    if not asked.sites:
        return [offer(turn)]
    named = {site.code for site in asked.sites}
    found = [each for each in offering.halls_of(search(turn)) if each.offer.site.code in named]
    if found:
        turn.talk.pool = pool_ref(found[0].offer.pool)
        return [offer(turn)]
    turn.talk.pool = None
    return [lacking.not_here(turn.talk, asked.sites[0]), offering.halls_to_choose(search(turn))]


def _offered_at(talk: Talk, wish: Wish) -> dict[str, Any] | None:
    """The one of the times just offered that words about time mean exactly."""
    if wish.at is None:
        return None
    days = {str(day) for day in wish.days}
    times = [
        tapped
        for tapped in talk.options.values()
        if tapped["do"] == "take" and tapped["start"] == wish.at and (not days or tapped["day"] in days)
    ]
    return times[0] if len(times) == 1 else None


def _person_of(turn: Turn, relation: str) -> list[Message]:
    """For whom the held place is was told: book it if that is one person."""
    fitting = [person for person in people.mine(turn.act.session, turn.visitor) if person.relation == relation]
    return holding.choose_person(turn, {"id": fitting[0].public_id}) if len(fitting) == 1 else holding.for_whom(turn)


def _doubt(talk: Talk, wish: Wish) -> list[Message]:
    doubt = wish.doubt
    if doubt is None:
        return []
    talk.options = {label: {"do": "when", "text": meant.said} for label, meant in doubt.options}
    return [say(doubt.question, *talk.options)]
