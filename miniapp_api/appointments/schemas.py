"""What goes in and out of the appointments API."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

_STRICT = ConfigDict(extra="forbid", strict=True)

PoolRef = Annotated[
    str, Field(pattern=r"^[a-z0-9-]{1,64}\.[a-z0-9-]{1,48}$", description="窗口组，见 GET /api/v1/appointments/halls")
]
ServiceId = Annotated[str, Field(pattern="^[a-z][a-z0-9_-]*$", max_length=48, description="见 GET /api/v1/services")]
ClockText = Annotated[str, Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="几点，例如 09:30")]
OpaqueText = Annotated[str, Field(pattern="^[0-9a-f]{32}$")]


def _iso_day(text: object) -> object:
    """Read `2026-11-28` as a date, and nothing else."""
    if isinstance(text, str) and len(text) == 10:
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise ValueError("应当是日期，例如 2026-11-28")


Day = Annotated[date, BeforeValidator(_iso_day), Field(description="日期，例如 2026-11-28")]


class HallsIn(BaseModel):
    """Which halls are wanted."""

    model_config = ConfigDict(extra="forbid")

    service: ServiceId
    locality: str | None = Field(default=None, max_length=48, description="城市，不填就是您的城市")
    near: str | None = Field(
        default=None, pattern=r"^-?\d{1,2}(\.\d{1,6})?,-?\d{1,3}(\.\d{1,6})?$", description="您的位置：纬度,经度"
    )
    district: str | None = Field(default=None, max_length=48, description="区县，见 GET /api/v1/localities")
    day: Day | None = Field(default=None, description="只看这一天；不填就从今天起")


class TimeRef(BaseModel):
    """A time that may be booked."""

    day: date
    time: ClockText
    text: str = Field(description="例如 11月28日（周六）09:30")


class HallOut(BaseModel):
    """A hall where the service can be booked."""

    pool: str = Field(description="预约时填这个")
    name: str
    counter_group: str = Field(description="窗口组的名称")
    tier: str
    district: str | None
    address: str
    phone: str
    hours: str
    km: float | None = Field(description="离您多少公里，不知道位置就没有")
    minutes: int = Field(description="办一次要几分钟")
    demo: bool = Field(description="演示数据，不是真的")
    next: TimeRef | None = Field(description="最近的一个空号")
    text: str = Field(description="一句话，例如 最近 11月28日（周六）09:30")


class HallsOut(BaseModel):
    """Halls, those with something free first."""

    service: str
    service_name: str
    halls: list[HallOut]


class PoolIn(BaseModel):
    """Which counters, for what."""

    model_config = ConfigDict(extra="forbid")

    pool: PoolRef
    service: ServiceId


class DaysIn(PoolIn):
    """Which days."""

    first: Day | None = Field(default=None, description="从哪天起，不填就是今天")
    count: int = Field(default=21, ge=1, le=62, description="几天")


class DayOut(BaseModel):
    """A day."""

    day: date
    text: str = Field(description="11月28日（周六）")
    state: Literal["open", "full", "not_released", "provisional", "over", "closed", "rest"]
    level: Literal["plenty", "few", "last", "full"] | None
    say: str = Field(description="充足、较少、最后几个、已满，或者为什么没有号")
    sessions: list[str] = Field(description="平时、午间、双休日、专场")


class DaysOut(BaseModel):
    """Days."""

    days: list[DayOut]


class TimesIn(PoolIn):
    """Which day."""

    day: Day


class TimeOut(BaseModel):
    """A time of a day."""

    time: ClockText
    until: str
    session: str
    level: Literal["plenty", "few", "last"]
    say: str


class TimesOut(BaseModel):
    """Times of a day."""

    day: date
    times: list[TimeOut]
    why_none: str | None = Field(description="一个也没有时，为什么")


class KeyIn(BaseModel):
    """The key under which a request is done once."""

    idempotency_key: str = Field(
        min_length=1,
        max_length=255,
        description="一次操作一个随机字符串；网络不好重试时用同一个，只会约上一次",
    )


class BookIn(BaseModel):
    """What is to be booked."""

    model_config = _STRICT

    pool: PoolRef
    service: ServiceId
    day: Day
    time: ClockText
    person: OpaqueText | None = Field(default=None, description="替谁约，见 GET /api/v1/people；先留号就可以不填")
    guide: OpaqueText | None = Field(default=None, description="为哪次导办的清单而来")
    hold: bool = Field(default=False, description="先留号，过几分钟再确认")


class ConfirmIn(BaseModel):
    """For whom a held place is."""

    model_config = _STRICT

    person: OpaqueText | None = Field(default=None, description="换成替谁约；不填就是留号时选的")


class MoveIn(BaseModel):
    """Where a booking is moved."""

    model_config = _STRICT

    pool: PoolRef | None = Field(default=None, description="换大厅时填")
    day: Day
    time: ClockText


class BringOut(BaseModel):
    """Something to bring."""

    name: str
    have: bool = Field(description="您在清单上勾过，已经备好了")


class BookingOut(BaseModel):
    """A booking as its citizen sees it."""

    id: str
    code: str = Field(description="预约码，打电话时报这个")
    status: str
    status_text: str
    version: int
    service: str
    service_name: str
    person: str = Field(description="替谁约的，隐去名字")
    relation_text: str
    pool: str
    site_name: str
    counter_group: str
    address: str
    phone: str
    demo: bool
    day: date
    time: ClockText
    until: str
    text: str = Field(description="11月28日（周六）09:30")
    session_text: str
    hold_until: datetime | None
    check_in_from: datetime | None
    check_in_until: datetime | None
    link: str | None = Field(description="核验链接，二维码里就是它")
    bring: list[BringOut]
    can_cancel: bool
    can_move: bool
    late_cancel_after: datetime = Field(description="这以后取消算临时取消")
    rules: str = Field(description="约之前要知道的")


class BookingsOut(BaseModel):
    """Bookings, those to come first."""

    bookings: list[BookingOut]


class WaitIn(BaseModel):
    """What somebody waits for."""

    model_config = _STRICT

    service: ServiceId
    person: OpaqueText
    site: str | None = Field(default=None, max_length=64, description="只要这个大厅，不填就是哪个都行")
    first_day: Day
    last_day: Day
    first_time: ClockText = "00:00"
    last_time: ClockText = "23:59"


class WaitOut(BaseModel):
    """Somebody on the waiting list."""

    id: str
    service: str
    service_name: str
    site: str | None
    first_day: date
    last_day: date
    state: Literal["waiting", "offered", "booked", "ended"]
    ahead: int = Field(description="前面还有几位")
    booking: str | None = Field(description="轮到了，给您留的号")
    text: str


class WaitsOut(BaseModel):
    """What a visitor waits for."""

    waiting: list[WaitOut]


class RestrictionOut(BaseModel):
    """A restriction."""

    id: str
    person: str
    until: datetime
    state: Literal["standing", "appealed", "upheld", "lifted"]
    text: str


class ConductOut(BaseModel):
    """How a visitor's people stand."""

    rules: str
    points: list[dict[str, str | float]] = Field(description="每个人现在的分数")
    restrictions: list[RestrictionOut]


class AppealIn(BaseModel):
    """What is said against a restriction."""

    model_config = _STRICT

    text: str = Field(min_length=4, max_length=500, description="为什么没来")
