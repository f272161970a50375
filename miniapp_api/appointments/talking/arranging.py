"""Arranging a new appointment: what, where, when, for whom."""

from __future__ import annotations

from datetime import date
from typing import Any

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, places, policy
from miniapp_api.appointments.booking import Request, Subject, subject_of
from miniapp_api.appointments.models import Booking
from miniapp_api.appointments.talking import offering
from miniapp_api.appointments.talking.asking import Asked, Want
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.talking.offering import Search
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.appointments.view import pool_ref, rules
from miniapp_api.appointments.when import Wish, read
from miniapp_api.appointments.wording import when_text
from miniapp_api.calendar.service import CHINA, calendar
from miniapp_api.people import service as people
from miniapp_api.sites.service import Pool, services

COMMON = ("food-licence", "business-registration", "social-insurance", "medical-insurance", "real-estate", "tax")
"""What is offered to somebody who says no more than that they want an appointment."""


def begin(turn: Turn, asked: Asked) -> list[Message]:
    """Begin to arrange an appointment, with whatever the sentence tells already."""
    earlier = turn.talk
    turn.talk = Talk(guide=turn.around.guide)
    if earlier.service and not earlier.moving and not asked.services:
        turn.talk = Talk(service=earlier.service, guide=earlier.guide, when=earlier.when, held=earlier.held)
    return refine(turn, asked) or which_service(turn)


def refine(turn: Turn, asked: Asked) -> list[Message] | None:
    """Take over what a sentence tells, and offer what fits; None if it tells nothing."""
    talk = turn.talk
    if not (asked.services or asked.sites or asked.wish):
        if talk.service is None:
            return _from_guide(turn)
        return [offer(turn)] if asked.want is Want.BOOK else None
    if asked.services and not talk.moving:
        talk.service, talk.pool = asked.services[0].id, None
    if asked.wish:
        if asked.wish.doubt:
            return _doubt(talk, asked.wish)
        talk.when = asked.wish.said
    if talk.service is None:
        return _from_guide(turn) or which_service(turn)
    if asked.sites:
        talk.pool = _pool_at(turn, {site.code for site in asked.sites})
    return [offer(turn)]


def which_service(turn: Turn) -> list[Message]:
    """Ask what is to be handled."""
    known = {each.id for each in services().all()}
    return [offering.services_to_choose(turn.talk, [id_ for id_ in COMMON if id_ in known])]


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
    return [offer(turn)] if turn.talk.service else _from_guide(turn) or which_service(turn)


def other_halls(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Other halls are wanted, at any time if `any`."""
    if tapped.get("any"):
        turn.talk.when = None
    return [offering.halls_to_choose(search(turn))]


def other_days(turn: Turn, _tapped: dict[str, Any]) -> list[Message]:
    """Other days are wanted."""
    return [offering.days_to_choose(search(turn))]


def choose_time(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A time was tapped: hold it, and ask for whom."""
    talk, session = turn.talk, turn.act.session
    talk.pool = tapped["pool"]
    pool = places.pool_named(session, tapped["pool"])
    visit = places.visit_to(session, pool, talk.service or "")
    if talk.held:
        let_go(turn, talk.held)
    request = Request(
        subject=Subject(f"visitor.{turn.visitor.public_id}", "待填"),
        service=talk.service or "",
        pool=pool,
        units=visit.units,
        day=date.fromisoformat(tapped["day"]),
        start=tapped["start"],
        channel="chat",
        visitor_id=turn.visitor.id,
        guide=talk.guide,
    )
    held = making.hold(turn.act, request)
    talk.held = held.public_id
    return _for_whom(turn, held)


def choose_person(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A person was tapped: it is booked."""
    act = turn.act
    person = people.find(act.session, turn.visitor, tapped["id"])
    held = policy.find(act.session, turn.visitor, turn.talk.held or "")
    booked = making.confirm(act, making.change_subject(act, held, subject_of(act, person)))
    turn.talk = Talk()
    return [told(turn, booked, "约好了")]


def agree(turn: Turn) -> list[Message] | None:
    """A plain yes: it is booked if there is only one person it can be for."""
    known = people.mine(turn.act.session, turn.visitor)
    return choose_person(turn, {"id": known[0].public_id}) if len(known) == 1 else None


def stop(turn: Turn, _tapped: dict[str, Any] | None = None) -> list[Message]:
    """Not now after all: what is held is let go."""
    if turn.talk.held:
        let_go(turn, turn.talk.held)
    turn.talk = Talk()
    return [say(f"好的，先不动。想约的时候说“{NEW}”就行。", NEW, MINE)]


def let_go(turn: Turn, public_id: str) -> None:
    """Let a held place go, if it still is held."""
    row = policy.find(turn.act.session, turn.visitor, public_id)
    if row.status == "held":
        changing.cancel(turn.act, row)


def told(turn: Turn, booked: Booking, head: str) -> Message:
    """A booking in words, with the way to its code and to what to bring."""
    site = turn.act.session.get_one(Pool, booked.pool_id).site
    service = services().get(booked.service)
    text = (
        f"{head}：{when_text(booked.day, booked.start)}，{site.name}，办“{service.name}”。\n"
        f"预约码 {booked.code}。到大厅出示二维码签到；请带：{'、'.join(service.bring)}。"
    )
    return say(text, MINE, kind="booking", link=("看二维码和要带的材料", f"/appointments/{booked.public_id}"))


def _from_guide(turn: Turn) -> list[Message] | None:
    """Book for the list of the guide in hand: its services, the one for most items first."""
    fitting = services().for_items(turn.around.items)
    if not fitting:
        return None
    if len(fitting) == 1:
        turn.talk.service = fitting[0].id
        return [offer(turn)]
    names = "、".join(f"“{each.name}”" for each in fitting[:4])
    message = offering.services_to_choose(turn.talk, [each.id for each in fitting[:6]])
    return [say(f"按您的清单，要到大厅办的有{names}，一项约一个号。"), message]


def _pool_at(turn: Turn, sites: set[str]) -> str | None:
    found = offering.halls_of(search(turn))
    return next((pool_ref(each.offer.pool) for each in found if each.offer.site.code in sites), None)


def _doubt(talk: Talk, wish: Wish) -> list[Message]:
    doubt = wish.doubt
    if doubt is None:
        return []
    talk.options = {label: {"do": "when", "text": meant.said} for label, meant in doubt.options}
    return [say(doubt.question, *talk.options)]


def _for_whom(turn: Turn, held: Booking) -> list[Message]:
    """Ask for whom it is: the one tap that is left."""
    until = (held.hold_until or turn.act.now).astimezone(CHINA)
    site = turn.act.session.get_one(Pool, held.pool_id).site
    head = f"给您留住了{when_text(held.day, held.start)}，{site.name}，留到 {until:%H:%M}。"
    notice = say(rules(turn.act.schedules.conduct), kind="notice")
    known = people.mine(turn.act.session, turn.visitor)
    turn.talk.options = {
        f"给{person.name_mask}约（{people.relation_text(person.relation)}，尾号{person.number_tail}）": {
            "do": "person",
            "id": person.public_id,
        }
        for person in known
    } | {offering.STOP: {"do": "stop"}}
    path = f"/appointments/{held.public_id}"
    if known:
        return [notice, say(f"{head}替谁约？", *turn.talk.options, link=("换个人，填写证件", path))]
    text = f"{head}还差一步：点“填写办事人”，填好姓名和证件号就约上了。证件号不要发在对话里。"
    return [notice, say(text, *turn.talk.options, link=("填写办事人", path))]
