"""The clock of a case in words, why a step is not possible now, and what a step would change.

All of it comes from `rules` and `clock`; nothing is computed a second way.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from guidance.theme import Limit
from miniapp_api.calendar.service import CalendarUnknownError
from miniapp_api.cases import clock
from miniapp_api.cases.acting import Act
from miniapp_api.cases.clock import Due
from miniapp_api.cases.course import RUNNING, Course, Stop
from miniapp_api.cases.events import Event, Fact
from miniapp_api.cases.rules import IllegalEventError, follow
from miniapp_api.cases.terms import DELIVERY, EXTENSION, LEVEL, NOTICE
from miniapp_api.cases.wording import CAUSES, due_text

UNITS = {"workday": "个工作日", "day": "天", "hour": "小时"}


@dataclass(frozen=True, slots=True)
class Change:
    """A last day before and after a step, in words."""

    name: str
    before: str
    after: str


def why_not(act: Act, course: Course, fact: Fact) -> str | None:
    """Why somebody may not take a step now, as a Chinese sentence; None if they may."""
    try:
        follow(course, Event(act.now, act.by, fact), act.calendar)
    except IllegalEventError as illegal:
        return illegal.reason
    return None


def changes(act: Act, course: Course, fact: Fact) -> list[Change]:
    """What a step that is legal would make of the last days.

    Raises:
        IllegalEventError: it is not.
    """
    later = follow(course, Event(act.now, act.by, fact), act.calendar)
    return [
        Change(name, _text(last_day(course, act.calendar)), _text(last_day(later, act.calendar)))
        for name, last_day in (("承诺的最后一天", clock.promised), ("法定的最后一天", clock.statutory))
    ]


def arithmetic(act: Act, course: Course) -> list[str]:
    """How the last days that count now come about, a sentence each.

    For example 受理 11月2日，承诺 5 个工作日，停 5 个工作日 → 11月16日.
    """
    if due := clock.notice(course, act.calendar):
        return [_sum("收到材料", course.received_on, [f"{_limit(NOTICE)}内告知"], due)]
    if due := clock.delivery(course, act.calendar):
        return [_sum("决定", course.decided_on, [f"{_limit(DELIVERY)}内送达"], due)]
    if course.state not in RUNNING:
        return []
    terms = course.terms
    named = (("承诺", terms.promised, clock.promised), ("法定", terms.statutory, clock.statutory))
    return [
        _sum(
            "受理",
            course.accepted_on,
            [f"{name} {_limit(limit)}", *_moved(act, course)],
            last_day(course, act.calendar),
        )
        for name, limit, last_day in named
        if limit
    ] or ["法律和本市都没有给这个事项定时限。"]


def extension_of(course: Course) -> tuple[int, str]:
    """By how many working days a case may be extended at most, and whose word it needs: `head` or `government`."""
    return EXTENSION[course.terms.handling], LEVEL[course.terms.handling]


def _sum(start: str, day: date | None, parts: list[str], due: Due | None) -> str:
    begun = f"{start} {_day(day)}" if day else start
    return f"{'，'.join((begun, *parts))} → {_text(due)}"


def _moved(act: Act, course: Course) -> list[str]:
    moved = [_stopped(act, stop) for stop in course.stops]
    return [*moved, f"延长 {course.extension} 个工作日"] if course.extension else moved


def _stopped(act: Act, stop: Stop) -> str:
    most = "" if stop.resumed_on else "最多"
    try:
        days = act.calendar.workdays_between(stop.since, stop.until(act.calendar))
    except CalendarUnknownError:
        days = stop.workdays
    return f"{CAUSES[stop.cause]}{most}停 {days} 个工作日"


def _limit(limit: Limit) -> str:
    return f"{limit.days:g} {UNITS[limit.unit]}"


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _text(due: Due | None) -> str:
    if due is None:
        return "没有"
    return _day(due.day) if due.day else due_text(due) or ""
