"""From items to one wish: which days can still be reached, what must be asked back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from miniapp_api.appointments.when import periods, timing
from miniapp_api.appointments.when.combining import Item, Said
from miniapp_api.appointments.when.frame import AHEAD, LONGEST, OFFICE_CLOSES, OFFICE_OPENS, Frame, each
from miniapp_api.appointments.when.saying import days_of, span_of, wish_of
from miniapp_api.appointments.when.timing import Time
from miniapp_api.appointments.when.tokens import Ask, Days, Kind, Mark
from miniapp_api.appointments.when.wish import DAY_MINUTES, Doubt, Span, Wish


@dataclass(frozen=True, slots=True)
class Settler:
    """Makes the wish.

    Attributes:
        frame: now and the calendar.
        soonest: as early as can be.
    """

    frame: Frame
    soonest: bool

    def wish(self, dates: Iterable[date], time: Time | None) -> Wish:
        """A wish for definite days; a time that may mean two things is asked back."""
        days = tuple(dict.fromkeys(dates))[:LONGEST]
        if time and time.question:
            return self._of_times(days, time.question, time.options)
        span, at = _plain(time)
        return Wish(days, span, at, self.soonest, wish_of(days, span, at, self.frame, soonest=self.soonest), None)

    def _of_times(self, days: tuple[date, ...], question: str, times: Iterable[Time]) -> Wish:
        """Days at one of several times: those that can still be reached; if one is left, it is meant (今天七点)."""
        reached = [(tuple(day for day in days if day >= self.first(time)), time) for time in times]
        wishes = [self.wish(live, time) for live, time in reached if live or not days]
        if len(wishes) == 1:
            return wishes[0]
        return replace(wishes[0], doubt=Doubt(question, tuple((wish.said, wish) for wish in wishes)))

    def asked(self, question: str, options: Iterable[tuple[tuple[date, ...], Time | None]], guess: Wish) -> Wish:
        """A wish in doubt: the best guess, and what each answer would mean."""
        wishes = [self.wish(days, time) for days, time in options]
        if not wishes and not guess.days:
            guess = replace(guess, said=span_of(guess.span, guess.at))
        return replace(guess, doubt=Doubt(question, tuple((wish.said, wish) for wish in wishes)))

    def first(self, time: Time | None) -> date:
        """The first day on which the time can still be reached."""
        if time and time.question:
            return min(self.first(option) for option in time.options)
        span, at = _plain(time)
        last = at + 1 if at is not None else span.last if span else OFFICE_CLOSES
        return self.frame.today if last > self.frame.minute else self.frame.offset(1)

    def of(self, items: list[Item], time: Time | None) -> Wish:
        """The wish for some days, all at the same time of day."""
        first = self.first(time)
        fixed = [periods.fixed(item.days, first) for item in items if item.days]
        dates = tuple(day for days in fixed for day in days.dates)
        for days in fixed:
            if days.ask:
                return self._of_ask(days, days.ask, fixed, time)
        live = tuple(day for day in dates if day >= first)
        unsure = next((days.unsure for days in fixed if days.unsure), None)
        if not live:
            return self._too_late(dates, fixed, time) if fixed else self.wish((), time)
        if unsure and not all(self.frame.day(day).confirmed for day in live):
            return self._unpublished(unsure, live, time)
        return self.wish(live, time)

    def _of_ask(self, days: Days, ask: Ask, among: list[Days], time: Time | None) -> Wish:
        first = self.first(time)
        others = [day for other in among if other is not days and not other.ask for day in other.dates]
        kept = [[day for day in option if day >= first] for option in ask.options]
        options = [(*option, *(day for day in others if day >= first)) for option in kept if option]
        if ask.options and not options:
            return self._too_late((*ask.options[0], *others), among, time)
        guess = self.wish(options[0] if options else (), time)
        return self.asked(ask.question, [(option, time) for option in options], guess)

    def _too_late(self, dates: tuple[date, ...], among: list[Days], time: Time | None) -> Wish:
        """Everything said is past, or today and too late."""
        if not dates:
            return self.asked("没有找到您说的这一天，请您说一下几月几号来？", (), self.wish((), time))
        weekly = any(days.kind is Kind.WEEKDAY for days in among)
        later = _next_week(dates, self.frame) if weekly else ()
        if self.frame.today in dates:
            return self._too_late_today(later, len(dates) == 1, time)
        said = days_of(dates[:1], self.frame)
        if later:
            question = f"{said}已经过了，您说的是{days_of(later, self.frame)}吗？"
            return self.asked(question, ((later, time),), self.wish(later, time))
        return self.asked(f"{said}已经过了，您想哪一天来？", (), self.wish((), time))

    def _too_late_today(self, later: tuple[date, ...], single: bool, time: Time | None) -> Wish:
        """Today, but not any more: tomorrow, or the same weekday of next week."""
        when = wish_of((), *_plain(time), self.frame, soonest=False) if time else ""
        options = ([(self.frame.offset(1),)] if single or not later else []) + ([later] if later else [])
        choice = "，还是".join(days_of(days, self.frame) for days in options)
        question = f"今天{when}已经来不及了，您是想{choice}{when}来吗？"
        if len(options) > 1:
            question = f"今天{when}已经来不及了，您是想{choice}{when}来？"
        return self.asked(question, ((days, time) for days in options), self.wish(options[0], time))

    def _unpublished(self, year: int, dates: tuple[date, ...], time: Time | None) -> Wish:
        said = days_of(dates[:LONGEST], self.frame)
        question = f"{year}年的放假安排还没有公布，按往常推算是{said}，您看先按这个约可以吗？"
        return self.asked(question, ((dates, time),), self.wish(dates, time))


_ALL_DAY = Span(0, DAY_MINUTES)


def _plain(time: Time | None) -> tuple[Span | None, int | None]:
    """Span and minute; a definite minute has the half hour that it begins, a rough one the hour around it."""
    if time is None or time.span == _ALL_DAY:
        return None, None
    if time.at is None:
        return time.span, None
    first = max(0, time.at - timing.HALF_HOUR) if time.span.first < time.at else time.at
    return Span(first, min(time.at + timing.HALF_HOUR, DAY_MINUTES)), time.at


def _next_week(dates: tuple[date, ...], frame: Frame) -> tuple[date, ...]:
    weeks = -(-((frame.today - max(dates)).days + 1) // 7)
    later = (day + timedelta(days=7 * weeks) for day in dates)
    return tuple(day for day in later if day > frame.today)


def settle(said: Said, frame: Frame) -> Wish | None:
    """The wish, or None: nothing was said about when to come."""
    settler = Settler(frame, Mark.SOONEST in said.marks)
    items = [item for item in said.items if not (item.days and item.days.kind is Kind.PAST)]
    wanted = _with_shared_time([item for item in items if not item.refused])
    refused = [item for item in items if item.refused]
    early = Mark.EARLY in said.marks and not items
    if not items and not said.marks & {Mark.SOONEST, Mark.ANY, Mark.NOT_EARLY, Mark.NOT_LATE} and not early:
        return None
    marks = said.marks - {Mark.EARLY} if early else said.marks
    wanted = [replace(item, time=_narrowed(item.time, marks)) for item in wanted or [Item()]]
    if said.today and not any(item.days for item in wanted):
        wanted = [replace(item, days=Days(Kind.NEAR, (frame.today,))) for item in wanted]
    if early:
        settler = Settler(frame, soonest=True)
    if refused:
        return _without(settler, wanted, refused)
    return _wanted(settler, wanted)


def _wanted(settler: Settler, items: list[Item]) -> Wish:
    """One wish if all items share their time of day; else it is asked which."""
    times = {_plain(item.time): item.time for item in items}
    if len(times) == 1:
        return settler.of(items, items[0].time)
    wishes = [settler.of([item for item in items if _plain(item.time) == plain], time) for plain, time in times.items()]
    question = f"您想约{'，还是'.join(wish.said for wish in wishes)}？"
    return replace(wishes[0], doubt=Doubt(question, tuple((wish.said, wish) for wish in wishes)))


def _narrowed(time: Time | None, marks: set[Mark]) -> Time | None:
    """别太早, 早点: within the time said, or by themselves."""
    rules = (
        (Mark.NOT_EARLY, timing.NOT_EARLY),
        (Mark.NOT_LATE, timing.NOT_LATE),
        (Mark.EARLY, timing.EARLY),
        (Mark.LATE, timing.LATE),
    )
    for mark, narrow in rules:
        if mark not in marks:
            continue
        if time is None:
            time = narrow
        elif time.at is None and not time.question:
            half = timing.bounded(time, mark) if mark in (Mark.EARLY, Mark.LATE) else None
            time = half or timing.together(time, narrow) or time
    return time


def _with_shared_time(items: list[Item]) -> list[Item]:
    """Items with days; a time said without days, or with the last of several, is said of all."""
    days = [item for item in items if item.days]
    times = [item for item in items if not item.days]
    if not days:
        return [Item(time=_folded(times))] if times else []
    if times:
        free = _folded(times)
        days = [replace(item, time=_both(item.time, free)) for item in days]
    elif days[0].leading and not any(item.time for item in days[1:]):
        days = [replace(item, time=days[0].time) for item in days]
    elif days[-1].time and not any(item.time or item.closed for item in days[:-1]):
        days = [replace(item, time=days[-1].time) for item in days]
    return days


def _folded(items: list[Item]) -> Time | None:
    """Times without days, one after the other."""
    time = items[0].time
    for item in items[1:]:
        if time and item.time:
            joined = timing.stretch(time, item.time) if item.joined else timing.together(time, item.time)
            time = joined or timing.stretch(time, item.time) or timing.either(time, item.time)
    return time


def _both(own: Time | None, free: Time | None) -> Time | None:
    if own is None or free is None:
        return own or free
    if own.part and free.bare:
        free = timing.time_of(free.bare, own.part)
    return timing.together(own, free) or timing.either(own, free)


def _without(settler: Settler, wanted: list[Item], refused: list[Item]) -> Wish:
    """What is wanted, less what does not suit; if only refusals are said, the days ahead without them."""
    bad_times = [item.time for item in refused if item.time and not item.days]
    bad_days = [item for item in refused if item.days and not item.time]
    partly = [item for item in refused if item.days and item.time]
    first = settler.first(wanted[0].time)
    named = any(item.days for item in wanted)
    if partly and not named and not bad_days:
        return _partly(settler, wanted[0].time, partly)
    if bad_days and not named:
        ahead = tuple(each(first, first + timedelta(days=AHEAD - 1)))
        wanted = [Item(Days(Kind.PERIOD, ahead), wanted[0].time)]
    kept = [replace(item, days=_less(item.days, bad_days, first)) if item.days else item for item in wanted]
    if bad_days and not any(item.days and (item.days.dates or item.days.ask) for item in kept):
        return settler.asked("您说的日子都不行，那您想哪一天来？", (), settler.wish((), kept[0].time))
    return _spared(settler, kept, [time for time in bad_times if time])


def _partly(settler: Settler, time: Time | None, refused: list[Item]) -> Wish:
    """周三上午不行: the rest of that day, which is asked unless it is said (下午行)."""
    if time:
        return settler.of(refused, time)
    wish = settler.of(refused[:1], refused[0].time)
    free = [span for span in timing.without(wish.span or _ALL_DAY) if span.last - span.first >= 2 * timing.HALF_HOUR]
    options = [
        (wish.days, Time(span)) for span in free if settler.first(Time(span)) <= min(wish.days, default=date.min)
    ]
    return settler.asked(
        f"{wish.said}不行，那您想什么时候来？", options, settler.wish(wish.days if options else (), None)
    )


def _less(days: Days, refused: list[Item], first: date) -> Days:
    fixed = periods.fixed(days, first)
    if not refused:
        return fixed
    bad_weekdays = {weekday for item in refused if item.days for weekday in item.days.weekdays}
    bad_dates = {day for item in refused if item.days for day in item.days.dates}
    dates = tuple(day for day in fixed.dates if day.weekday() not in bad_weekdays and day not in bad_dates)
    return replace(fixed, dates=dates, bounds=None)


def _spared(settler: Settler, items: list[Item], bad: list[Time]) -> Wish:
    """The items at a time that is not refused; what is left of the office day where none is said."""
    if not bad or any(item.time for item in items):
        return _wanted(settler, items)
    left = [Span(OFFICE_OPENS, OFFICE_CLOSES)]
    for time in bad:
        left = [common for span in left for rest in timing.without(time.span) if (common := span & rest)]
    left = [span for span in left if span.last - span.first >= 2 * timing.HALF_HOUR]
    if not left:
        return settler.asked("您说的时间都不行，那您想什么时候来？", (), settler.of(items, None))
    times = [Time(span) for span in left]
    time = times[0]
    for other in times[1:]:
        time = timing.either(time, other)
    return settler.of(items, time)
