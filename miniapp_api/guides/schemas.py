"""What goes in and out of the guides API."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from miniapp_api.guides.answers import MAX_OPTIONS

Certainty = Literal["confirmed", "reported", "demo"]
Standing = Literal["needed", "perhaps"]
FactId = Annotated[str, Field(max_length=48, pattern="^[a-z][a-z0-9_-]*$")]
Number = Annotated[float, Field(allow_inf_nan=False)]


class In(BaseModel):
    """A body that is taken strictly: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class RangeIn(In):
    """A number known only roughly; a bound left out is open."""

    low: Number | None = None
    high: Number | None = None
    low_open: bool = False
    high_open: bool = False


AnswerIn = (
    bool
    | Number
    | Annotated[str, Field(max_length=48)]
    | Annotated[list[FactId], Field(max_length=MAX_OPTIONS)]
    | RangeIn
)


class StartIn(In):
    """Which guide to begin."""

    theme: FactId
    locality: FactId | None = Field(default=None, description="不填就是访客自己的城市")


class StepIn(In):
    """A step; `revision` is the one that the caller has seen."""

    revision: int | None = Field(default=None, ge=0, le=10**6)


class AnswerStepIn(StepIn):
    """An answer to one fact; answering again changes it."""

    fact: FactId
    value: AnswerIn = Field(
        description='是否题 true/false，单选填选项代号，多选填代号列表，数字题填数字，不知道填 "unknown"'
    )


class WhatIfIn(In):
    """Other answers to try, without keeping them."""

    changes: Annotated[dict[FactId, AnswerIn], Field(min_length=1, max_length=20)]


class ExplainIn(BaseModel):
    """Which outcome to explain."""

    item: Annotated[str, Field(max_length=100)]


class OptionOut(BaseModel):
    """One answer to tap."""

    value: Any
    label: str
    help: str | None = None


class QuestionOut(BaseModel):
    """A question."""

    fact: str
    type: Literal["yesno", "choice", "multi", "number", "place"]
    ask: str
    help: str | None
    why: str
    unit: str | None
    range: list[float] | None
    options: list[OptionOut]
    allows_unknown: bool
    allows_none: bool = Field(description="多选题可以一项都不选，用空列表回答")


class NamedOut(BaseModel):
    """Something with an id and a name."""

    id: str
    name: str


class ThemeRefOut(BaseModel):
    """The theme of a guide."""

    id: str
    title: str
    version: str


class AnswerOut(BaseModel):
    """An answer that counts."""

    fact: str
    ask: str
    label: str
    value: Any
    source: str
    turn: int


class StandingVetoOut(BaseModel):
    """A red light that stands."""

    id: str
    name: str
    say: str


class GuideOut(BaseModel):
    """A guide."""

    id: str
    theme: ThemeRefOut
    locality: NamedOut
    state: Literal["asking", "done"]
    revision: int
    question: QuestionOut | None
    answers: list[AnswerOut]
    vetoes: list[StandingVetoOut]


class BasisOut(BaseModel):
    """A legal basis; `certainty` says how well it was checked."""

    id: str
    law: str
    article: str | None
    text: str | None
    checked: str
    certainty: Literal["verified", "recalled", "unsure"]


class LimitOut(BaseModel):
    """A time limit."""

    days: float
    unit: Literal["workday", "day", "hour"]
    certainty: Certainty | None = None


class TimeOut(BaseModel):
    """The limits of an item."""

    promised: LimitOut | None
    legal: LimitOut | None
    short: str
    text: str


class TextOut(BaseModel):
    """A text."""

    text: str


class WhereOut(BaseModel):
    """Where to go or call."""

    name: str
    address: str
    phone: str
    hours: str
    certainty: Certainty


class OnlineOut(BaseModel):
    """How far it can be done online."""

    level: str
    url: str | None


class ItemOut(BaseModel):
    """An item to handle."""

    id: str
    name: str
    status: Standing
    step: int | None = Field(description="第几步；同一步的可以同时办")
    after: list[str]
    department: str
    time: TimeOut
    fee: TextOut
    where: WhereOut | None
    online: OnlineOut | None
    how: str | None
    materials: list[str]
    reason: str
    depends_on: list[str]
    note: str | None
    basis: list[BasisOut]


class SaidOut(BaseModel):
    """A duty, a notice or a red light."""

    id: str
    name: str | None = None
    status: Standing
    say: str
    way_out: str | None = None
    reason: str
    depends_on: list[str]
    basis: list[BasisOut]


class ParamOut(BaseModel):
    """A parameter that the city has not set."""

    id: str
    label: str


class UnsetOut(BaseModel):
    """An outcome that hangs on what the city has not set."""

    id: str
    name: str
    kind: str
    params: list[ParamOut]
    say: str


class MaterialOut(BaseModel):
    """A material, merged over the items that need it."""

    model_config = ConfigDict(populate_by_name=True)

    id: str
    name: str
    form: str
    copies: int
    source: Literal["self", "shared", "template", "issued"]
    items: list[str] = Field(alias="for")
    status: Standing
    note: str | None
    issued_by: str | None
    tips: str | None


class NotNeededOut(BaseModel):
    """An item that is certainly not needed, and why."""

    id: str
    name: str
    reason: str


class OpenOut(BaseModel):
    """A question still open."""

    fact: str
    ask: str


class AssumptionOut(BaseModel):
    """What is assumed after 「不知道」."""

    fact: str
    say: str


class PlanOut(BaseModel):
    """The order, and how long it takes."""

    steps: list[list[str]]
    critical_path: list[str]
    workdays: int | None
    earliest: str | None
    say: str


class ChecklistGuideOut(BaseModel):
    """The guide that a checklist belongs to."""

    id: str
    theme: str
    title: str
    theme_version: str
    locality: NamedOut
    state: Literal["asking", "done"]
    revision: int


class ChecklistOut(BaseModel):
    """The checklist, as far as the answers go."""

    guide: ChecklistGuideOut
    items: list[ItemOut]
    duties: list[SaidOut]
    vetoes: list[SaidOut]
    unset: list[UnsetOut]
    notices: list[SaidOut]
    materials: list[MaterialOut]
    not_needed: list[NotNeededOut]
    nothing_needed: str | None
    answers: list[AnswerOut]
    open_questions: list[OpenOut]
    plan: PlanOut
    assumptions: list[AssumptionOut]
    disclaimer: str
    as_of: datetime


class ExplanationOut(BaseModel):
    """Why an outcome stands as it does."""

    id: str
    name: str
    status: Literal["needed", "perhaps", "unset", "not_needed"]
    why: str
    nearest: list[str] = Field(description="改变哪一项回答，结果就会不同")
    basis: list[BasisOut]


class WhatIfOut(BaseModel):
    """What other answers would change."""

    added: list[NamedOut]
    removed: list[NamedOut]
    undecided: list[NamedOut]
    summary: str


class ShareOut(BaseModel):
    """A link by which anybody can read the checklist, and nothing else."""

    path: str
    url: str


class ReadyIn(BaseModel):
    """Which materials are ready."""

    model_config = ConfigDict(extra="forbid", strict=True)

    ready: list[Annotated[str, Field(min_length=1, max_length=48)]] = Field(
        max_length=200, description="备好了的材料的代号，整份替换"
    )


class ReadyOut(BaseModel):
    """Which materials are ready."""

    ready: list[str]
