"""What is booked already: seeing it, cancelling it, finding the one that is meant."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import or_

from miniapp_api.appointments import changing, policy, waiting
from miniapp_api.appointments.models import LIVE, Booking
from miniapp_api.appointments.talking import arranging, moving
from miniapp_api.appointments.talking.asking import Asked, fits
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.appointments.view import STATUS_TEXTS
from miniapp_api.appointments.wording import when_text
from miniapp_api.sites.service import Pool, services

CANCEL_NOW, KEEP = "取消这个预约", "不取消了"


def mine(turn: Turn) -> list[Message]:
    """Say what is booked, and what is waited for."""
    live = live_ones(turn)
    waits = waiting.mine(turn.act.session, turn.visitor.id)
    queued = "".join(
        f"\n· 候补“{services().get(each.service).name}”，有号告诉您" for each in waits if each.state == "waiting"
    )
    if not live:
        return [say(f"您现在没有预约。{queued}", NEW)]
    lines = "\n".join(f"· {_full_line(turn, row)}" for row in live)
    offered = [row for row in live if row.status == "held" and row.person_id and row.public_id != turn.talk.held]
    confirming = {f"确认{_line(turn, row)}": {"do": "confirm", "id": row.public_id} for row in offered}
    turn.talk.options |= confirming
    path = "/appointments" if len(live) > 1 else f"/appointments/{live[0].public_id}"
    text = f"您的预约：\n{lines}{queued}\n要改时间说“改约”，不去了说“取消预约”。"
    link = ("看二维码和要带的材料", path)
    return [say(text, *confirming, "改约", "取消预约", NEW, kind="booking", link=link)]


def cancel(turn: Turn, asked: Asked) -> list[Message] | None:
    """Something is to be cancelled."""
    live = [row for row in live_ones(turn) if row.status != "checked_in"]
    if not asked.firm and (arranging_one(turn) or not live):
        return arranging.stop(turn) if arranging_one(turn) else None
    return which(turn, asked, "cancel", live)


def move(turn: Turn, asked: Asked) -> list[Message] | None:
    """Another time is wanted, for what is booked or what is being arranged."""
    live = [row for row in live_ones(turn) if row.status == "confirmed"]
    if arranging_one(turn) and (not live or not (asked.firm or asked.named)):
        return arranging.refine(turn, asked) or arranging.other_days(turn, {})
    if not live and not asked.firm:
        return None
    turn.talk.when = None
    if asked.wish and asked.wish.doubt:
        turn.talk.when = asked.wish.doubt.options[0][1].said if asked.wish.doubt.options else None
    elif asked.wish:
        turn.talk.when = asked.wish.said
    return which(turn, asked, "move", live)


def arranging_one(turn: Turn) -> bool:
    """Whether a new appointment, or a new time, was spoken of last."""
    return bool(turn.talk.service) and not turn.talk.paused


def really_cancel(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Ask once more before a booking is given up."""
    row = policy.find(turn.act.session, turn.visitor, tapped["id"])
    turn.talk.options = {CANCEL_NOW: {"do": "cancel_now", "id": tapped["id"]}, KEEP: {"do": "stop"}}
    return [say(f"要取消{_line(turn, row)}吗？取消以后号会让给别人。", *turn.talk.options)]


def cancel_now(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """It is really to be cancelled."""
    changing.cancel(turn.act, policy.find(turn.act.session, turn.visitor, tapped["id"]))
    turn.talk = Talk()
    return [say(f"已经取消。还想办，随时再说“{NEW}”。", NEW, MINE)]


def which(turn: Turn, asked: Asked, what: str, live: Sequence[Booking]) -> list[Message]:
    """Do something with a booking: with the only one that is meant, or ask which."""
    if not live:
        turn.talk.when = None
        return [say("您现在没有可以改或取消的预约。", NEW, MINE)]
    meant = [row for row in live if _is_meant(turn, asked, row)]
    if len(meant) == 1:
        return {"cancel": really_cancel, "move": moving.begin_move}[what](turn, {"id": meant[0].public_id})
    turn.talk.options = {_line(turn, row): {"do": what, "id": row.public_id} for row in meant or live}
    verb = "取消" if what == "cancel" else "改"
    if not meant:
        return [say(f"没有您说的那个预约，现有的在下面。要{verb}哪一个？", *turn.talk.options)]
    return [say(f"要{verb}哪一个？", *turn.talk.options)]


def pick(turn: Turn, asked: Asked) -> list[Message] | None:
    """After 「要取消哪一个？」: the one that a sentence names by day or service."""
    offered = {tapped["id"]: tapped["do"] for tapped in turn.talk.options.values() if tapped["do"] in _PICKED}
    named = Asked(None, False, None, asked.wish, asked.services, asked.sites, asked.relation)
    live = [row for row in live_ones(turn) if row.public_id in offered and _is_meant(turn, named, row)]
    if not offered or not (asked.wish or asked.services or asked.sites) or not live:
        return None
    return which(turn, named, offered[live[0].public_id], live)


_PICKED = ("cancel", "move")


def _is_meant(turn: Turn, asked: Asked, row: Booking) -> bool:
    """Whether a booking may be the one that is named, by when it is, what it is for, for whom or where."""
    site = turn.act.session.get_one(Pool, row.pool_id).site
    return (
        (asked.named is None or fits(asked.named, row.day, row.start))
        and (not asked.services or row.service in {each.id for each in asked.services})
        and (asked.relation is None or row.relation == asked.relation)
        and (not asked.sites or site.code in {each.code for each in asked.sites})
    )


def live_ones(turn: Turn) -> list[Booking]:
    """The visitor's live bookings, by time; not what is held no longer."""
    still = or_(Booking.status != "held", Booking.hold_until > turn.act.now)
    wanted = policy.visible_to(turn.visitor).where(Booking.status.in_(LIVE), still)
    return list(turn.act.session.scalars(wanted.order_by(Booking.day, Booking.start, Booking.id)).all())


def _line(turn: Turn, row: Booking) -> str:
    site = turn.act.session.get_one(Pool, row.pool_id).site
    return f"{when_text(row.day, row.start)} {services().get(row.service).name}，{site.name}，{row.name_mask}"


def _full_line(turn: Turn, row: Booking) -> str:
    return f"{_line(turn, row)}，{STATUS_TEXTS[row.status]}，预约码 {row.code}"
