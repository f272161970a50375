"""What themes share: legal bases, materials, and what each city sets for itself."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field
from pydantic.dataclasses import dataclass

from guidance.theme import STRICT, Id, Limit, Online

Certainty = Literal["confirmed", "reported", "demo"]


@dataclass(frozen=True, slots=True, config=STRICT)
class Basis:
    """A legal basis (依据).

    `certainty`: verified against the full text, recalled by an editor, or unsure.
    `since` and `until` bound the days on which it is in force.
    """

    law: str
    checked: date
    certainty: Literal["verified", "recalled", "unsure"]
    source: str
    article: str | None = None
    text: str | None = None
    url: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Material:
    """A material of the shared dictionary.

    `merge` says how copies add up over items: once, sum or max. `source`: brought by the citizen,
    shared by the departments (免提交), filled from a template, or issued by an earlier item.
    """

    name: str
    source: Literal["self", "shared", "template", "issued"]
    form: Literal["original", "copy", "electronic", "original_or_electronic"] = "original_or_electronic"
    copies: Annotated[int, Field(ge=0)] = 1
    merge: Literal["once", "sum", "max"] = "once"
    tips: str | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class District:
    """A district of the city, with other words citizens use for it."""

    label: str
    say: list[str] = Field(default_factory=list)
    prior: float | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class UpTo:
    """A cut whose own value is on the low side: 「300 以内（含）」."""

    up_to: float


@dataclass(frozen=True, slots=True, config=STRICT)
class Below:
    """A cut whose own value is on the high side: 「不足 50」."""

    below: float


ParamLiteral = UpTo | Below | bool | float | str


@dataclass(frozen=True, slots=True, config=STRICT)
class FutureValue:
    """A value already published that takes effect later."""

    value: ParamLiteral
    since: Annotated[date, Field(alias="from")]
    source: str


@dataclass(frozen=True, slots=True, config=STRICT)
class ParamValue:
    """A city's value for a parameter, how sure it is, and who says so."""

    value: ParamLiteral
    status: Certainty
    source: str
    note: str | None = None
    overrides: dict[Id, ParamLiteral] = Field(default_factory=dict)
    change: FutureValue | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Place:
    """Where citizens go or call."""

    name: str
    address: str
    phone: str
    hours: str
    status: Certainty
    source: str


@dataclass(frozen=True, slots=True, config=STRICT)
class ByDistrict:
    """A place that depends on the district; `otherwise` while the district is unknown."""

    by_district: dict[Id, Id]
    otherwise: Id


@dataclass(frozen=True, slots=True, config=STRICT)
class LocalItem:
    """What a city sets for one item."""

    status: Certainty
    source: str
    promised: Limit | None = None
    department: str | None = None
    where: Id | ByDistrict | None = None
    online: Online | None = None
    fee: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Locality:
    """One city or county: parameters, districts, places."""

    schema: Literal["daoban/locality/1"]
    id: Id
    name: str
    note: str
    hotline: str
    hours: str
    districts: dict[Id, District]
    places: dict[Id, Place]
    where: Id | ByDistrict
    params: dict[Id, ParamValue] = Field(default_factory=dict)
    items: dict[Id, LocalItem] = Field(default_factory=dict)
    say: list[str] = Field(default_factory=list)
