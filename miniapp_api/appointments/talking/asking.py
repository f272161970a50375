"""What a sentence wants of appointments, if anything."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from guidance.reading.normalise import normalise
from miniapp_api.appointments.acting import Act
from miniapp_api.appointments.when import Wish, read
from miniapp_api.calendar.service import CHINA, calendar
from miniapp_api.sites.service import Service, Site, find_sites, services


class Want(Enum):
    """What is wanted."""

    MINE = "see what is booked"
    CANCEL = "cancel"
    MOVE = "another time for what is booked"
    WAIT = "be told when something is free"
    BOOK = "book"
    STOP = "not now after all"
    HOURS = "know when it is open"


_NOT_COMING = r"(?:不去了|去不了|不来了|来不了|不办了)"
_CUES: tuple[tuple[Want, str], ...] = (
    (Want.MINE, r"我的预约|预约(?:记录|情况|信息|列表)|我(?:都)?约(?:了|的)(?:是)?(?:什么|几点|哪|啥|几号|没|吗)"),
    (Want.MINE, r"(?:查|看)(?:一?下|看|询)?(?:我)?(?:的)?(?:预约|约的|约了)|(?:什么时候|几点|哪天)去办来着"),
    (Want.CANCEL, r"(?:取消|退掉?|撤销|不要|删掉?)(?:我|这个|那个|一下|刚才|的|了)*(?:预约|约|号)(?!.*改)"),
    (Want.CANCEL, r"(?:预约|约的|约好的|号).{0,6}(?:取消|退掉?|不要了|作废)"),
    (Want.CANCEL, rf"(?:约|号).{{0,8}}{_NOT_COMING}|{_NOT_COMING}.{{0,8}}(?:约|号)|我{_NOT_COMING}"),
    (Want.MOVE, r"改约|改期|改签|换号|(?:改|换|调|挪)(?:一?下|个|到|成)?(?:预约)?(?:时间|日子|日期|时段|天)"),
    (
        Want.MOVE,
        r"(?:预约|约的|约好的|号|时间).{0,8}(?:改|换|挪|调|推迟|提前|往后)|(?:改|换|挪|推迟|提前)(?:到|成|为|至)",
    ),
    (Want.WAIT, r"候补|(?:有|空出).{0,4}号.{0,6}(?:通知|告诉|叫|提醒)|排(?:个|一下)?队等"),
    (Want.STOP, r"(?:先)?(?:不约|不预约|算了|不用约|先不|不用了|以后再说|改天再说)"),
    (Want.BOOK, r"预约|(?:帮我|给我|我想|我要|能|可以|想|要|替.{1,4}|给.{1,4})约|约(?:个|一个|一下|号|时间|好|在)"),
    (Want.BOOK, r"(?:挂|订|抢|留)(?:个|一个)?号|有(?:没有)?号|还有号"),
)
_GOING = re.compile(r"去|来|过去|过来|到(?:大厅|中心|窗口)|能办|可以办|办理")
_OPEN = re.compile(
    r"几点(?:上|下)班|(?:上班|办公|营业|工作|开放)时间|几点.{0,3}(?:开|关)门|开门|关门|开不开|上(?:不上)?班|办公吗|休息吗|放假"
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was understood of a sentence.

    Attributes:
        want: None if nothing points to appointments but what else was read.
        wish: when; None if nothing was said about that.
    """

    want: Want | None
    wish: Wish | None
    services: list[Service]
    sites: list[Site]


def understand(act: Act, text: str, locality: str) -> Asked:
    """Read a sentence."""
    words = normalise(text).text
    here = act.now.astimezone(CHINA)
    wish = read(text, here, calendar(act.session))
    named = services().find(text)
    sites = find_sites(act.session, locality, text)
    want = next((want for want, cue in _CUES if re.search(cue, words)), None)
    if want is None and _OPEN.search(words):
        want = Want.HOURS
    if want in (None, Want.HOURS) and wish and named and _GOING.search(words):
        want = Want.BOOK
    return Asked(want, wish, named, sites)
