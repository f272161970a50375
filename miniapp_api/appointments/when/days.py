"""Days counted from today: 明天, 大后天, 三天后, 这两天, 五个工作日内."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from itertools import islice

from miniapp_api.appointments.when.frame import AHEAD, LONGEST, Frame, between, each
from miniapp_api.appointments.when.numbers import NUM, number, numbers
from miniapp_api.appointments.when.rules import Make, Place, Rule, rule
from miniapp_api.appointments.when.tokens import Days, Fixed, Kind, Mark, Value
from miniapp_api.appointments.when.wish import DAY_MINUTES, Span

_NAMED = {
    0: "今天 今日 今儿个 今儿 今个儿 今个 今朝子 今朝 本日 即日",
    1: "明天 明日 明儿个 明儿 明个儿 明个 赶明儿个 赶明儿 听日 翌日 明朝子 明夭",
    2: "后天 后日 后儿个 后儿 后个儿 后个 后朝 后夭",
    3: "大后天 大后日 大后儿个 大后儿 大后个 外后天 外后日 万后天 老后天",
    4: "大大后天 大大后日",
}
_OFFSETS = {word: offset for offset, words in _NAMED.items() for word in words.split()}
_WORDS = "|".join(sorted(_OFFSETS, key=len, reverse=True))
_WITH_PART = {"今": 0, "明": 1, "后": 2}
_PAST = (
    r"大前[天日儿]个?|前(?:天|日(?!期)|儿个?|晚)|昨[天日儿晚夜早]个?|上回|上次|刚才|刚刚|方才"
    rf"|前(?:几|些|{NUM})(?:天|周|个(?:星期|礼拜|月))"
    rf"|(?:{NUM}|几|半)(?:天|周|年|个?(?:星期|礼拜|月|小时|钟头))(?:之前|以前|前)"
)
_AFTER = "(?:之后|以后|过后|后)(?![天儿日个面台])"
_UNIT = "天|日(?!期)|周|个?星期|个?礼拜|个月|个?工作日"
_RESULT = "办[结完好妥下成理]|拿[到证]|出[证来结]|领[证到取]|完成|搞定|下来|答复|受理|审批|作出|做出"
_LATER = (
    rf"(?:再?过)?(?P<n>{NUM}|半)(?P<unit>{_UNIT})(?:{_AFTER}|左右)"
    rf"|(?P<past>再?过)(?P<n2>{NUM}|半)(?P<unit2>天|周|个?星期|个?礼拜|个月|个?工作日)"
)
_WITHIN = rf"(?P<n>{NUM}|半)(?P<unit>{_UNIT})(?:之内|以内|内|里)(?!.{{0,4}}(?:{_RESULT}))"
_COMING = (
    rf"(?:未来|今后|接下来|往后|这|近|最近|头)的?(?P<n>{NUM}|几|些)(?P<unit>天|个工作日|个?星期|个?礼拜|周)"
    r"(?!后|以后|之后|前|以前|之前)(?:之内|以内|内|里)?"
)
_SOME_DAYS = "再?过(?:几|些|三五)天(?:之后|以后|后)?|(?:几|三五)天(?:之后|以后|后)(?!天)"
_HOURS = (
    rf"(?:再?过|等)?(?:(?P<n>半|{NUM})个?(?P<half>半)?(?:小时|钟头)(?P<half2>半)?"
    rf"|(?P<quarter>{NUM})刻钟|(?P<minutes>\d{{1,3}}(?!\d)|{NUM})分钟?){_AFTER}"
)
_HOURS_WITHIN = rf"(?P<n>半|{NUM})个?(?:小时|钟头)(?:之内|以内|内)"
_NOW = "现在|这会儿?|此刻|即刻|马上|立马|立刻|立即|待会儿?|等会儿?|等一会儿?|一会儿|等一?下|眼下"
_WORKDAYS = r"(?:每个|逢)?(?<!\d个)(?<![几两二三四五六七八九十]个)(?<!\d)(?:工作日|平日|平时|上班日|上班的日子)"
_REST_DAYS = "(?:每个|逢)?(?:休息日|节假日|假日|放假的时候)"


def _near(frame: Frame, *offsets: int) -> Days:
    return Days(Kind.NEAR, tuple(frame.offset(offset) for offset in offsets))


def _named(match: re.Match[str], place: Place) -> Value:
    return _near(place.frame, _OFFSETS[match.group()])


def _pair(match: re.Match[str], place: Place) -> Value:
    """今明两天, 明后天."""
    return _near(place.frame, *(_WITH_PART[char] for char in match.group() if char in _WITH_PART))


def _past(match: re.Match[str], place: Place) -> Value | None:
    """昨天, 三天前; but not 国庆前三天."""
    return None if isinstance(place.previous, Days) and match.group().startswith("前") else Days(Kind.PAST)


def _with_part(match: re.Match[str], place: Place) -> Value:
    """今晚, 明早: only the day; the part of the day is read after it."""
    return _near(place.frame, _WITH_PART[match.group()])


def _counted(frame: Frame, said: str, unit: str) -> tuple[date, int | None] | None:
    """The day so many days, weeks, months or working days from today."""
    if said == "半":
        return (frame.offset(15), None) if unit == "个月" else None
    n = number(said)
    if n is None or not 1 <= n <= 99:
        return None
    if unit.endswith("工作日"):
        day = nth_workday(frame, frame.today, n)
        return day, unsure(frame, day)
    if unit == "个月":
        return add_months(frame.today, n), None
    return frame.offset(n if unit in ("天", "日") else 7 * n), None


def nth_workday(frame: Frame, start: date, n: int) -> date:
    """The n-th working day after a day."""
    far = start + timedelta(days=2 * n + 20)
    return next(islice(each(start + timedelta(days=1), far, frame.is_workday), n - 1, None))


def add_months(day: date, n: int) -> date:
    """The same day of the month some months later, or the last one before it."""
    year, month = divmod(day.year * 12 + day.month - 1 + n, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def unsure(frame: Frame, day: date) -> int | None:
    """The year of a day if its holidays are not published, so that working days cannot be counted for certain."""
    return None if frame.day(day).confirmed else day.year


def _later(match: re.Match[str], place: Place) -> Value | None:
    said, unit = match["n"] or match["n2"], match["unit"] or match["unit2"]
    if match["past"] and (said, unit) == ("两", "天"):
        return _near(place.frame, 2, 3)  # 过两天: in a couple of days
    pair = numbers(said)
    if len(pair) == 2 and unit in ("天", "日"):
        return _near(place.frame, *pair)
    found = _counted(place.frame, said, unit)
    if found is None:
        return None
    week = None if unit in ("天", "日") or unit.endswith("工作日") else (found[0], found[0] + timedelta(days=6))
    return Days(Kind.NEAR, (found[0],), bounds=week, unsure=found[1])


def _until(frame: Frame, last: date, unsure_of: int | None = None) -> Days:
    return Days(Kind.PERIOD, between(frame.today, last), bounds=(frame.today, last), unsure=unsure_of)


def _within(match: re.Match[str], place: Place) -> Value | None:
    if place.before.endswith(("起", "月")):
        return None
    most = max(numbers(match["n"]), default=0)
    found = _counted(place.frame, str(most) if most else match["n"], match["unit"])
    return found and _until(place.frame, *found)


def _coming(match: re.Match[str], place: Place) -> Value | None:
    frame, unit = place.frame, match["unit"]
    vague = {"几": 4 if unit == "天" else 2, "些": 4}
    n = vague.get(match["n"]) or max(numbers(match["n"]), default=0)
    if not n:
        return None
    if unit == "个工作日":
        last = nth_workday(frame, frame.today, n)
        days = tuple(each(frame.today, last, frame.is_workday))[:LONGEST]
        return Days(Kind.PERIOD, days, unsure=unsure(frame, last))
    return _until(frame, frame.offset((n if unit == "天" else 7 * n) - 1))


def _some_days(_: re.Match[str], place: Place) -> Value:
    return _near(place.frame, *range(3, 8))


def _hours(match: re.Match[str], place: Place) -> Value | None:
    if match["quarter"]:
        minutes = 15 * (number(match["quarter"]) or 0)
    elif match["minutes"]:
        minutes = number(match["minutes"]) or 0
    else:
        whole = 0 if match["n"] == "半" else number(match["n"]) or 0
        minutes = 60 * whole + 30 * ("半" in (match["n"], match["half"], match["half2"]))
    if not 0 < minutes <= 2 * DAY_MINUTES:
        return None
    then = place.frame.local + timedelta(minutes=minutes)
    minute = then.hour * 60 + then.minute
    place.extra.append(Fixed(Span(minute, min(minute + 30, DAY_MINUTES)), minute))
    return Days(Kind.NEAR, (then.date(),))


def _hours_within(match: re.Match[str], place: Place) -> Value | None:
    hours = 0.5 if match["n"] == "半" else number(match["n"])
    now = place.frame.minute
    if not hours:
        return None
    place.extra.append(Fixed(Span(now, min(DAY_MINUTES, now + int(60 * hours)))))
    return _near(place.frame, 0)


def _now(_: re.Match[str], place: Place) -> Value:
    place.extra.append(Mark.SOONEST)
    return _near(place.frame, 0)


def _of_all(work: bool) -> Make:
    def make(_: re.Match[str], place: Place) -> Value:
        """工作日都行: those of the next two weeks, as far as they are published."""
        frame = place.frame
        days = tuple(each(frame.today, frame.offset(AHEAD - 1), lambda day: frame.is_workday(day) is work))
        return Days(Kind.PERIOD, tuple(day for day in days if frame.day(day).confirmed) or days)

    return make


def _next_workday(_: re.Match[str], place: Place) -> Value:
    day = nth_workday(place.frame, place.frame.today, 1)
    return Days(Kind.NEAR, (day,), unsure=unsure(place.frame, day))


RULES: tuple[Rule, ...] = (
    rule(_PAST, _past),
    rule("今明后(?:三天|[几些]天)?|今明(?:两天|两日|天)?(?![早晚晨年])|明后(?:两天|两日|天|日)", _pair),
    rule(_WORDS, _named),
    rule("[今明后](?=[早晚晨夜黑中])", _with_part),
    rule("当天(?!的)|当日", lambda _, place: _near(place.frame, 0)),
    rule(_HOURS, _hours),
    rule(_HOURS_WITHIN, _hours_within),
    rule("(?:下一?个?|最近的?(?:一个)?的?)工作日", _next_workday),
    rule(_COMING, _coming),
    rule(_SOME_DAYS, _some_days),
    rule(_LATER, _later),
    rule(_WITHIN, _within),
    rule(_WORKDAYS, _of_all(work=True)),
    rule(_REST_DAYS, _of_all(work=False)),
    rule(_NOW, _now),
)
