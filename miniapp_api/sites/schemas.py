"""What goes in and out of the sites API."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from miniapp_api.sites.geography import Point

Id = Annotated[str, Field(max_length=48, pattern="^[a-z][a-z0-9_-]*$")]
Tier = Literal["center", "branch", "township", "village"]
Way = Literal["online", "staff", "walk_in"]

TIER_NAMES = {"center": "中心", "branch": "分中心", "township": "乡镇、街道", "village": "村、社区"}


class ServicesIn(BaseModel):
    """Which services to list."""

    model_config = ConfigDict(extra="forbid")

    q: str = Field(default="", max_length=100, description="群众的说法，例如 食品证；不填就是全部")


class SitesIn(BaseModel):
    """Which sites to list."""

    model_config = ConfigDict(extra="forbid")

    locality: Id | None = Field(default=None, description="城市；不填就是默认城市")
    service: Id | None = Field(default=None, description="只要收这项服务的")
    near: str | None = Field(
        default=None,
        max_length=40,
        pattern=r"^-?[0-9]{1,2}(\.[0-9]{1,12})?,-?[0-9]{1,3}(\.[0-9]{1,12})?$",
        description="您的位置：纬度,经度；近的排在前面",
    )
    district: Id | None = Field(default=None, description="只要服务这个区县的：区县里的，和它们的上级")
    tier: Tier | None = Field(default=None, description="只要这一级的")
    page: int = Field(default=1, ge=1, le=1000, description="第几页")
    size: int = Field(default=20, ge=1, le=50, description="每页几个")

    @field_validator("near")
    @classmethod
    def _on_earth(cls, text: str | None) -> str | None:
        if text is not None:
            latitude, longitude = map(float, text.split(","))
            if abs(latitude) > 90 or abs(longitude) > 180:
                raise ValueError("应当是“纬度,经度”，例如 32.63,110.79")
        return text

    @property
    def place(self) -> Point | None:
        """`near` as numbers."""
        if self.near is None:
            return None
        latitude, longitude = map(float, self.near.split(","))
        return latitude, longitude


class ServiceOut(BaseModel):
    """A service that can be booked."""

    model_config = ConfigDict(from_attributes=True)

    id: str
    name: str
    minutes: int = Field(description="在窗口办一次大约要几分钟")
    items: list[str] = Field(description="对应导办清单里的哪些事项")
    bring: list[str] = Field(description="没有材料清单时，先带这些")


class ServicesOut(BaseModel):
    """Services."""

    services: list[ServiceOut]


class FacilityOut(BaseModel):
    """What a hall has for those who come."""

    id: str
    name: str


class SiteRefOut(BaseModel):
    """A site by name."""

    code: str
    name: str


class SiteOut(BaseModel):
    """A site."""

    code: str = Field(description="网点编号")
    name: str
    locality: str
    tier: Tier
    tier_name: str = Field(description="中心、分中心、乡镇街道、村社区")
    district: str | None
    district_name: str | None
    address: str
    latitude: float | None = Field(description="纬度")
    longitude: float | None = Field(description="经度")
    phone: str
    hours: str = Field(description="办公时间")
    facilities: list[FacilityOut] = Field(description="便民设施")
    demo: bool = Field(description="演示数据，不是真的地方")


class ListedSiteOut(SiteOut):
    """A site in a list."""

    km: float | None = Field(description="离您的直线距离，公里；没有给位置就没有")
    booking: Way | None = Field(description="问了服务才有：online 自己能约，staff 由工作人员代约，walk_in 只能现场取号")


class SitesOut(BaseModel):
    """A page of sites."""

    sites: list[ListedSiteOut]
    page: int
    pages: int = Field(description="一共几页")
    total: int = Field(description="一共几个")


class AcceptedOut(BaseModel):
    """A service that a group of counters accepts."""

    id: str
    name: str
    minutes: int
    booking: Way = Field(description="online 自己能约，staff 由工作人员代约，walk_in 只能现场取号")


class PoolOut(BaseModel):
    """A group of counters."""

    code: str
    name: str
    counters: list[str] = Field(description="窗口号")
    services: list[AcceptedOut]


class SiteDetailOut(SiteOut):
    """A site with its counters."""

    parent: SiteRefOut | None = Field(description="上一级网点；这里不收的，到上一级办")
    pools: list[PoolOut] = Field(description="窗口组")
