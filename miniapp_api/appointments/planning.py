"""Which slots a pool should have on a day: its schedule's rules, and what staff decided for that day. Pure."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from miniapp_api.appointments.schedules import Horizon, Policy, Rule, Schedules
from miniapp_api.calendar.service import CHINA, Calendar, Day, DayKind


@dataclass(frozen=True, slots=True)
class Counters:
    """A pool, as far as planning needs to know it.

    Attributes:
        key: stable and different for each pool; spreads their releases.
        grid: minutes of a slot.
        count: counters.
    """

    key: str
    grid: int
    count: int
    schedule: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What staff decided for a day; see `models.DayOverride`."""

    action: str
    reason: str
    start: int = 0
    end: int = 1440
    rule: str | None = None
    cap_total: int | None = None
    cap_online: int | None = None

    def covers(self, planned: Planned) -> bool:
        """Whether a slot lies in its part of the day, be it partly."""
        return planned.start < self.end and self.start < planned.end


@dataclass(frozen=True, slots=True)
class Planned:
    """A slot as it should be; the columns of `models.Slot` of the same names."""

    day: date
    start: int
    end: int
    session: str
    rule: str
    policy: str
    cap_total: int
    cap_online: int
    status: str
    reason: str | None
    release_at: datetime | None
    book_until: datetime
    pooled_at: datetime


def plan(
    counters: Counters, day: Day, calendar: Calendar, schedules: Schedules, decisions: Sequence[Decision] = ()
) -> list[Planned]:
    """Plan a day of a pool.

    Args:
        counters: the pool.
        day: which day.
        calendar: for what is counted in working days.
        schedules: the rules.
        decisions: in the order in which they were made: the later one wins.

    Returns:
        The slots in order of time; where two rules meet, the one opened by an exception stands.
    """
    rules = [rule for rule in schedules.schedules[counters.schedule] if _applies(rule, day)]
    known = {rule.id: rule for rule in schedules.schedules[counters.schedule]}
    opened = [known[each.rule] for each in decisions if each.action == "open" and each.rule in known]
    slots: dict[int, Planned] = {}
    for rule in (*rules, *opened):
        for planned in _slots(counters, rule, schedules.policies[rule.policy], day, calendar):
            slots = {start: slot for start, slot in slots.items() if not _meet(slot, planned)}
            slots[planned.start] = planned
    return [_decided(slots[start], decisions) for start in sorted(slots)]


def _applies(rule: Rule, day: Day) -> bool:
    return day.kind in rule.days and day.date.isoweekday() in rule.weekdays


def _meet(one: Planned, other: Planned) -> bool:
    return one.start < other.end and other.start < one.end


def _slots(counters: Counters, rule: Rule, policy: Policy, day: Day, calendar: Calendar) -> Iterator[Planned]:
    total = counters.count if rule.places == "counters" else rule.places
    online = min(total, max(1, int(total * rule.online))) if rule.online else 0
    release_at = _release(counters.key, policy, day, calendar)
    midnight, cutoff = at(day.date, 0), _cutoff(policy, day.date, calendar)
    for start in range(rule.from_, rule.to - counters.grid + 1, counters.grid):
        book_until = cutoff or midnight + timedelta(minutes=start - (policy.cutoff.minutes or 0))
        yield Planned(
            day=day.date,
            start=start,
            end=start + counters.grid,
            session=rule.session,
            rule=rule.id,
            policy=rule.policy,
            cap_total=total,
            cap_online=online,
            status="open",
            reason=None,
            release_at=release_at,
            book_until=book_until,
            pooled_at=book_until - timedelta(minutes=policy.pooled_minutes),
        )


def _decided(planned: Planned, decisions: Iterable[Decision]) -> Planned:
    """The slot after all that staff decided about it."""
    for each in decisions:
        if not each.covers(planned):
            continue
        if each.action == "close":
            planned = replace(planned, status="closed", reason=each.reason)
        elif each.action == "open":
            planned = replace(planned, status="open", reason=None)
        elif each.cap_total is not None:
            online = each.cap_total if each.cap_online is None else min(each.cap_online, each.cap_total)
            planned = replace(planned, cap_total=each.cap_total, cap_online=online)
    return planned


def _release(key: str, policy: Policy, day: Day, calendar: Calendar) -> datetime | None:
    """When a day opens; None while nobody knows whether it will be a holiday or a working day."""
    if not day.confirmed and (day.kind is DayKind.WEEKEND or day.near_holiday):
        return None
    spread = zlib.crc32(key.encode()) % (policy.release.spread_minutes + 1)
    return at(first_seen(policy.horizon, day.date, calendar), policy.release.at + spread)


def first_seen(horizon: Horizon, day: date, calendar: Calendar) -> date:
    """The first day on which a day is within the horizon."""
    if horizon.workdays is not None:
        return calendar.add_workdays(day, -horizon.workdays, guess=True)
    if horizon.days is not None:
        return day - timedelta(days=horizon.days)
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(weeks=(horizon.weeks or 1) - 1)


def _cutoff(policy: Policy, day: date, calendar: Calendar) -> datetime | None:
    """The cut-off of a whole day; None if it is so many minutes before each start."""
    cutoff = policy.cutoff
    if cutoff.at is None:
        return None
    last = calendar.add_workdays(day, -cutoff.workdays, guess=True) if cutoff.workdays else day
    return at(last, cutoff.at)


def at(day: date, minute: int) -> datetime:
    """The moment of a minute of a day in China; 1440 is the midnight after."""
    return datetime.combine(day, time(), CHINA) + timedelta(minutes=minute)
