"""What is booked already: seeing it, cancelling it, another time for it; and waiting for what is not to be had."""

from __future__ import annotations

from datetime import date
from typing import Any

from miniapp_api.appointments import changing, places, policy, waiting
from miniapp_api.appointments.booking import Request, Subject
from miniapp_api.appointments.models import LIVE, Booking, Waiting
from miniapp_api.appointments.talking import arranging
from miniapp_api.appointments.talking.asking import Asked
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.appointments.view import STATUS_TEXTS, pool_ref
from miniapp_api.appointments.wording import when_text
from miniapp_api.people import service as people
from miniapp_api.sites.service import Pool, services

CANCEL_NOW, KEEP = "取消这个预约", "不取消了"


def mine(turn: Turn) -> list[Message]:
    """Say what is booked, and what is waited for."""
    live = _live(turn)
    waits = waiting.mine(turn.act.session, turn.visitor.id)
    queued = "".join(f"\n· 候补“{services().get(each.service).name}”，有号告诉您" for each in waits)
    if not live:
        return [say(f"您现在没有预约。{queued}", NEW)]
    lines = "\n".join(
        f"· {_line(turn, row)}，{row.name_mask}，{STATUS_TEXTS[row.status]}，预约码 {row.code}" for row in live
    )
    link = ("看二维码和要带的材料", f"/appointments/{live[0].public_id}")
    return [say(f"您的预约：\n{lines}{queued}", "改约", "取消预约", kind="booking", link=link)]


def cancel(turn: Turn) -> list[Message]:
    """Something is to be cancelled."""
    return _which(turn, "cancel", "要取消哪一个？")


def move(turn: Turn, asked: Asked) -> list[Message]:
    """Another time is wanted, for what is booked or what is being arranged."""
    booked = [row for row in _live(turn) if row.status == "confirmed"]
    if turn.talk.service and not booked:
        return arranging.refine(turn, asked) or arranging.other_days(turn, {})
    if asked.wish and not asked.wish.doubt:
        turn.talk.when = asked.wish.said
    return _which(turn, "move", "要改哪一个？")


def really_cancel(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Ask once more before a booking is given up."""
    row = policy.find(turn.act.session, turn.visitor, tapped["id"])
    turn.talk.options = {CANCEL_NOW: {"do": "cancel_now", "id": tapped["id"]}, KEEP: {"do": "stop"}}
    return [say(f"要取消{_line(turn, row)}吗？取消以后号会让给别人。", *turn.talk.options)]


def cancel_now(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """It is really to be cancelled."""
    changing.cancel(turn.act, policy.find(turn.act.session, turn.visitor, tapped["id"]))
    turn.talk = Talk()
    return [say("已经取消。还想办，随时再约。", NEW)]


def begin_move(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Look for another time for a booking."""
    row = policy.find(turn.act.session, turn.visitor, tapped["id"])
    pool = turn.act.session.get_one(Pool, row.pool_id)
    when = turn.talk.when
    turn.talk = Talk(service=row.service, pool=pool_ref(pool), when=when, moving=row.public_id, guide=row.guide)
    head = say(f"现在约的是{when_text(row.day, row.start)}。占上新的号才放掉原来的，放心选。", kind="notice")
    return [head, *([arranging.offer(turn)] if when else arranging.other_days(turn, {}))]


def move_now(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Another time was tapped."""
    session, row = turn.act.session, policy.find(turn.act.session, turn.visitor, turn.talk.moving or "")
    pool = places.pool_named(session, tapped["pool"])
    visit = places.visit_to(session, pool, row.service)
    subject = Subject(row.subject_key, row.name_mask, row.relation, row.person_id, row.care)
    day = date.fromisoformat(tapped["day"])
    request = Request(subject, row.service, pool, visit.units, day, tapped["start"], row.channel, turn.visitor.id)
    moved = changing.reschedule(turn.act, row, request)
    turn.talk = Talk()
    return [arranging.told(turn, moved, "改好了")]


def wait(turn: Turn, tapped: dict[str, Any] | None = None) -> list[Message]:
    """Something is to be waited for: by whom."""
    talk, known = turn.talk, people.mine(turn.act.session, turn.visitor)
    if not known:
        link = ("填写办事人", f"/appointments/new?service={talk.service}")
        return [say("候补要先知道替谁约。点“填写办事人”填好，再说一次“候补”就行。", link=link)]
    wanted = arranging.search(turn).wanted
    entry = tapped or {"first": str(wanted.first), "last": str(wanted.last), "start": wanted.start, "end": wanted.end}
    talk.options = {
        f"给{person.name_mask}候补（尾号{person.number_tail}）": {**entry, "do": "wait_for", "person": person.public_id}
        for person in known
    }
    if len(known) == 1:
        return wait_for(turn, next(iter(talk.options.values())))
    return [say("替谁候补？", *talk.options)]


def wait_for(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """It is clear who waits."""
    act, talk = turn.act, turn.talk
    person = people.find(act.session, turn.visitor, tapped["person"])
    entry = Waiting(
        visitor_id=turn.visitor.id,
        person_id=person.id,
        subject_key=person.subject_key,
        locality=turn.visitor.locality,
        service=talk.service,
        site=talk.pool.partition(".")[0] if talk.pool else None,
        first_day=date.fromisoformat(tapped["first"]),
        last_day=date.fromisoformat(tapped["last"]),
        first=tapped["start"],
        last=tapped["end"],
        created_at=act.now,
    )
    ahead = waiting.ahead_of(act.session, waiting.enter(act, entry))
    turn.talk = Talk()
    text = f"好，已经候补，前面还有 {ahead} 位。有人退号就给您留 30 分钟，马上告诉您；不一定轮得到，着急请打 12345。"
    return [say(text, MINE)]


def _live(turn: Turn) -> list[Booking]:
    wanted = policy.visible_to(turn.visitor).where(Booking.status.in_(LIVE))
    return list(turn.act.session.scalars(wanted.order_by(Booking.day, Booking.start)).all())


def _line(turn: Turn, row: Booking) -> str:
    site = turn.act.session.get_one(Pool, row.pool_id).site
    return f"{when_text(row.day, row.start)} {services().get(row.service).name}，{site.name}"


def _which(turn: Turn, what: str, question: str) -> list[Message]:
    """Do something with a booking: with the only one, or ask which."""
    live = [row for row in _live(turn) if row.status != "checked_in"]
    if not live:
        return [say("您现在没有可以改的预约。", NEW)]
    if len(live) == 1:
        return {"cancel": really_cancel, "move": begin_move}[what](turn, {"id": live[0].public_id})
    turn.talk.options = {_line(turn, row): {"do": what, "id": row.public_id} for row in live}
    return [say(question, *turn.talk.options)]
