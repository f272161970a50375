"""A place that is held while it is settled for whom it is: the second of the two taps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, places, policy
from miniapp_api.appointments.booking import Request, nobody_yet, subject_of
from miniapp_api.appointments.models import LIVE, Booking
from miniapp_api.appointments.talking.messages import MINE, Message, say
from miniapp_api.appointments.talking.offering import OTHER_DAY, STOP
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.appointments.view import rules
from miniapp_api.appointments.wording import when_text
from miniapp_api.calendar.service import CHINA
from miniapp_api.people import service as people
from miniapp_api.people.service import Person
from miniapp_api.sites.service import Pool, services

BOOK_NEXT = "我要预约“{}”"
FILL_IN = "填写办事人"


def take(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A time was tapped: hold it, and ask for whom."""
    talk, session = turn.talk, turn.act.session
    talk.pool = tapped["pool"]
    pool = places.pool_named(session, tapped["pool"])
    visit = places.visit_to(session, pool, talk.service or "")
    if talk.held:
        let_go(turn, talk.held)
    request = Request(
        subject=nobody_yet(turn.visitor),
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
    return [say(rules(turn.act.schedules.conduct), kind="notice"), ask_for_whom(turn, held)]


def for_whom(turn: Turn) -> list[Message]:
    """Ask once more for whom the held place is."""
    return [ask_for_whom(turn, policy.find(turn.act.session, turn.visitor, turn.talk.held or ""))]


def ask_for_whom(turn: Turn, held: Booking) -> Message:
    """Ask for whom it is; of those entered, the ones of the relation that was stated."""
    until = (held.hold_until or turn.act.now).astimezone(CHINA)
    site = turn.act.session.get_one(Pool, held.pool_id).site
    head = f"给您留住了{when_text(held.day, held.start)}，{site.name}，留到 {until:%H:%M}。"
    path, relation = f"/appointments/{held.public_id}", turn.talk.relation
    known = people.mine(turn.act.session, turn.visitor)
    fitting = [person for person in known if relation in (None, person.relation)]
    turn.talk.options = {_label(person): {"do": "person", "id": person.public_id} for person in fitting or known}
    turn.talk.options |= {OTHER_DAY: {"do": "days"}, STOP: {"do": "stop"}}
    if fitting:
        return say(f"{head}替谁约？", *turn.talk.options, link=("换个人，填写证件", path))
    missing = f"还没有填过{people.relation_text(relation)}的信息，" if known and relation else "还差一步，"
    text = f"{head}{missing}点“{FILL_IN}”，填好姓名和证件号就约上了。证件号不要发在对话里。"
    return say(text, *turn.talk.options, link=(FILL_IN, path))


def choose_person(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """A person was tapped: it is booked."""
    act, guide = turn.act, turn.talk.guide
    person = people.find(act.session, turn.visitor, tapped["id"])
    held = policy.find(act.session, turn.visitor, turn.talk.held or "")
    booked = making.confirm(act, making.change_subject(act, held, subject_of(act, person)))
    turn.talk = Talk()
    return [told(turn, booked, "约好了", _still_to_book(turn) if guide else ())]


def confirm(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """What the waiting list got is taken."""
    booked = making.confirm(turn.act, policy.find(turn.act.session, turn.visitor, tapped["id"]))
    turn.talk = Talk()
    return [told(turn, booked, "约好了")]


def let_go(turn: Turn, public_id: str) -> None:
    """Let a held place go, if it still is held."""
    wanted = policy.visible_to(turn.visitor).where(Booking.public_id == public_id, Booking.status == "held")
    row = turn.act.session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if row is not None:
        changing.cancel(turn.act, row)


def look_after(turn: Turn) -> None:
    """Forget a held place that is held no longer; what was confirmed on the page is settled."""
    if not turn.talk.held:
        return
    wanted = policy.visible_to(turn.visitor).where(Booking.public_id == turn.talk.held)
    row = turn.act.session.scalars(wanted, execution_options={"populate_existing": True}).first()
    if row is not None and row.status not in ("held", "expired", "cancelled"):
        turn.talk = Talk()
    elif row is None or row.status != "held" or (row.hold_until and row.hold_until <= turn.act.now):
        turn.talk.held = None


def told(turn: Turn, booked: Booking, head: str, more: Sequence[str] = ()) -> Message:
    """A booking in words, with the way to its code and to what to bring.

    Args:
        turn: in which it was made.
        booked: the booking.
        head: what was done.
        more: names of services that the citizen still needs a booking for.
    """
    site = turn.act.session.get_one(Pool, booked.pool_id).site
    service = services().get(booked.service)
    bring = f"；请带：{'、'.join(service.bring)}" if service.bring else ""
    text = (
        f"{head}：{when_text(booked.day, booked.start)}，{site.name}，办“{service.name}”。\n"
        f"预约码 {booked.code}。到大厅出示二维码签到{bring}。来不了请提前说“取消预约”。"
    )
    if more:
        text += f"\n您的清单里还有{'、'.join(f'“{name}”' for name in more)}要约。"
    link = ("看二维码和要带的材料", f"/appointments/{booked.public_id}")
    return say(text, *(BOOK_NEXT.format(name) for name in more), MINE, kind="booking", link=link)


def _still_to_book(turn: Turn) -> list[str]:
    """Names of the services that the guide's list needs and nothing is booked for."""
    wanted = select(Booking.service).where(Booking.visitor_id == turn.visitor.id, Booking.status.in_(LIVE))
    has = set(turn.act.session.scalars(wanted))
    return [each.name for each in services().for_items(turn.around.items()) if each.id not in has][:3]


def _label(person: Person) -> str:
    relation = people.relation_text(person.relation)
    return f"给{person.name_mask}约（{relation}，尾号{person.number_tail}）"
