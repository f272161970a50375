"""What can be had, as choices to tap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from miniapp_api.accounts.service import Visitor
from miniapp_api.appointments import listing, places
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.availability import Visit, Wanted
from miniapp_api.appointments.listing import DayOffer, HallOffer
from miniapp_api.appointments.talking.messages import Message, say
from miniapp_api.appointments.talking.state import Talk
from miniapp_api.appointments.view import pool_ref
from miniapp_api.appointments.when import Wish
from miniapp_api.appointments.wording import SESSIONS, day_text, when_text
from miniapp_api.sites.service import Pool, services

AHEAD = timedelta(days=60)
MOST_HALLS, MOST_TIMES, MOST_DAYS = 4, 6, 6
OTHER_DAY, OTHER_HALL, WAIT, STOP = "换一天", "换个大厅", "候补，有号告诉我", "先不约了"


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for."""

    act: Act
    visitor: Visitor
    talk: Talk
    wish: Wish | None

    @property
    def wanted(self) -> Wanted:
        """The times that will do."""
        today, wish = self.act.today, self.wish
        if wish is None:
            return Wanted(today, today + AHEAD)
        span = (wish.span.first, wish.span.last) if wish.span else (0, 1440)
        if not wish.days:
            return Wanted(today, today + AHEAD, *span)
        return Wanted(max(today, min(wish.days)), max(wish.days), *span, days=wish.days)


def services_to_choose(talk: Talk, ids: Sequence[str]) -> Message:
    """Ask which service it is."""
    names = {services().get(id_).name: id_ for id_ in ids}
    talk.options = {name: {"do": "service", "id": id_} for name, id_ in names.items()}
    return say("您要到大厅办哪一项？没有列出来的，直接说名称就行。", *names)


def offer(search: Search) -> Message:
    """Offer times: of the counters that were chosen, else the first one of each hall."""
    search.talk.options = {}
    if search.talk.pool:
        return _of_pool(search, places.pool_named(search.act.session, search.talk.pool))
    service = search.talk.service or ""
    found = halls_of(search)
    having = [each for each in found if each.first]
    if not found:
        return say(f"“{services().get(service).name}”还不能在网上预约，请打 12345 或直接到窗口取号。")
    if len(having) == 1 or (having and search.wish is None):
        chosen = having[0].offer.pool
        search.talk.pool = pool_ref(chosen)
        return _of_pool(search, chosen, others=len(having) > 1)
    return _of_halls(search, having) if having else _nothing(search, found)


def halls_of(search: Search) -> list[HallOffer]:
    """The halls where the service can be booked."""
    service = search.talk.service or ""
    return listing.halls(search.act, search.visitor.locality, service, search.wanted)


def halls_to_choose(search: Search) -> Message:
    """Offer the halls, each with the first time that will do."""
    search.talk.options, search.talk.pool = {}, None
    found = halls_of(search)
    having = [each for each in found if each.first]
    return _of_halls(search, having) if having else _nothing(search, found)


def days_to_choose(search: Search) -> Message:
    """Offer the days of the counters that were chosen."""
    pool = places.pool_named(search.act.session, search.talk.pool or "")
    visit = places.visit_to(search.act.session, pool, search.talk.service or "")
    search.talk.options, search.talk.when = {}, None
    days = listing.days(search.act, visit, search.act.today, search.act.today + timedelta(days=20))
    open_days = [day for day in days if day.state == "open"][:MOST_DAYS]
    for day in open_days:
        search.talk.options[_day_label(day)] = {"do": "when", "text": str(day.day)}
    closed = "".join(f"\n{day_text(day.day)} {day.text}" for day in days if day.state == "not_released")[:200]
    if not open_days:
        search.talk.options[OTHER_HALL] = {"do": "halls"}
        return say(f"{pool.site.name}近期约满了。{closed}", *search.talk.options)
    search.talk.options[OTHER_HALL] = {"do": "halls"}
    return say(f"{pool.site.name}这几天有号，您哪天方便？", *search.talk.options)


def _of_pool(search: Search, pool: Pool, *, others: bool = True) -> Message:
    visit = places.visit_to(search.act.session, pool, search.talk.service or "")
    day, times = _times(search, visit)
    if day is None:
        return _why_none(search, pool, visit)
    for start, _ in times:
        label = when_text(day, start)
        search.talk.options[label] = {"do": "take", "pool": pool_ref(pool), "day": str(day), "start": start}
    search.talk.options[OTHER_DAY] = {"do": "days"}
    if others and not search.talk.moving:
        search.talk.options[OTHER_HALL] = {"do": "halls"}
    name = services().get(search.talk.service or "").name
    length = f"，大约 {visit.minutes} 分钟"
    demo = "（演示数据）" if pool.site.demo and "演示" not in pool.site.name else ""
    head = f"在{pool.site.name}{demo}办“{name}”{length}。{day_text(day)}这些时间有号，您选哪个？"
    return say(head, *search.talk.options)


def _times(search: Search, visit: Visit) -> tuple[date | None, list[tuple[int, str]]]:
    """The first day that has times that will do, and some of these: near a definite one, else spread."""
    wanted = search.wanted
    first = listing.first_of(search.act, visit, wanted)
    if first is None:
        return None, []
    day = first[0]
    found = [(time.start, time.level) for time in listing.times(search.act, visit, day)]
    found = [each for each in found if wanted.start <= each[0] < wanted.end]
    at = search.wish.at if search.wish else None
    if at is not None:
        found = sorted(sorted(found, key=lambda each: abs(each[0] - at))[:MOST_TIMES])
    else:
        round_times = [each for each in found if each[0] % 30 == 0]
        found = round_times if len(round_times) >= MOST_TIMES // 2 else found
    step = max(1, -(-len(found) // MOST_TIMES))
    return day, found[::step]


def _of_halls(search: Search, having: Sequence[HallOffer]) -> Message:
    for each in having[:MOST_HALLS]:
        assert each.first is not None  # noqa: S101 - they have one
        day, start = each.first
        label = f"{each.offer.site.name} {when_text(day, start)}"
        if search.wish and (search.wish.at is None):
            label += "起"
        search.talk.options[label] = {"do": "hall", "pool": pool_ref(each.offer.pool)}
    name = services().get(search.talk.service or "").name
    when = f"{search.wish.said}，" if search.wish and search.wish.said else ""
    return say(f"{when}这些大厅能办“{name}”，您去哪个方便？", *search.talk.options)


def _nothing(search: Search, found: Sequence[HallOffer]) -> Message:
    """No hall has what is wished: why, and what there is."""
    pool = found[0].offer.pool
    search.talk.pool = pool_ref(pool)
    return _why_none(search, pool, Visit.of(pool, found[0].offer.units))


def _why_none(search: Search, pool: Pool, visit: Visit) -> Message:
    wanted, wish = search.wanted, search.wish
    told = ""
    if wish and wish.days:
        told = "\n".join(_why(search, visit, day) for day in wish.days[:2])
    later = listing.first_of(search.act, visit, Wanted(search.act.today, search.act.today + AHEAD))
    if later:
        label = when_text(*later)
        search.talk.options[label] = {"do": "take", "pool": pool_ref(pool), "day": str(later[0]), "start": later[1]}
        search.talk.options[OTHER_DAY] = {"do": "days"}
    search.talk.options[OTHER_HALL] = {"do": "halls", "any": True}
    if not search.talk.moving:
        last = wanted.last if wish and wish.days else search.act.today + timedelta(days=14)
        entry = {"first": str(wanted.first), "last": str(last), "start": wanted.start, "end": wanted.end}
        search.talk.options[WAIT] = {"do": "wait", **entry}
    nearest = f"最近的空号是{when_text(*later)}。" if later else "近期都约满了。"
    said = told or f"{wish.said if wish else ''}没有空号。"
    return say(f"{pool.site.name}：{said}\n{nearest}您看怎么办？", *search.talk.options)


def _why(search: Search, visit: Visit, day: date) -> str:
    found = listing.days(search.act, visit, day, day)[0]
    if found.state == "open":
        part = search.wish.said if search.wish else day_text(day)
        return f"{part}没有空号，当天别的时间还有。"
    return f"{day_text(day)}{found.text}。"


def _day_label(day: DayOffer) -> str:
    special = "" if "normal" in day.sessions or not day.sessions else f"，{SESSIONS[day.sessions[0]]}"
    return f"{day_text(day.day)} {day.text}{special}"
