"""`catalogue/schedules.yaml`: when slots are made, released and closed, and what not coming costs.

A rule makes the slots of one session on the kinds of day it names; its policy says how far ahead
they can be booked, from when, and until when.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, field_validator, model_validator
from pydantic.dataclasses import dataclass as schema
from pydantic.functional_validators import BeforeValidator

from guidance.documents import CatalogueError, Schema
from guidance.documents import Problem as Fault
from guidance.theme import STRICT, Id
from miniapp_api.calendar.service import DayKind

FILE = "schedules.yaml"
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")


def _minutes(text: object) -> object:
    """Read `09:30` as minutes after midnight."""
    if not isinstance(text, str) or not _CLOCK.fullmatch(text):
        raise ValueError('应当是带引号的钟点，例如 "09:30"')
    return int(text[:2]) * 60 + int(text[3:])


Clock = Annotated[int, BeforeValidator(_minutes)]
Count = Annotated[int, Field(ge=0, le=366)]


@schema(frozen=True, slots=True, config=STRICT)
class Horizon:
    """How far ahead citizens may book, in exactly one unit; `weeks` counts this one."""

    workdays: Annotated[int, Field(ge=1, le=60)] | None = None
    days: Annotated[int, Field(ge=1, le=90)] | None = None
    weeks: Annotated[int, Field(ge=1, le=12)] | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Horizon:
        if sum(unit is not None for unit in (self.workdays, self.days, self.weeks)) != 1:
            raise ValueError("workdays(工作日)、days(天)、weeks(周)三个里写一个")
        return self


@schema(frozen=True, slots=True, config=STRICT)
class Release:
    """When a day that comes within the horizon opens; pools are spread over some minutes after that."""

    at: Clock
    spread_minutes: Annotated[int, Field(ge=0, le=600)] = 0


@schema(frozen=True, slots=True, config=STRICT)
class Cutoff:
    """Until when citizens may book: minutes before the start, or a clock time some working days before."""

    minutes: Annotated[int, Field(ge=0, le=2880)] | None = None
    workdays: Annotated[int, Field(ge=0, le=20)] = 0
    at: Clock | None = None

    @model_validator(mode="after")
    def _one_way(self) -> Cutoff:
        if (self.minutes is None) == (self.at is None):
            raise ValueError("minutes(开始前多少分钟)和 at(几点)两个里写一个")
        if self.minutes is not None and self.workdays:
            raise ValueError("写了 minutes 就不写 workdays")
        return self


@schema(frozen=True, slots=True, config=STRICT)
class Policy:
    """A booking policy.

    Attributes:
        cancel_minutes: before the start; who cancels later leaves no time for others.
        pooled_minutes: before the cut-off; from then on what staff did not need is open to citizens.
        one_per: what a person may have one live booking of.
        moves: how often a booking may be rescheduled.
        hold_minutes: how long a place is held while a form is filled in.
        early_minutes, late_minutes: check-in before and after the start.
        cooling_minutes: least and most before a place given back is free again.
    """

    horizon: Horizon
    release: Release
    cutoff: Cutoff
    cancel_minutes: Count = 120
    pooled_minutes: Count = 120
    one_per: Literal["day", "session", "service"] = "day"
    moves: Annotated[int, Field(ge=0, le=10)] = 2
    hold_minutes: Annotated[int, Field(ge=1, le=60)] = 10
    early_minutes: Annotated[int, Field(ge=0, le=240)] = 60
    late_minutes: Annotated[int, Field(ge=0, le=120)] = 15
    cooling_minutes: tuple[Count, Count] = (10, 40)

    @model_validator(mode="after")
    def _cooling_in_order(self) -> Policy:
        if self.cooling_minutes[0] > self.cooling_minutes[1]:
            raise ValueError("cooling_minutes 先写最少几分钟，再写最多几分钟")
        return self


@schema(frozen=True, slots=True, config=STRICT)
class Rule:
    """A session rule.

    Attributes:
        days: kinds of day; none for sessions that staff open on a day of their choice.
        weekdays: 1 to 7, Monday is 1.
        places: in each slot; `counters` for as many as the pool has counters.
        online: share of the places that citizens book themselves, at least one place.
        needs: bookings without which the session does not take place, decided at its cut-off.
    """

    id: Id
    session: Literal["normal", "lunch", "weekend", "special"]
    days: tuple[DayKind, ...]
    from_: Annotated[Clock, Field(alias="from")]
    to: Clock
    policy: Id
    places: Annotated[int, Field(ge=1, le=100)] | Literal["counters"]
    online: Annotated[float, Field(ge=0, le=1)] = 1.0
    weekdays: tuple[Annotated[int, Field(ge=1, le=7)], ...] = (1, 2, 3, 4, 5, 6, 7)
    needs: Annotated[int, Field(ge=0, le=50)] = 0

    @field_validator("days", mode="before")
    @classmethod
    def _kinds(cls, names: object) -> object:
        known = {kind.value for kind in DayKind}
        if isinstance(names, (list, tuple)) and (unknown := [name for name in names if name not in known]):
            raise ValueError(f"没有这种日子：{unknown[0]}，可以写 {'、'.join(sorted(known))}")
        return tuple(DayKind(name) for name in names) if isinstance(names, (list, tuple)) else names

    @model_validator(mode="after")
    def _in_order(self) -> Rule:
        if self.from_ >= self.to:
            raise ValueError("from 应当早于 to")
        return self


@schema(frozen=True, slots=True, config=STRICT)
class Conduct:
    """What not coming costs. Points are counted in halves, so nothing is lost by rounding."""

    no_show_points: Annotated[float, Field(ge=0, le=10, multiple_of=0.5)]
    late_cancel_points: Annotated[float, Field(ge=0, le=10, multiple_of=0.5)]
    counted_days: Annotated[int, Field(ge=1, le=366)]
    limit_points: Annotated[float, Field(gt=0, le=50, multiple_of=0.5)]
    restricted_days: Annotated[int, Field(ge=1, le=180)]
    restricted_sessions: tuple[Literal["weekend", "lunch"], ...]
    exempt_age: Annotated[int, Field(ge=50, le=120)]
    cancels_in_30_days: Annotated[int, Field(ge=1, le=100)]


@schema(frozen=True, slots=True, config=STRICT)
class Schedules:
    """The whole file."""

    schema: Literal["daoban/schedules/1"]
    ahead_days: Annotated[int, Field(ge=7, le=120)]
    policies: dict[Id, Policy]
    schedules: dict[Id, tuple[Rule, ...]]
    conduct: Conduct

    @model_validator(mode="after")
    def _fits(self) -> Schedules:
        for name, rules in self.schedules.items():
            if len({rule.id for rule in rules}) < len(rules):
                raise ValueError(f"时间表 {name} 里有两条规则同名")
            for rule in rules:
                if rule.policy not in self.policies:
                    raise ValueError(f"时间表 {name} 的 {rule.id} 用了没有的规则 {rule.policy}")
            for rule in rules:
                for other in rules:
                    if rule.id < other.id and _meet(rule, other):
                        raise ValueError(f"时间表 {name} 的 {rule.id} 和 {other.id} 在同一天有重叠的时间")
        return self


def _meet(rule: Rule, other: Rule) -> bool:
    same_days = set(rule.days) & set(other.days) and set(rule.weekdays) & set(other.weekdays)
    return bool(same_days) and rule.from_ < other.to and other.from_ < rule.to


_SCHEMA: Schema[Schedules] = Schema(Schedules)


def load(folder: Path) -> Schedules:
    """Read the schedules of a catalogue.

    Raises:
        CatalogueError: with every fault, in Chinese, by line.
    """
    path = folder / FILE
    if not path.is_file():
        raise CatalogueError([Fault(FILE, 1, "G001", "缺少这个文件")])
    return _SCHEMA.read(path).content
