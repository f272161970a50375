"""Times by the clock: 三点半, 十点一刻, 差五分九点, 14:30, 两点多, 2-4点, 3pm."""

from __future__ import annotations

import re

from miniapp_api.appointments.when.numbers import NUM, number, numbers
from miniapp_api.appointments.when.rules import Place, Rule, rule
from miniapp_api.appointments.when.tokens import Clock, Days, Mark, Part, Value

_TWO = r"(?:\d\d|[一二三四五]?十[一二三四五六七八九]?|[零〇0][一二三四五六七八九\d])"
_ONE = r"(?:\d|[一二三四五六七八九])(?=分)"
_NO_COUNT = r"(?![号日个人元块天平万米份家岁楼层室\d])"
_MINUTE = rf"(?:(?P<half>半)|(?P<quarters>{NUM})刻|过?(?P<minute>{_TWO}|{_ONE}){_NO_COUNT}分?|差(?P<less>{NUM})分)?"
_ROUGH = r"(?P<vague>多钟?|过后不久)?(?P<about>来钟|钟?左右|前后|上下|的?样子|光景|不到)?"
_LEAD = "(?P<lead>大约|大概|大致|差不多|约莫|(?<!预)约)?"
_POINT = "(?:点钟|点整|点|时(?!间|候|代|段|而|常|效|长|限))"
_NOT_POINT = (
    "(?<!\\d)(?P<hour>{num}){point}"
    "(?![水式评火心名击赞餐滴缀线面子个]|建议|要求|意见|问题|原因|说明|疑问|内容|一线)"
    "(?![五六七八九](?:万|[^\\d十分半点]))"
)
_HOUR = _NOT_POINT.format(num=NUM, point=_POINT)
_OPEN_STRETCH = re.compile(r"(?:[点半刻分钟整]|[:：]\d\d)[到至~-]$")
_QUARTERS = {1: 15, 2: 30, 3: 45}


def _clock(match: re.Match[str], place: Place) -> Value | None:
    hours = numbers(match["hour"])
    if not hours or max(hours) > 24 or _only_a_bit(match, place) or _points(place):
        return None
    minute = _minute(match)
    if minute is None:
        return None
    exact = len(hours) == 1 and (hours[0] > 12 or hours[0] == 0)
    about = bool(match["about"] or match["lead"])
    to = hours[1] if len(hours) == 2 else None
    return Clock(hours[0], minute, exact, to, vague=bool(match["vague"]), about=about)


def _minute(match: re.Match[str]) -> int | None:
    if match["half"]:
        return 30
    if match["quarters"]:
        return _QUARTERS.get(number(match["quarters"]) or 0)
    if match["less"]:
        less = number(match["less"])
        return -less if less and less < 60 else None
    minute = number(match["minute"]) if match["minute"] else 0
    return minute if minute is not None and minute < 60 else None


def _only_a_bit(match: re.Match[str], place: Place) -> bool:
    """Whether 一点 only means a little (快一点, 一点也不), and 两点 two things (两点建议)."""
    if match["hour"] not in ("一", "1") or place.previous is not None:
        return False
    rest = place.text[match.end() :]
    said = len(match.group()) > len(match["hour"]) + 1
    if rest.startswith(("点", "儿", "也", "都", "意思", "不")):
        return True
    opened = not place.start or place.text[place.start - 1] in "，。,;； 约在改到是那为于至-~、（(就"
    return not (said or opened or rest.startswith(("以后", "之后", "后", "以前", "之前", "前", "到", "至", "-", "~")))


def _points(place: Place) -> bool:
    """Whether points are counted (这三点, 提两点)."""
    return place.previous is None and place.before.endswith(tuple("有这那第几提共下"))


def _short_of(match: re.Match[str], _: Place) -> Value | None:
    """差五分九点, 差一刻三点."""
    hour, less = number(match["hour"]), number(match["n"])
    if hour is None or not less or hour > 24:
        return None
    minutes = _QUARTERS.get(less) if match["unit"].startswith("刻") else less
    return Clock(hour, -minutes, hour > 12) if minutes and minutes < 60 else None


def _digital(match: re.Match[str], _: Place) -> Value | None:
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        return None
    exact = hour > 12 or match["hour"].startswith("0")
    return Clock(hour, minute, exact, about=bool(match["about"] or match["lead"]))


def _dotted(match: re.Match[str], place: Place) -> Value | None:
    """下午3.30: only behind a day or a part of the day."""
    if not isinstance(place.previous, Part | Days) and place.previous is not Mark.TO:
        return None
    hour, minute = int(match["hour"]), int(match["minute"])
    return Clock(hour, minute, hour > 12) if hour <= 23 and minute <= 59 else None


def _english(match: re.Match[str], _: Place) -> Value | None:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return Clock(hour % 12 + 12 * (match["half"] == "p"), minute, exact=True)


def _between(match: re.Match[str], place: Place) -> Value | None:
    """2-4点, 两到四点."""
    first, last = number(match["first"]), number(match["last"])
    if first is None or last is None or max(first, last) > 24:
        return None
    minute = 30 if match["half"] else 0
    place.extra += [Mark.TO, Clock(last, minute, last > 12)]
    return Clock(first, 0, first > 12)


def _either(match: re.Match[str], _: Place) -> Value | None:
    first, last = number(match["first"]), number(match["last"])
    if first is None or last is None or max(first, last) > 24 or abs(first - last) != 1:
        return None
    return Clock(first, 0, max(first, last) > 12, last)


def _bare_after_to(match: re.Match[str], place: Place) -> Value | None:
    """下午3到5: a number without 点 in a stretch that began with a time."""
    if place.previous is not Mark.TO or not _OPEN_STRETCH.search(place.before):
        return None
    hour = number(match["hour"])
    return Clock(hour, 0, hour > 12) if hour is not None and hour <= 24 else None


_TO = "[到至~-]"
RULES: tuple[Rule, ...] = (
    rule(r"(?<![\d.])(?P<hour>\d{1,2})(?:[:：.](?P<minute>\d\d))? ?(?P<half>[ap])\.?m(?![a-z])", _english),
    rule(rf"(?<!\d)差(?P<n>{NUM})(?P<unit>分钟?|刻钟?)(?:就?到|不到)?(?P<hour>{NUM})点钟?", _short_of),
    rule(rf"(?<![\d.第])(?P<first>{NUM})点?{_TO}(?P<last>{NUM})点(?P<half>半)?(?:钟)?(?!\d)(?!左右)", _between),
    rule(rf"(?<![\d.第])(?P<first>{NUM})(?:、|,|，)(?P<last>{NUM})点钟?(?:左右)?(?![半\d])", _either),
    rule(_LEAD + _HOUR + _MINUTE + "钟?" + _ROUGH, _clock),
    rule(
        rf"{_LEAD}(?<![\d.:：/])(?P<hour>\d{{1,2}})[:：](?P<minute>\d\d)(?:[:：]\d\d)?(?![\d:：])(?P<about>左右|前后|上下)?",
        _digital,
    ),
    rule(r"(?<![\d.])(?P<hour>\d{1,2})\.(?P<minute>[0-5]\d)(?![\d.%])", _dotted),
    rule(rf"(?P<hour>{NUM})(?![\d号日月.:：年/-])", _bare_after_to),
)
