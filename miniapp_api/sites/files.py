"""What may be written in `catalogue/services.yaml` and `catalogue/halls/<city>.yaml`."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from guidance.library import Certainty
from guidance.reading.normalise import squeeze

Tier = Literal["center", "branch", "township"]


def _code(text: str) -> str:
    if not re.fullmatch(r"[a-z][a-z0-9-]*", text):
        raise ValueError("编号用小写字母开头，只含小写字母、数字和 -")
    return text


def _counter(text: str) -> str:
    if not re.fullmatch(r"[A-Z]{0,2}[0-9]{1,3}", text):
        raise ValueError("窗口号写成 A01 这样：字母可以没有，后面是数字；只有数字的要加引号")
    return text


def _word(text: str) -> str:
    if len(squeeze(text)) < 2:
        raise ValueError("说法至少要两个字，一个字的会认错")
    return text


Code = Annotated[str, Field(max_length=48), AfterValidator(_code)]
SiteCode = Annotated[str, Field(max_length=40), AfterValidator(_code)]
VillageCode = Annotated[str, Field(max_length=23), AfterValidator(_code)]
CounterCode = Annotated[str, AfterValidator(_counter)]
Word = Annotated[str, Field(max_length=20), AfterValidator(_word)]
Name = Annotated[str, Field(max_length=30)]
Line = Annotated[str, Field(max_length=100)]
Phone = Annotated[str, Field(max_length=40)]
Point = Annotated[list[float], Field(min_length=2, max_length=2)]
"""Latitude and longitude, in degrees."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, str_strip_whitespace=True, str_min_length=1)


class ServiceEntry(_Strict):
    """A service: what one visit to a counter is for."""

    name: Name
    minutes: Annotated[int, Field(ge=5, le=240)]
    items: list[Code] = []
    say: Annotated[list[Word], Field(min_length=1)]
    bring: list[Line] = []


class ServicesFile(_Strict):
    """`services.yaml`."""

    schema_: Annotated[Literal["daoban/services/1"], Field(alias="schema")]
    services: dict[Code, ServiceEntry]
    facilities: dict[Code, Name]


class PoolEntry(_Strict):
    """A group of counters (窗口组).

    `schedule` None: walk-in only. `by_staff`: services that only staff may book there.
    """

    name: Name
    grid: Literal[10, 15, 20]
    schedule: Literal["center", "branch", "township", "village"] | None
    counters: Annotated[list[CounterCode], Field(min_length=1, max_length=60)]
    services: list[Code] = []
    by_staff: list[Code] = []


Layout = dict[Code, PoolEntry]
"""Groups of counters by id, as several sites have them."""


class VillageEntry(_Strict):
    """A station of a village or community, in the list of its township."""

    name: Name
    at: Point | None = None
    phone: Phone | None = None
    layout: Code | None = None


class VillagesEntry(_Strict):
    """What the stations of all villages have in common.

    `title` follows the village's name in the station's, `address` in its address.
    """

    title: Name
    address: Line
    phone: Phone
    hours: Line
    facilities: list[Code] = []
    layout: Code


class SiteEntry(_Strict):
    """A hall.

    `place`: how the names and addresses of its villages begin. `layout` and `pools` add up.
    """

    tier: Tier
    parent: SiteCode | None = None
    name: Line
    place: Name | None = None
    district: Code | None = None
    address: Line
    at: Point
    phone: Phone
    hours: Line
    status: Certainty | None = None
    facilities: list[Code] = []
    layout: Code | None = None
    pools: Layout = {}
    villages: dict[VillageCode, VillageEntry] = {}


class HallsFile(_Strict):
    """The halls of one city."""

    schema_: Annotated[Literal["daoban/halls/1"], Field(alias="schema")]
    locality: Code
    status: Certainty
    note: str
    not_offered: list[Code] = []
    layouts: dict[Code, Layout] = {}
    villages: VillagesEntry | None = None
    sites: dict[SiteCode, SiteEntry]
