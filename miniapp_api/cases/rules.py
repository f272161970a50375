"""Which event may follow which, and what it changes: the only place that says what is legal.

Pure: no database, no web server.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar

from miniapp_api.calendar.service import Calendar
from miniapp_api.cases import clock
from miniapp_api.cases.course import OPEN, RUNNING, Course, State, Stop
from miniapp_api.cases.events import (
    Accepted,
    Checked,
    Completed,
    Corrected,
    CorrectionRequested,
    Event,
    Extended,
    Fact,
    Inspected,
    Received,
    Stopped,
)
from miniapp_api.cases.terms import EXTENSION, INSPECTORS, LEVEL, Terms

AFact = TypeVar("AFact", bound=Fact)
Guard = Callable[[Course, Event, Calendar], None]
Effect = Callable[[Course, Event], dict[str, Any]]


class Rule(NamedTuple):
    """What holds for a kind of event: the states it may follow, what else must be so, and what it changes."""

    states: frozenset[State | None]
    guard: Guard
    effect: Effect


MOST_QUESTIONS = 3
"""Objections and wishes to be called that may wait for an answer at once."""


class IllegalEventError(Exception):
    """An event that may not follow.

    Attributes:
        code: stable, snake_case.
        reason: a Chinese sentence: why not, and what to do instead.
    """

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def fold(terms: Terms, events: Iterable[Event], calendar: Calendar) -> Course:
    """Let events follow one another.

    Raises:
        IllegalEventError: one of them may not.
    """
    course = Course(terms)
    for event in events:
        course = follow(course, event, calendar)
    return course


def follow(course: Course, event: Event, calendar: Calendar) -> Course:
    """Give the course after one more event.

    Raises:
        IllegalEventError: the event may not follow.
    """
    _must(
        course.last_at is None or event.at >= course.last_at,
        "clock_went_back",
        "系统时间不对，没有记下。请告诉管理员校准时间。",
    )
    rule = _RULES[event.fact.kind]
    if course.state not in rule.states:
        raise IllegalEventError("not_now", _not_now(course.state))
    rule.guard(course, event, calendar)
    return replace(course, last_at=event.at, **rule.effect(course, event))


def _must(holds: bool, code: str, reason: str) -> None:
    if not holds:
        raise IllegalEventError(code, reason)


_STATE_NAMES = {
    State.RECEIVED: "已收件、还没受理",
    State.CORRECTING: "在等申请人补材料",
    State.ACCEPTED: "已受理",
    State.UNDER_REVIEW: "在审查",
    State.DECIDED: "已作出决定",
    State.CONCLUDED: "已办结",
    State.NOT_ACCEPTED: "没有受理",
    State.WITHDRAWN: "申请人已撤回",
    State.TERMINATED: "已终止",
    State.REVOKED: "许可已撤销",
}


def _not_now(state: State | None) -> str:
    if state is None:
        return "这个件还没有收，不能做这一步。"
    return f"这个件现在{_STATE_NAMES[state]}，不能做这一步。请刷新页面，看看别人是不是已经办了。"


# ------------------------------------------------------------------ guards


def _as(kind: type[AFact], event: Event) -> AFact:
    assert isinstance(event.fact, kind)  # noqa: S101 - the table says so
    return event.fact


def _silence_is_over(course: Course, event: Event, calendar: Calendar) -> bool:
    last = clock.notice(course, calendar)
    return last is not None and last.over(event.day)


def _nothing(_course: Course, _event: Event, _calendar: Calendar) -> None:
    """Nothing more is needed."""


def _in_time(course: Course, event: Event, calendar: Calendar) -> None:
    """Whoever is silent for five working days has accepted (行政许可法第三十二条第四项)."""
    _must(
        not _silence_is_over(course, event, calendar),
        "deemed_accepted",
        "从收到材料起已满五个工作日没有告知补正，依法视为受理，只能继续审查。",
    )


def _asks_once(course: Course, event: Event, calendar: Calendar) -> None:
    """All that lacks is told at once; a second notice may repeat, and add only what a superior answers for."""
    _in_time(course, event, calendar)
    fact = _as(CorrectionRequested, event)
    _must(fact.until > event.day, "until_past", "补正的最后一天要在今天以后，请改一下。")
    new = frozenset(fact.items) - course.demanded
    answered_for = bool(fact.superior and fact.reason)
    _must(
        not (course.corrected and new) or answered_for,
        "asked_already",
        "补正只能一次告知。再提新的要求，要写明理由，并由分管领导负责：" + "、".join(sorted(new)) + "。",
    )


def _hands_in_what_was_asked(course: Course, event: Event, _calendar: Calendar) -> None:
    strange = frozenset(_as(Corrected, event).items) - course.lacking
    _must(not strange, "not_asked_for", "这些不在补正通知里：" + "、".join(sorted(strange)) + "。")


def _acceptable(course: Course, event: Event, calendar: Calendar) -> None:
    _in_time(course, event, calendar)
    fact = _as(Accepted, event)
    _must(not fact.commitment or course.terms.commitment, "no_commitment", "这个事项不适用告知承诺，请按一般程序受理。")
    strange = frozenset(fact.owed) - frozenset(course.terms.provisional)
    _must(not strange, "not_provisional", "这些材料不能容缺：" + "、".join(sorted(strange)) + "。请通知补正。")
    _must(
        bool(fact.owed) == bool(fact.owed_until) and (fact.owed_until is None or fact.owed_until > event.day),
        "owed_until",
        "容缺受理要写明缺哪些材料、最晚哪天补齐，日期要在今天以后。",
    )


def _silent_for_too_long(course: Course, event: Event, calendar: Calendar) -> None:
    _must(_silence_is_over(course, event, calendar), "not_yet", "收到材料还不满五个工作日，不能视为受理。")


def _was_owed(course: Course, event: Event, _calendar: Calendar) -> None:
    strange = frozenset(_as(Completed, event).items) - course.owed
    _must(not strange, "not_owed", "这些材料不在容缺清单里：" + "、".join(sorted(strange)) + "。")


def _two_inspectors(_course: Course, event: Event, _calendar: Calendar) -> None:
    people = set(_as(Inspected, event).inspectors)
    _must(len(people) >= INSPECTORS, "two_inspectors", "勘验要有两名以上工作人员，请把另一位也选上。")


def _running(course: Course, event: Event, calendar: Calendar) -> None:
    stopped = clock.stop_on(course, event.day, calendar)
    _must(stopped is None, "clock_stopped", "特别程序还没有结束。请先结束特别程序，再做这一步。")


def _standing(course: Course, event: Event, calendar: Calendar) -> None:
    stopped = clock.stop_on(course, event.day, calendar)
    _must(stopped is not None, "clock_runs", "时限正在计算，没有要结束的特别程序。")


def _extension(course: Course, event: Event, calendar: Calendar) -> None:
    """Once, in time, by no more than the law allows, approved at the right level (行政许可法第四十二条)."""
    fact, handling = _as(Extended, event), course.terms.handling
    _must(course.extension == 0, "extended_already", "已经延期过一次，不能再延。")
    _must(fact.workdays <= EXTENSION[handling], "too_long", f"最多延长 {EXTENSION[handling]} 个工作日。")
    who = "本级人民政府负责人" if LEVEL[handling] == "government" else "本机关负责人"
    _must(fact.level == LEVEL[handling], "wrong_level", f"这个件延期要由{who}批准。")
    last = clock.statutory(course, calendar)
    _must(last is None or not last.over(event.day), "too_late", "时限已经过了，不能再延期。请尽快作出决定。")


def _separate(course: Course, event: Event, calendar: Calendar) -> None:
    """Who received does not decide (受审分离), save plain registrations."""
    _running(course, event, calendar)
    same = course.receiver is not None and event.by == course.receiver and event.by.kind == "staff"
    _must(course.terms.one_person or not same, "receiver_decides", "收件的人不能作决定，请交给审批人员。")


def _grantable(course: Course, event: Event, calendar: Calendar) -> None:
    _separate(course, event, calendar)
    _must(not course.owed, "still_owed", "容缺的材料还没补齐，不能准予：" + "、".join(sorted(course.owed)) + "。")
    needed = course.terms.inspection and not course.commitment
    _must(not needed or course.inspected is True, "not_inspected", "还没有勘验合格的记录，不能准予。")


def _ran_out(course: Course, event: Event, _calendar: Calendar) -> None:
    over = course.expires is not None and event.day > course.expires
    _must(over, "not_expired", "原来的许可还没有到期，不能视为准予延续。")


def _to_be_checked(course: Course, _event: Event, _calendar: Calendar) -> None:
    _must(course.unchecked, "nothing_to_check", "这个件没有等着核查的承诺。")


def _broken(course: Course, _event: Event, _calendar: Calendar) -> None:
    _must(course.broken, "commitment_kept", "只有核查过、承诺不实的许可才能这样撤销。")


def _undelivered(course: Course, _event: Event, _calendar: Calendar) -> None:
    _must(course.delivered_on is None, "delivered_already", "已经送达过了。")


def _was_delivered(course: Course, _event: Event, _calendar: Calendar) -> None:
    _must(course.delivered_on is not None, "not_delivered", "还没有送达，不能办结。")


def _did_not_come(course: Course, event: Event, _calendar: Calendar) -> None:
    """By itself only what is owed under 容缺 ends a case; of a correction the law says nothing, a person decides."""
    owed_too_long = bool(course.owed) and course.owed_until is not None and event.day > course.owed_until
    by_a_person = course.state is State.CORRECTING and event.by.kind == "staff"
    _must(owed_too_long or by_a_person, "not_overdue", "还没有到补齐材料的最后一天，不能终止。")


def _something_asked(course: Course, _event: Event, _calendar: Calendar) -> None:
    _must(course.unanswered > 0, "nothing_asked", "没有等着答复的异议或回电。")


def _few_questions(course: Course, _event: Event, _calendar: Calendar) -> None:
    _must(course.unanswered < MOST_QUESTIONS, "asked_enough", "您已经提过，工作人员会答复您。着急请打页面上的电话。")


# ------------------------------------------------------------------ effects


def _receive(_course: Course, event: Event) -> dict[str, Any]:
    fact = _as(Received, event)
    return {"state": State.RECEIVED, "receiver": event.by, "received_on": event.day, "expires": fact.expires}


def _ask_to_correct(course: Course, event: Event) -> dict[str, Any]:
    fact = _as(CorrectionRequested, event)
    items = frozenset(fact.items)
    return {
        "state": State.CORRECTING,
        "demanded": course.demanded | items,
        "lacking": items,
        "lacking_until": fact.until,
    }


def _correct(course: Course, event: Event) -> dict[str, Any]:
    lacking = course.lacking - frozenset(_as(Corrected, event).items)
    if lacking:
        return {"lacking": lacking}
    return {"state": State.RECEIVED, "lacking": lacking, "corrected": True, "received_on": event.day}


def _accept(_course: Course, event: Event) -> dict[str, Any]:
    fact = _as(Accepted, event)
    return {
        "state": State.ACCEPTED,
        "accepted_on": event.day,
        "owed": frozenset(fact.owed),
        "owed_until": fact.owed_until,
        "commitment": fact.commitment,
    }


def _deem_accepted(course: Course, _event: Event) -> dict[str, Any]:
    return {"state": State.ACCEPTED, "accepted_on": course.received_on, "deemed": True}


def _refuse(_course: Course, event: Event) -> dict[str, Any]:
    return {"state": State.NOT_ACCEPTED, "outcome": event.fact.kind, "decided_on": event.day}


def _complete(course: Course, event: Event) -> dict[str, Any]:
    return {"owed": course.owed - frozenset(_as(Completed, event).items)}


def _stop(course: Course, event: Event) -> dict[str, Any]:
    fact = _as(Stopped, event)
    return {"stops": (*course.stops, Stop(event.day, fact.workdays, fact.cause))}


def _resume(course: Course, event: Event) -> dict[str, Any]:
    *earlier, last = course.stops
    return {"stops": (*earlier, replace(last, resumed_on=event.day))}


def _decide(course: Course, event: Event) -> dict[str, Any]:
    granted = event.fact.kind != "denied"
    return {
        "state": State.DECIDED,
        "outcome": event.fact.kind,
        "decided_on": event.day,
        "unchecked": course.commitment and granted,
    }


def _check(_course: Course, event: Event) -> dict[str, Any]:
    return {"unchecked": False, "broken": not _as(Checked, event).kept}


def _become(state: State) -> Effect:
    return lambda _course, _event: {"state": state}


def _note(field: str, value: Callable[[Course, Event], Any]) -> Effect:
    return lambda course, event: {field: value(course, event)}


_NEW: frozenset[State | None] = frozenset({None})
_RECEIVED = frozenset({State.RECEIVED})
_GRANTED = frozenset({State.DECIDED, State.CONCLUDED})
_ANY = frozenset(State)

_RULES: dict[str, Rule] = {
    "received": Rule(_NEW, _nothing, _receive),
    "correction_requested": Rule(_RECEIVED, _asks_once, _ask_to_correct),
    "corrected": Rule(frozenset({State.CORRECTING}), _hands_in_what_was_asked, _correct),
    "accepted": Rule(_RECEIVED, _acceptable, _accept),
    "deemed_accepted": Rule(_RECEIVED, _silent_for_too_long, _deem_accepted),
    "not_required": Rule(_RECEIVED, _in_time, _refuse),
    "not_ours": Rule(_RECEIVED, _in_time, _refuse),
    "taken_up": Rule(frozenset({State.ACCEPTED}), _nothing, _become(State.UNDER_REVIEW)),
    "completed": Rule(RUNNING, _was_owed, _complete),
    "inspected": Rule(RUNNING, _two_inspectors, _note("inspected", lambda _, event: _as(Inspected, event).passed)),
    "stopped": Rule(RUNNING, _running, _stop),
    "resumed": Rule(RUNNING, _standing, _resume),
    "extended": Rule(RUNNING, _extension, _note("extension", lambda _, event: _as(Extended, event).workdays)),
    "granted": Rule(RUNNING, _grantable, _decide),
    "denied": Rule(RUNNING, _separate, _decide),
    "deemed_renewed": Rule(RUNNING, _ran_out, _decide),
    "checked": Rule(_GRANTED, _to_be_checked, _check),
    "revoked": Rule(_GRANTED, _broken, _become(State.REVOKED)),
    "delivered": Rule(frozenset({State.DECIDED}), _undelivered, _note("delivered_on", lambda _, event: event.day)),
    "concluded": Rule(frozenset({State.DECIDED}), _was_delivered, _become(State.CONCLUDED)),
    "withdrawn": Rule(OPEN, _nothing, _become(State.WITHDRAWN)),
    "terminated": Rule(OPEN, _did_not_come, _become(State.TERMINATED)),
    "asked": Rule(_ANY, _few_questions, _note("unanswered", lambda course, _: course.unanswered + 1)),
    "answered": Rule(_ANY, _something_asked, _note("unanswered", lambda _course, _event: 0)),
}
