"""What a sentence wants of appointments, if anything, and what it tells of one."""

from __future__ import annotations

import re
from dataclasses import dataclass

from guidance.reading.normalise import normalise
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.talking.cues import Want, cue, names_time
from miniapp_api.appointments.talking.relations import relation_in
from miniapp_api.appointments.when import Wish, read
from miniapp_api.calendar.service import CHINA, calendar
from miniapp_api.sites.service import Service, Site, find_sites, services

MOST_DAYS = 31
"""More days than these are no wish to come on one of them."""

_TO = re.compile(r"(?:改|换|挪|调|推迟|推|延|移|提前)约?(?:到|成|为|至|在)?")
_POINTS = re.compile(r"那个|这个|那次|的(?:预约|号|时间)|预约|约的|号")


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood of a sentence.

    Attributes:
        want: None if nothing points to appointments but what else was read.
        firm: it names an appointment; else it may be about something else if there is none.
        wish: when to come; None if nothing was said about that.
        named: when something booked already is, by which it is meant.
        relation: for whom, one of `people.RELATIONS`; None if that was not said.
    """

    want: Want | None
    firm: bool
    wish: Wish | None
    named: Wish | None
    services: list[Service]
    sites: list[Site]
    relation: str | None


def understand(act: Act, text: str, locality: str) -> Asked:
    """Read a sentence."""
    words = normalise(text).text
    wish, found = _read(act, words), services().find(text)
    bookable = wish is not None and len(wish.days) <= MOST_DAYS
    want, firm = cue(words, when=bookable, service=bool(found)) or (None, False)
    named = None
    if want is Want.MOVE:
        named, wish = _from_and_to(act, words)
        want = want if firm or wish or names_time(words) else None
    elif want is Want.CANCEL:
        named, wish = _read(act, words, without_refusal=True), None
    sites = find_sites(act.session, locality, text)
    return Asked(want, firm, wish, named, found, sites, relation_in(words))


def _read(act: Act, words: str, *, without_refusal: bool = False) -> Wish | None:
    """The words about time; without their refusal, 「周六不去了」 is about Saturday."""
    if without_refusal:
        words = re.sub(r"不[想能]?[去来]|[去来]不[了成]|不要|取消|不", "，", words)
    return read(words, act.now.astimezone(CHINA), calendar(act.session))


def _from_and_to(act: Act, words: str) -> tuple[Wish | None, Wish | None]:
    """Of 「把周六的改到下周二下午」: when it is now, and when it is wished for; each None if not told."""
    found = list(_TO.finditer(words))
    split = next((each for each in reversed(found) if _read(act, words[each.end() :])), None)
    if split is None:
        told = _read(act, words, without_refusal=True)
        return (told, None) if _POINTS.search(words) or "去不" in words else (None, told)
    before, after = words[: split.start()], words[split.end() :]
    target = _read(act, after)
    if re.search(r"那个|的(?:预约|号|时间)$", after.strip("，。？！吗吧")) and split.group()[-1] not in "到成为至在":
        return target, None  # 换一下周六那个
    return _read(act, before, without_refusal=True), target


def fits(wish: Wish, day: object, start: int) -> bool:
    """Whether a time may be what words about time mean."""
    days = {*wish.days, *(each for _, meant in (wish.doubt.options if wish.doubt else ()) for each in meant.days)}
    return (not days or day in days) and (wish.span is None or start in wish.span)
