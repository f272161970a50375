"""The theme file (主题 / 一件事): its schema, and nothing of its meaning.

Every class mirrors one map of the YAML file. Slotted pydantic dataclasses keep a thousand
themes in memory small; unknown keys are refused everywhere.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, Field, PlainValidator
from pydantic.dataclasses import dataclass
from pydantic_core import PydanticCustomError

from guidance.conditions import AllOf, Always, AnyOf, Atom, Condition, ConditionError, Is, Not, parse_condition

STRICT = ConfigDict(extra="forbid", str_min_length=1, str_strip_whitespace=True)
Scalar = bool | int | float | str
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_-]*$", max_length=48)]
Share = Annotated[float, Field(ge=0, le=1)]


def _condition(raw: object) -> Condition:
    if isinstance(raw, (Always, AllOf, AnyOf, Not, Is, Atom)):
        return raw
    try:
        return parse_condition(raw)
    except ConditionError as error:
        raise PydanticCustomError("condition", "{reason}", {"reason": error.reason, "path": error.path}) from error


When = Annotated[Any, PlainValidator(_condition)]
"""A condition in author's form; `guidance.conditions.Condition` once loaded (and taken as it is then)."""


@dataclass(frozen=True, slots=True, config=STRICT)
class Owner:
    """The department that answers for the theme's content."""

    dept: str
    contact: str


@dataclass(frozen=True, slots=True, config=STRICT)
class Effective:
    """From when the theme may be shown, and when it must be read again."""

    since: Annotated[date, Field(alias="from")]
    review_by: date


@dataclass(frozen=True, slots=True, config=STRICT)
class Param:
    """A parameter that each city sets (地方参数); values live in the locality file.

    `cut` is a threshold between two sides of a number: 「300 以内 / 超过 300」.
    """

    label: str
    type: Literal["cut", "number", "choice", "yesno"]
    unit: str | None = None
    options: dict[Id, str] | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class ProxyStep:
    """Answers to the proxy question below `lt` (all, if absent) count as `value`."""

    value: Annotated[Any, Field(alias="as")]
    lt: float | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class DontKnow:
    """What happens after 「不知道」.

    keep: stays open, outcomes remain 可能; assume: counts as `value`, and says so; help: explains
    with `say` and asks once more; proxy: asks the easier number `ask` and maps it; handoff: stays
    open and tells whom to ask.
    """

    fallback: Literal["keep", "assume", "help", "proxy", "handoff"] = "keep"
    say: str | None = None
    value: Any = None
    ask: str | None = None
    unit: str | None = None
    map: list[ProxyStep] | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Option:
    """One answer of a choice or multi question.

    `say` lists the words by which citizens name it in free text; `exclusive` bars all others.
    """

    label: str
    say: list[str] = Field(default_factory=list)
    prior: Share | None = None
    exclusive: bool = False
    help: str | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class YesNoFact:
    """A fact answered by yes or no; `say` are words that mean yes when not negated."""

    type: Literal["yesno"]
    label: str
    ask: str
    dont_know: DontKnow
    only_if: When | None = None
    help: str | None = None
    say: list[str] = Field(default_factory=list)
    say_no: list[str] = Field(default_factory=list)
    prior: Share = 0.5


@dataclass(frozen=True, slots=True, config=STRICT)
class ChoiceFact:
    """A fact with exactly one of its options."""

    type: Literal["choice"]
    label: str
    ask: str
    options: dict[Id, Option]
    dont_know: DontKnow
    only_if: When | None = None
    help: str | None = None
    say: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, config=STRICT)
class MultiFact:
    """A fact with any number of its options; `min` is 0 or 1."""

    type: Literal["multi"]
    label: str
    ask: str
    options: dict[Id, Option]
    dont_know: DontKnow
    min: Literal[0, 1] = 1
    only_if: When | None = None
    help: str | None = None
    say: list[str] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, config=STRICT)
class NumberFact:
    """A number with a unit; `prior` is a list of (low, high, share) for simulations."""

    type: Literal["number"]
    label: str
    ask: str
    unit: str
    range: tuple[float, float]
    dont_know: DontKnow
    accept_units: dict[str, float] = Field(default_factory=dict)
    integer: bool = False
    only_if: When | None = None
    help: str | None = None
    say: list[str] = Field(default_factory=list)
    prior: list[tuple[float, float, Share]] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, config=STRICT)
class PlaceFact:
    """A district of the city; its options are the locality's districts."""

    type: Literal["place"]
    label: str
    ask: str
    dont_know: DontKnow
    only_if: When | None = None
    help: str | None = None
    say: list[str] = Field(default_factory=list)


Fact = Annotated[YesNoFact | ChoiceFact | MultiFact | NumberFact | PlaceFact, Field(discriminator="type")]


@dataclass(frozen=True, slots=True, config=STRICT)
class Term:
    """A named condition, usually a term of law (「产生油烟的餐饮」)."""

    label: str
    when: When
    basis: list[Id] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, config=STRICT)
class Limit:
    """A time limit. Units: working days, natural days, hours."""

    days: Annotated[float, Field(ge=0)]
    unit: Literal["workday", "day", "hour"] = "workday"


@dataclass(frozen=True, slots=True, config=STRICT)
class Time:
    """Statutory (`legal`) and promised limit; a locality may promise less."""

    legal: Limit | None = None
    promised: Limit | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Online:
    """How far the item can be handled online."""

    level: str
    url: str | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class MaterialUse:
    """An item's use of a material of the library; without `when` it is always needed."""

    use: Id
    when: When | None = None
    copies: Annotated[int, Field(ge=0)] | None = None
    form: Literal["original", "copy", "electronic", "original_or_electronic"] | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Item:
    """A matter to handle (事项): it has a case, a time limit and a place.

    `before_opening` false: it may wait until after the doors open, and does not delay that day.
    """

    name: str
    when: When
    department: str
    kind: Literal["licence", "filing", "registration", "inspection", "service"]
    time: Time
    fee: str
    how: str
    materials: list[MaterialUse] | Literal["none"]
    basis: list[Id]
    code: str | None = None
    say: list[str] = Field(default_factory=list)
    gives: list[Id] = Field(default_factory=list)
    after: list[Id] = Field(default_factory=list)
    online: Online | None = None
    note: str | None = None
    before_opening: bool = True


@dataclass(frozen=True, slots=True, config=STRICT)
class Duty:
    """Something to observe, without a case (合规义务)."""

    name: str
    when: When
    say: str
    basis: list[Id]


@dataclass(frozen=True, slots=True, config=STRICT)
class Veto:
    """A red light (否决): the plan is not possible as told; `way_out` says what would be."""

    name: str
    when: When
    say: str
    way_out: str
    basis: list[Id]
    change: list[Id] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, config=STRICT)
class Notice:
    """Advice that is neither item nor duty; `about` names the items it speaks of."""

    when: When
    say: str
    basis: list[Id]
    about: list[Id] = Field(default_factory=list)


@dataclass(frozen=True, slots=True, config=STRICT)
class Example:
    """A situation told by an official, and exactly what must come of it.

    `expect` lists the ids of all needed items, duties, vetoes and notices, and conditional
    materials as `item/material`; `perhaps` and `unset` likewise; `still_asks` the facts that a
    session would still ask, in order.
    """

    say: str
    given: dict[Id, Any]
    expect: list[str] | None = None
    perhaps: list[str] | None = None
    unset: list[str] | None = None
    still_asks: list[Id] | None = None
    locality: Id | None = None


@dataclass(frozen=True, slots=True, config=STRICT)
class Theme:
    """One theme file."""

    schema: Literal["daoban/theme/1"]
    id: Id
    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,2}\.\d{1,3}$")]
    title: str
    say: list[str]
    intro: str
    owner: Owner
    effective: Effective
    facts: dict[Id, Fact]
    items: dict[Id, Item]
    params: dict[Id, Param] = Field(default_factory=dict)
    terms: dict[Id, Term] = Field(default_factory=dict)
    duties: dict[Id, Duty] = Field(default_factory=dict)
    vetoes: dict[Id, Veto] = Field(default_factory=dict)
    notices: dict[Id, Notice] = Field(default_factory=dict)
    nothing_needed: str | None = None
    max_questions: int | None = None
    examples: list[Example] = Field(default_factory=list)
