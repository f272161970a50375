"""From words to a time of day: which half of the day an hour lies in, stretches, bounds, alternatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from miniapp_api.appointments.when.frame import OFFICE_CLOSES, OFFICE_OPENS
from miniapp_api.appointments.when.parts import DAYLIGHT, NOON
from miniapp_api.appointments.when.saying import clock_of, span_of
from miniapp_api.appointments.when.tokens import Clock, Fixed, Mark, Part
from miniapp_api.appointments.when.wish import DAY_MINUTES, Span

HALF_HOUR = 30


@dataclass(frozen=True, slots=True)
class Time:
    """A time of day.

    Attributes:
        span: when.
        at: a definite minute, inside `span`.
        part: the part of the day that was named, which later hours share.
        bare: a time by the clock without a part of the day.
        question: what is not sure about it.
        options: what each answer would mean.
    """

    span: Span
    at: int | None = None
    part: Part | None = None
    bare: Clock | None = None
    question: str | None = None
    options: tuple[Time, ...] = ()


def time_of(value: Part | Clock | Fixed, part: Part | None = None) -> Time:
    """The time that a word means, beside a part of the day that is already known."""
    if isinstance(value, Part):
        return Time(value.span, part=value)
    if isinstance(value, Fixed):
        return Time(value.span, value.at)
    minutes = _minutes(value, part)
    if not minutes and part is not None:
        part, minutes = None, _both(value)
    times = tuple(_around(value, minute, part) for minute in minutes)
    return _asked(value, times) if len(times) > 1 else replace(times[0], bare=None if part else value)


def _asked(clock: Clock, times: tuple[Time, ...]) -> Time:
    words = [clock_of(time.at if time.at is not None else time.span.first) for time in times]
    question = f"您说的是{words[0]}，还是{words[1]}？"
    return replace(times[0], bare=clock, question=question, options=times)


def _minutes(clock: Clock, part: Part | None) -> list[int]:
    """The minutes of the day that a time may mean; empty: none that fits the part of the day."""
    minute = _minute(clock)
    if clock.exact or clock.hour > 12:
        fits = part is None or minute in part.window
        return [minute] if fits else []
    if part is not None:
        return [each for each in (minute % DAY_MINUTES, (minute + 720) % DAY_MINUTES) if each in part.window][:1]
    if clock.hour == 7:
        return [minute, minute + 720]
    return [minute + 720 if 1 <= clock.hour <= 6 else minute % DAY_MINUTES]


def _minute(clock: Clock) -> int:
    """The minute as said; 24点 is the last of the day, 差十分零点 lies before midnight."""
    minute = clock.hour * 60 + clock.minute
    return minute % DAY_MINUTES if minute < 0 else min(minute, DAY_MINUTES - 1)


def _both(clock: Clock) -> list[int]:
    """Both meanings of an hour that the part of the day said beside it cannot have (上午三点)."""
    minute = _minute(clock)
    if clock.exact or clock.hour > 12:
        return [minute]
    return sorted({minute % 720, minute % 720 + 720})


def _around(clock: Clock, minute: int, part: Part | None) -> Time:
    if clock.hour_to is not None:
        return Time(Span(minute, min(minute + 60 * ((clock.hour_to - clock.hour) % 12), DAY_MINUTES)), part=part)
    if clock.vague:
        return Time(Span(minute, min(minute - minute % 60 + 60, DAY_MINUTES)), part=part)
    if clock.about:
        return Time(Span(max(0, minute - HALF_HOUR), min(minute + HALF_HOUR, DAY_MINUTES)), minute, part)
    return Time(Span(minute, min(minute + HALF_HOUR, DAY_MINUTES)), minute, part)


def mapped(time: Time, change: Callable[[Time], Time]) -> Time:
    """A time and all it may mean, changed in the same way."""
    options = tuple(change(option) for option in time.options)
    return replace(change(time), question=time.question, options=options)


def bounded(time: Time, mark: Mark) -> Time:
    """三点以后, 十点以前, 三点左右."""
    return mapped(time, lambda each: _bounded(each, mark))


def _bounded(time: Time, mark: Mark) -> Time:
    start = time.at if time.at is not None else time.span.first
    inside = time.part is not None and time.part.span.first < start < time.part.span.last and time.at is not None
    low = time.part.span.first if inside and time.part else 0
    high = time.part.span.last if inside and time.part else DAY_MINUTES
    match mark:
        case Mark.AFTER if time.at is None and time.span.last <= NOON.span.last:
            return replace(time, span=_span(time.span.last, DAY_MINUTES), at=None, bare=None)
        case Mark.AFTER | Mark.FROM | Mark.SINCE:
            return replace(time, span=_span(start, high), at=None, bare=None)
        case Mark.BEFORE:
            return replace(time, span=_span(low, start), at=None, bare=None)
        case Mark.UNTIL:
            return replace(time, span=_span(low, start if time.at is not None else time.span.last), at=None, bare=None)
        case Mark.ABOUT if time.at is not None:
            return replace(time, span=_span(start - HALF_HOUR, start + HALF_HOUR))
        case Mark.EARLY:
            return replace(time, span=_span(time.span.first, (time.span.first + time.span.last) // 2))
        case Mark.LATE:
            return replace(time, span=_span((time.span.first + time.span.last) // 2, time.span.last))
    return time


def _span(first: int, last: int) -> Span:
    first, last = max(0, first), min(last, DAY_MINUTES)
    return Span(first, last) if first < last else Span(min(first, DAY_MINUTES - 1), min(first + 1, DAY_MINUTES))


def through(first: Time, last: Clock | Part | Fixed) -> Time:
    """两点到四点, 早上到中午: the second hour comes after the first, in the same part of the day if it can."""
    return mapped(first, lambda each: _through(each, last))


def _through(first: Time, last: Clock | Part | Fixed) -> Time:
    start = first.at if first.at is not None else first.span.first
    if not isinstance(last, Clock):
        return Time(_span(start, last.span.last))
    minute = last.hour * 60 + last.minute
    ends = [minute] if last.exact else [minute % 720 + half for half in (0, 720, 1440)]
    stop = next((end for end in ends if start < end <= DAY_MINUTES), None)
    if stop is None:
        return first
    return Time(Span(start, stop), part=first.part)


def within(time: Time, part: Part) -> Time:
    """A time by the clock whose part of the day is said only later (三点，下午)."""
    return time_of(time.bare, part) if time.bare else time


def together(first: Time, second: Time) -> Time | None:
    """What two times of day have in common, as in 下午两点; None if nothing."""
    common = first.span & second.span
    if common is None:
        return None
    at = first.at if first.at is not None else second.at
    question, options = (first.question, first.options) if first.question else (second.question, second.options)
    return Time(
        common, at if at is not None and at in common else None, first.part or second.part, None, question, options
    )


def stretch(first: Time, second: Time) -> Time | None:
    """上午或下午: one stretch, if both are parts of the working day side by side."""
    low, high = sorted((first, second), key=lambda time: time.span.first)
    parts = [time.part for time in (first, second)]
    if low.at is None and high.at is None and all(part in DAYLIGHT for part in parts):
        return Time(Span(low.span.first, max(low.span.last, high.span.last)))
    if low.span.last >= high.span.first and low.at is None and high.at is None:
        return Time(Span(low.span.first, max(low.span.last, high.span.last)))
    return None


def without(span: Span) -> list[Span]:
    """The office day without a span (上午不行)."""
    left = Span(OFFICE_OPENS, max(span.first, OFFICE_OPENS))
    right = Span(min(span.last, OFFICE_CLOSES), OFFICE_CLOSES)
    return [each for each in (left, right) if each.first < each.last]


NOT_EARLY = Time(Span(10 * 60, OFFICE_CLOSES))
NOT_LATE = Time(Span(OFFICE_OPENS, 16 * 60))
EARLY = Time(Span(OFFICE_OPENS, 10 * 60))
LATE = Time(Span(15 * 60, OFFICE_CLOSES))
"""别太早, 别太晚, 早点, 晚点 beside a day."""


def either(first: Time, second: Time) -> Time:
    """Two times of which only one can be meant; equal ones are one."""
    if (first.span, first.at) == (second.span, second.at):
        return first
    options = (*(first.options or (first,)), *(second.options or (second,)))[:4]
    words = "，还是".join(span_of(option.span, option.at) for option in options)
    return replace(first, question=f"您想约{words}？", options=options)
