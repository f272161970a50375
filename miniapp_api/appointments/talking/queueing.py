"""Waiting in the chat for what is not to be had."""

from __future__ import annotations

from datetime import date
from typing import Any

from miniapp_api.appointments import changing, policy, waiting
from miniapp_api.appointments.availability import Wanted
from miniapp_api.appointments.talking import arranging, lacking
from miniapp_api.appointments.talking.asking import Asked
from miniapp_api.appointments.talking.holding import FILL_IN
from miniapp_api.appointments.talking.messages import MINE, NEW, Message, say
from miniapp_api.appointments.talking.searching import WAIT
from miniapp_api.appointments.talking.state import Talk, Turn
from miniapp_api.people import service as people
from miniapp_api.sites.service import services


def ask(turn: Turn, asked: Asked) -> list[Message]:
    """Somebody says that they want to wait: for what is being arranged, or for what they name."""
    talk = turn.talk
    if asked.services:
        turn.talk = Talk(service=asked.services[0].id, guide=turn.around.guide, relation=asked.relation)
    if asked.wish and not asked.wish.doubt:
        turn.talk.when = asked.wish.said
    if not turn.talk.service:
        return arranging.begin(turn, asked)
    return wait(turn, None if turn.talk is not talk else talk.options.get(WAIT))


def wait(turn: Turn, tapped: dict[str, Any] | None = None) -> list[Message]:
    """Something is to be waited for: by whom."""
    talk, known = turn.talk, people.mine(turn.act.session, turn.visitor)
    fitting = [person for person in known if talk.relation in (None, person.relation)]
    if not fitting:
        whom = people.relation_text(talk.relation) if talk.relation else "谁"
        link = (FILL_IN, f"/appointments/new?service={talk.service}")
        return [say(f"候补要先知道替{whom}约。点“{FILL_IN}”填好，再说一次“候补”就行。", WAIT, link=link)]
    entry = tapped or lacking.waiting_for(arranging.search(turn))
    talk.options = {
        f"给{person.name_mask}候补（尾号{person.number_tail}）": {**entry, "do": "wait_for", "person": person.public_id}
        for person in fitting
    }
    if len(fitting) == 1:
        return wait_for(turn, next(iter(talk.options.values())))
    return [say("替谁候补？", *talk.options)]


def wait_for(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """It is clear who waits."""
    act, talk = turn.act, turn.talk
    person = people.find(act.session, turn.visitor, tapped["person"])
    first, last = date.fromisoformat(tapped["first"]), date.fromisoformat(tapped["last"])
    wanted = Wanted(first, last, tapped["start"], tapped["end"])
    site = talk.pool.partition(".")[0] if talk.pool else None
    entry = waiting.entry_of(act, (turn.visitor, person), talk.service or "", site, wanted)
    ahead = waiting.ahead_of(act.session, waiting.enter(act, entry))
    turn.talk = Talk()
    text = (
        f"好，已经给{person.name_mask}候补，前面还有 {ahead} 位。有人退号就给您留 {waiting.OFFER_MINUTES} 分钟，"
        "马上告诉您；不一定轮得到，着急请打 12345。不等了就说“取消候补”。"
    )
    return [say(text, MINE)]


def leave(turn: Turn) -> list[Message]:
    """Somebody waits no longer: for the only thing, or it is asked for which."""
    entries = waiting.mine(turn.act.session, turn.visitor.id)
    if not entries:
        return [say("您现在没有候补。", MINE, NEW)]
    if len(entries) == 1:
        return leave_one(turn, {"id": entries[0].public_id})
    turn.talk.options = {
        f"不等“{services().get(each.service).name}”了（{place}）": {"do": "leave", "id": each.public_id}
        for place, each in enumerate(entries, 1)
    }
    return [say("不等哪一个了？", *turn.talk.options)]


def leave_one(turn: Turn, tapped: dict[str, Any]) -> list[Message]:
    """It is clear what is no longer waited for; what it was offered is let go."""
    entry = policy.find_waiting(turn.act.session, turn.visitor, tapped["id"])
    changing.stop_waiting(turn.act, entry)
    turn.talk.options = {}
    return [say("好，不候补了。还想约，随时再说。", MINE, NEW)]
