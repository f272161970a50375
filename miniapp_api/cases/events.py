"""What can happen to a case (办件): one class for each kind of event, with the facts that count.

Pure: no database, no web server. Facts hold nothing personal: who the applicant is, and what a clerk
remarks for colleagues, lies elsewhere and can be erased; the course of a case stays.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from miniapp_api.calendar.service import CHINA

Text = Annotated[str, Field(min_length=1, max_length=500)]
"""What the citizen reads, in plain Chinese."""

Names = Annotated[tuple[Annotated[str, Field(min_length=1, max_length=80)], ...], Field(max_length=60)]
SomeNames = Annotated[Names, Field(min_length=1)]


class Cause(StrEnum):
    """What the clock may stand still for, and nothing else (行政许可法第四十五条)."""

    HEARING = "hearing"
    TENDER = "tender"
    AUCTION = "auction"
    INSPECTION = "inspection"
    TESTING = "testing"
    QUARANTINE = "quarantine"
    APPRAISAL = "appraisal"
    EXPERT_REVIEW = "expert_review"


class Fact(BaseModel):
    """What is recorded of an event besides who and when."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str


class Received(Fact):
    """收件: the applicant handed materials in.

    Attributes:
        materials: what was handed in, by name.
        expires: of a renewal, the day on which the licence to be renewed runs out.
    """

    kind: Literal["received"] = "received"
    materials: Names = ()
    expires: date | None = None


class CorrectionRequested(Fact):
    """补正: all that lacks, told once (行政许可法第三十二条第四项).

    Attributes:
        items: what lacks, by name.
        until: by when to hand it in; the law does not say what becomes of it after that.
        superior: public id of who answers for demands that the first notice did not make.
        reason: why there are new demands.
    """

    kind: Literal["correction_requested"] = "correction_requested"
    items: SomeNames
    until: date
    superior: str | None = None
    reason: Text | None = None


class Corrected(Fact):
    """The applicant handed in what was asked for."""

    kind: Literal["corrected"] = "corrected"
    items: SomeNames


class Accepted(Fact):
    """受理.

    Attributes:
        owed: 容缺: what may come later.
        owed_until: the last day for it.
        commitment: 告知承诺: decided on the applicant's word, and checked afterwards.
    """

    kind: Literal["accepted"] = "accepted"
    owed: Names = ()
    owed_until: date | None = None
    commitment: bool = False


class DeemedAccepted(Fact):
    """视为受理: five working days went by in silence (行政许可法第三十二条第四项)."""

    kind: Literal["deemed_accepted"] = "deemed_accepted"


class NotRequired(Fact):
    """不受理: no licence is needed (行政许可法第三十二条第一项)."""

    kind: Literal["not_required"] = "not_required"
    reason: Text


class NotOurs(Fact):
    """不予受理: another body decides (行政许可法第三十二条第二项).

    Attributes:
        go_to: that body.
    """

    kind: Literal["not_ours"] = "not_ours"
    reason: Text
    go_to: Text


class TakenUp(Fact):
    """审查 begins: somebody in the back office has the case."""

    kind: Literal["taken_up"] = "taken_up"


class Completed(Fact):
    """What was owed under 容缺 came in."""

    kind: Literal["completed"] = "completed"
    items: SomeNames


class Inspected(Fact):
    """勘验, by two or more (行政许可法第三十四条).

    Attributes:
        inspectors: their public ids.
        passed: whether what they saw meets the conditions.
    """

    kind: Literal["inspected"] = "inspected"
    inspectors: SomeNames
    passed: bool


class Stopped(Fact):
    """特别程序: the clock stands still, and the applicant was told for how long (行政许可法第四十五条).

    Attributes:
        workdays: how long at most; then it runs again by itself.
    """

    kind: Literal["stopped"] = "stopped"
    cause: Cause
    workdays: Annotated[int, Field(ge=1, le=250)]


class Resumed(Fact):
    """The special procedure is over."""

    kind: Literal["resumed"] = "resumed"


class Extended(Fact):
    """延期, once (行政许可法第四十二条).

    Attributes:
        workdays: by how much.
        approved_by: public id of the head who approved it.
        level: `head` of this body, or of the `government`.
    """

    kind: Literal["extended"] = "extended"
    workdays: Annotated[int, Field(ge=1)]
    reason: Text
    approved_by: str
    level: Literal["head", "government"]


class Granted(Fact):
    """准予.

    Attributes:
        valid_until: the last day of the licence; None if it does not run out.
    """

    kind: Literal["granted"] = "granted"
    valid_until: date | None = None


class Denied(Fact):
    """不予许可, with the reason and what the applicant may do about it (行政许可法第三十八条)."""

    kind: Literal["denied"] = "denied"
    reason: Text
    basis: Text


class DeemedRenewed(Fact):
    """视为准予延续: nothing was decided before the licence ran out (行政许可法第五十条)."""

    kind: Literal["deemed_renewed"] = "deemed_renewed"


class Checked(Fact):
    """What was committed to was checked afterwards.

    Attributes:
        kept: it was as committed.
    """

    kind: Literal["checked"] = "checked"
    kept: bool


class Revoked(Fact):
    """撤销 of what was granted on a commitment that was not kept."""

    kind: Literal["revoked"] = "revoked"
    reason: Text


class Delivered(Fact):
    """送达."""

    kind: Literal["delivered"] = "delivered"
    way: Literal["counter", "post", "electronic"]


class Concluded(Fact):
    """办结."""

    kind: Literal["concluded"] = "concluded"


class Withdrawn(Fact):
    """撤回, by the applicant, before anything is decided."""

    kind: Literal["withdrawn"] = "withdrawn"


class Terminated(Fact):
    """终止: what was owed or asked for did not come."""

    kind: Literal["terminated"] = "terminated"
    reason: Text


class Asked(Fact):
    """The applicant objects, or wants to be called; it changes nothing about the case itself."""

    kind: Literal["asked"] = "asked"
    what: Literal["objection", "call"]


class Answered(Fact):
    """What the applicant asked was answered."""

    kind: Literal["answered"] = "answered"


AnyFact = Annotated[
    Received
    | CorrectionRequested
    | Corrected
    | Accepted
    | DeemedAccepted
    | NotRequired
    | NotOurs
    | TakenUp
    | Completed
    | Inspected
    | Stopped
    | Resumed
    | Extended
    | Granted
    | Denied
    | DeemedRenewed
    | Checked
    | Revoked
    | Delivered
    | Concluded
    | Withdrawn
    | Terminated
    | Asked
    | Answered,
    Field(discriminator="kind"),
]
_FACTS: TypeAdapter[Any] = TypeAdapter(AnyFact)
KINDS: tuple[str, ...] = tuple(str(fact.model_fields["kind"].default) for fact in Fact.__subclasses__())


def read_fact(facts: dict[str, Any]) -> Fact:
    """Read a fact as it was stored.

    Raises:
        pydantic.ValidationError: it is none.
    """
    fact: Fact = _FACTS.validate_python(facts)
    return fact


@dataclass(frozen=True, slots=True)
class By:
    """Who caused an event.

    Attributes:
        kind: `applicant`, `staff`, `system` or `outside` (another system).
        id: public id of a member of staff, or name of the other system.
    """

    KINDS: ClassVar[tuple[str, ...]] = ("applicant", "staff", "system", "outside")

    kind: str
    id: str | None = None


APPLICANT = By("applicant")
SYSTEM = By("system")


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened.

    Attributes:
        at: when, aware.
    """

    at: datetime
    by: By
    fact: Fact

    @property
    def day(self) -> date:
        """The date in China."""
        return self.at.astimezone(CHINA).date()
