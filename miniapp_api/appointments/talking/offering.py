"""What can be had, as choices to tap."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from miniapp_api.appointments import listing, places
from miniapp_api.appointments.availability import Visit
from miniapp_api.appointments.listing import DayOffer, HallOffer
from miniapp_api.appointments.talking import lacking
from miniapp_api.appointments.talking.messages import Message, say
from miniapp_api.appointments.talking.searching import OTHER_DAY, OTHER_HALL, STOP, WAIT, Search, taking
from miniapp_api.appointments.talking.state import Talk
from miniapp_api.appointments.view import pool_ref
from miniapp_api.appointments.wording import SESSIONS, day_text, when_text
from miniapp_api.sites.service import Pool, services

__all__ = ["OTHER_DAY", "OTHER_HALL", "STOP", "WAIT", "Search"]

MOST_HALLS, MOST_TIMES, MOST_DAYS = 5, 6, 6
LOOKED_AT = timedelta(days=20)


def services_to_choose(talk: Talk, ids: Sequence[str]) -> Message:
    """Ask which service it is."""
    names = {services().get(id_).name: id_ for id_ in ids}
    talk.options = {name: {"do": "service", "id": id_} for name, id_ in names.items()}
    return say("您要到大厅办哪一项？没有列出来的，直接说名称就行。", *names)


def offer(search: Search) -> Message:
    """Offer times: of the counters that were chosen, else of the first hall that has what is wished."""
    search.talk.options = {}
    if search.talk.pool:
        return _of_pool(search, places.pool_named(search.act.session, search.talk.pool))
    found = halls_of(search)
    if not found:
        return lacking.not_online(search.talk)
    chosen = found[0].offer.pool
    search.talk.pool = pool_ref(chosen)
    return _of_pool(search, chosen, others=len({each.offer.site.id for each in found}) > 1)


def halls_of(search: Search) -> list[HallOffer]:
    """The halls where the service can be booked, those first that have what is wished."""
    service = search.talk.service or ""
    return listing.halls(search.act, search.visitor.locality, service, search.wanted)


def halls_to_choose(search: Search) -> Message:
    """Offer the halls, each with the first time that will do; any time, if none has what is wished."""
    found, here = halls_of(search), search.talk.pool
    if not any(each.first for each in found) and search.wish:
        search.talk.when = None
        search = Search(search.act, search.visitor, search.talk, None)
        found = halls_of(search)
    if not found:
        return lacking.not_online(search.talk)
    having = [each for each in found if each.first and pool_ref(each.offer.pool) != here]
    if having:
        return _of_halls(search, having)
    search.talk.options, search.talk.pool = {}, here or pool_ref(found[0].offer.pool)
    days = {OTHER_DAY: {"do": "days"}} if here and any(each.first for each in found) else {}
    search.talk.options = days if search.talk.moving else days | {WAIT: lacking.waiting_for(search)}
    return say("别的大厅近期没有空号，也可以直接到窗口取号。您看怎么办？", *search.talk.options)


def days_to_choose(search: Search) -> Message:
    """Offer the days of the counters that were chosen."""
    pool = places.pool_named(search.act.session, search.talk.pool or "")
    visit = places.visit_to(search.act.session, pool, search.talk.service or "")
    search.talk.options, search.talk.when = {}, None
    days = listing.days(search.act, visit, search.act.today, search.act.today + LOOKED_AT)
    open_days = [day for day in days if day.state == "open"][:MOST_DAYS]
    for day in open_days:
        search.talk.options[_day_label(day)] = {"do": "when", "text": str(day.day)}
    search.talk.options[OTHER_HALL] = {"do": "halls"}
    if open_days:
        return say(f"{pool.site.name}这几天有号，您哪天方便？", *search.talk.options)
    if not search.talk.moving:
        search.talk.options[WAIT] = lacking.waiting_for(Search(search.act, search.visitor, search.talk, None))
    later = next((f"{day_text(day.day)}{day.text}。" for day in days if day.state == "not_released"), "")
    return say(f"{pool.site.name}近期约满了。{later}您看怎么办？", *search.talk.options)


def _of_pool(search: Search, pool: Pool, *, others: bool = True) -> Message:
    visit = places.visit_to(search.act.session, pool, search.talk.service or "")
    day, times = _times(search, visit)
    if day is None:
        return lacking.nothing(search, pool, visit)
    for start in times:
        search.talk.options[when_text(day, start)] = taking(pool_ref(pool), day, start)
    search.talk.options[OTHER_DAY] = {"do": "days"}
    if others:
        search.talk.options[OTHER_HALL] = {"do": "halls"}
    name = services().get(search.talk.service or "").name
    demo = "（演示数据）" if pool.site.demo and "演示" not in pool.site.name else ""
    head = f"在{pool.site.name}{demo}办“{name}”，大约 {visit.minutes} 分钟。{day_text(day)}这些时间有号，您选哪个？"
    return say(head, *search.talk.options)


def _times(search: Search, visit: Visit) -> tuple[date | None, list[int]]:
    """The first day that has times that will do, and some of these: near a definite one, else spread."""
    wanted = search.wanted
    first = listing.first_of(search.act, visit, wanted)
    if first is None:
        return None, []
    day = first[0]
    found = [time.start for time in listing.times(search.act, visit, day) if wanted.start <= time.start < wanted.end]
    at = search.wish.at if search.wish else None
    if at is not None:
        return day, sorted(sorted(found, key=lambda start: abs(start - at))[:MOST_TIMES])
    round_times = [start for start in found if start % 30 == 0]
    found = round_times if len(round_times) >= MOST_TIMES // 2 else found
    return day, found[:: max(1, -(-len(found) // MOST_TIMES))]


def _of_halls(search: Search, having: Sequence[HallOffer]) -> Message:
    """Halls by name, each once, with the earliest of its groups of counters."""
    earliest: dict[int, HallOffer] = {}
    for each in having:
        known = earliest.get(each.offer.site.id)
        if each.first and (known is None or not known.first or each.first < known.first):
            earliest[each.offer.site.id] = each
    search.talk.options = {}
    for each in list(earliest.values())[:MOST_HALLS]:
        if each.first:
            label = f"{each.offer.site.name}，{when_text(*each.first)}起"
            search.talk.options[label] = {"do": "hall", "pool": pool_ref(each.offer.pool)}
    name = services().get(search.talk.service or "").name
    when = f"{search.wish.said}，" if search.wish and search.wish.said else ""
    return say(f"{when}这些大厅能办“{name}”，您去哪个方便？", *search.talk.options)


def _day_label(day: DayOffer) -> str:
    special = "" if "normal" in day.sessions or not day.sessions else f"，{SESSIONS[day.sessions[0]]}"
    return f"{day_text(day.day)} {day.text}{special}"
