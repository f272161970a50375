"""What cannot be had: why, and what can be done instead."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from miniapp_api.appointments import listing
from miniapp_api.appointments.availability import AHEAD, Visit, Wanted
from miniapp_api.appointments.talking.messages import NEW, Message, say
from miniapp_api.appointments.talking.searching import OTHER_DAY, OTHER_HALL, WAIT, Search, taking
from miniapp_api.appointments.talking.state import Talk
from miniapp_api.appointments.view import pool_ref
from miniapp_api.appointments.wording import day_text, when_text
from miniapp_api.sites.service import Pool, Site, services

NEAREST = 3
WAITED_DAYS = timedelta(days=14)
"""How long somebody waits who named no day."""


def not_online(talk: Talk) -> Message:
    """No hall takes bookings for the service."""
    name = services().get(talk.service or "").name
    talk.service = talk.pool = None
    return say(f"“{name}”还不能在网上预约，请打 12345 或直接到窗口取号。要约别的，说“{NEW}”。", NEW)


def not_here(talk: Talk, site: Site) -> Message:
    """The hall that was named takes no bookings for the service."""
    name = services().get(talk.service or "").name
    return say(f"{site.name}不能在网上预约“{name}”，可以打 {site.phone} 问一声，或者换个大厅。", kind="notice")


def nothing(search: Search, pool: Pool, visit: Visit) -> Message:
    """These counters have nothing that is wished for: why, the nearest there is, and the other ways."""
    wish, options = search.wish, search.talk.options
    near = _near(search, visit)
    for day, start in near:
        options[when_text(day, start)] = taking(pool_ref(pool), day, start)
    if near:
        options[OTHER_DAY] = {"do": "days"}
    options[OTHER_HALL] = {"do": "halls"}
    if not search.talk.moving:
        options[WAIT] = waiting_for(search)
    days = "\n".join(_why(search, visit, day) for day in wish.days[:2]) if wish else ""
    said = days or (f"{wish.said}没有空号。" if wish and wish.span else "")
    nearest = "最近的空号在下面。" if near else "近期都约满了，也可以直接到窗口取号。"
    return say(f"{pool.site.name}：{said}{nearest}您看怎么办？", *options)


def waiting_for(search: Search) -> dict[str, Any]:
    """What is waited for if nothing can be had."""
    wanted, wish = search.wanted, search.wish
    last = wanted.last if wish and wish.days else search.act.today + WAITED_DAYS
    return {"do": "wait", "first": str(wanted.first), "last": str(last), "start": wanted.start, "end": wanted.end}


def _near(search: Search, visit: Visit) -> list[tuple[date, int]]:
    """Free times near what is wished: on its days the nearest two, the first after them, the first of all."""
    wanted, today, found = search.wanted, search.act.today, list[tuple[date, int]]()
    for day in search.wish.days[:2] if search.wish else ():
        found += [(day, time.start) for time in listing.times(search.act, visit, day)]
    found.sort(key=lambda each: (max(wanted.start - each[1], each[1] - wanted.end + 1, 0), each[0]))
    after = max(wanted.first, min(wanted.last, today + AHEAD)) if search.wish and search.wish.days else today
    firsts = [_first_since(search, visit, day) for day in (after + timedelta(days=1), today)]
    return sorted(dict.fromkeys([*found[:2], *(each for each in firsts if each)]))[:NEAREST]


def _first_since(search: Search, visit: Visit, day: date) -> tuple[date, int] | None:
    return listing.first_of(search.act, visit, Wanted(day, search.act.today + AHEAD))


def _why(search: Search, visit: Visit, day: date) -> str:
    found = listing.days(search.act, visit, day, day)[0]
    if day < search.act.today:
        return f"{day_text(day)}已经过去了。"
    if found.state == "open":
        return f"{day_text(day)}那个时间没有空号，当天别的时间还有。"
    return f"{day_text(day)}{found.text}。"
