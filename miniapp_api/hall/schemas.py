"""What goes in and out of the hall's API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field

from miniapp_api.hall.issuing import MAX_KEY

Kind = Literal["special", "booked", "walk_in"]
State = Literal["waiting", "parked", "called", "serving", "finished", "missed", "left"]
Code = Annotated[str, Field(max_length=48, pattern="^[a-z0-9][a-z0-9_-]*$")]
HallToken = Annotated[str, Field(min_length=1, max_length=300, description="大厅屏幕上二维码里的口令，90 秒内有效")]


class In(BaseModel):
    """A body that is taken strictly: nothing unknown, nothing converted."""

    model_config = ConfigDict(extra="forbid", strict=True)


class KeyIn(BaseModel):
    """The key of one tap: whoever sends it again gets the same answer."""

    key: str = Field(
        validation_alias=AliasChoices("Idempotency-Key", "idempotency_key"),
        min_length=8,
        max_length=MAX_KEY,
        pattern="^[0-9A-Za-z_-]+$",
        description="同一次点按用同一个，例如 UUID",
    )


class CheckInHereIn(In):
    """What a citizen scanned in the hall."""

    token: HallToken


class TakeIn(CheckInHereIn):
    """Which number a citizen wants."""

    service: Code


class CheckInIn(In):
    """What a citizen shows at the desk."""

    digits: Annotated[str, Field(min_length=1, max_length=200, description="预约凭证二维码里 /r/ 后面的数字")]


class WalkInIn(In):
    """A number for somebody who stands at the desk."""

    service: Code
    kind: Literal["special", "walk_in"] = Field(default="walk_in", description="老年人、残疾人等需要照顾的填 special")


class TransferIn(In):
    """Where somebody is sent."""

    pool: Code


class TodayIn(BaseModel):
    """Which day."""

    day: date | None = Field(default=None, description="不填就是今天")


class SiteRefOut(BaseModel):
    """A site."""

    code: str
    name: str


class PlaceOut(BaseModel):
    """A place in line."""

    ahead: int = Field(ge=0, description="照现在的情形，前面还有几位")
    estimate: str = Field(description="大约还要多久")


class TicketOut(BaseModel):
    """A citizen's own number."""

    id: str
    number: str
    day: date
    kind: Kind
    service: str | None
    state: State
    state_text: str
    site: SiteRefOut
    queue: str
    counter: str | None
    place: PlaceOut | None = Field(description="排队时才有")
    back_until: datetime | None = Field(description="过号之后，这个时间以前可以请导办台重排一次")


class CalledOut(BaseModel):
    """A number that is called or served."""

    number: str
    counter: str
    state: Literal["called", "serving"]
    calls: int
    called_at: datetime


class QueueOut(BaseModel):
    """A queue."""

    pool: str
    name: str
    waiting: int
    next: list[str]


class BoardOut(BaseModel):
    """What the screen in the hall shows."""

    site: SiteRefOut
    at: datetime
    called: list[CalledOut]
    queues: list[QueueOut]


class DeskTicketOut(BaseModel):
    """A number, as the desk sees it."""

    id: str
    number: str
    pool: str
    kind: Kind
    service: str | None
    state: State
    state_text: str
    counter: str | None
    calls: int
    called_at: datetime | None
    since: datetime
    eligible_at: datetime
    back_until: datetime | None
    booked: bool


class NextOut(BaseModel):
    """Whoever was called; nobody if nobody waits."""

    ticket: DeskTicketOut | None


class DeskBookingOut(BaseModel):
    """A booking of the day; the times are minutes after midnight."""

    id: str
    pool: str
    service: str
    name: str
    start: int
    end: int
    care: bool
    status: str
    number: str | None


class CounterOut(BaseModel):
    """A counter, and who sits there."""

    counter: str
    pool: str
    staff: str | None = Field(description="工作人员编号；没有开就没有")
    number: str | None = Field(description="正在叫或者正在办的号")


class TodayOut(BaseModel):
    """A day at a site."""

    day: date
    bookings: list[DeskBookingOut]
    tickets: list[DeskTicketOut]
    counters: list[CounterOut]


class HallCodeOut(BaseModel):
    """What the hall's screen shows as a QR code."""

    token: str
    until: datetime
