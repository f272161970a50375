"""Another time for what is booked."""

from __future__ import annotations

from datetime import date
from typing import Any

from miniapp_api.appointments import changing, places, policy
from miniapp_api.appointments.looking import Place
from miniapp_api.appointments.talking import holding, offering
from miniapp_api.appointments.talking.messages import Message, say
from miniapp_api.appointments.talking.offering import Search
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.appointments.view import pool_ref
from miniapp_api.appointments.when import read
from miniapp_api.appointments.wording import when_text
from miniapp_api.calendar.service import CHINA, calendar
from miniapp_api.sites.service import Pool


def begin_move(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Look for another time for a booking."""
    session, row = turn.act.session, policy.find(turn.act.session, turn.visitor, tapped["id"])
    if row.status != "confirmed":
        raise changing.over(turn.act, row)
    pool, when = session.get_one(Pool, row.pool_id), turn.talk.when
    turn.talk = Talk(service=row.service, pool=pool_ref(pool), when=when, moving=row.public_id, guide=row.guide)
    head = say(f"现在约的是{when_text(row.day, row.start)}。占上新的号才放掉原来的，放心选。", kind="notice")
    wish = read(when, turn.act.now.astimezone(CHINA), calendar(session)) if when else None
    search = Search(turn.act, turn.visitor, turn.talk, wish)
    return [head, offering.offer(search) if when else offering.days_to_choose(search)]


def move_now(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """Another time was tapped."""
    session, row = turn.act.session, policy.find(turn.act.session, turn.visitor, turn.talk.moving or "")
    pool = places.pool_named(session, tapped["pool"])
    visit = places.visit_to(session, pool, row.service)
    moved = changing.reschedule(turn.act, row, Place(visit, date.fromisoformat(tapped["day"]), tapped["start"]))
    turn.talk = Talk()
    return [holding.told(turn, moved, "改好了")]
