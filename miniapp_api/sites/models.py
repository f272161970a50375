"""Tables of sites: filled from `catalogue/halls` by `loading`, never edited by hand."""

from __future__ import annotations

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from miniapp_api.database import Base

TIERS = ("center", "branch", "township", "village")
"""三级（四级）服务体系: 中心, 分中心, 乡镇、街道, 村、社区."""


class Site(Base):
    """A place that citizens go to.

    Attributes:
        code: unique in the installation, `[a-z0-9-]`.
        parent: code of the site one tier above, None for the center.
        district: id of the district in the city's file, None where it has none.
        facilities: ids of `services.yaml`'s facilities.
        hours: office hours in words.
        demo: not a real place.
        active: still in the files; others keep their bookings and take no new ones.
    """

    __tablename__ = "sites"
    __table_args__ = (
        CheckConstraint(f"tier IN {TIERS}", name="tier"),
        CheckConstraint("latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180", name="coordinates"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(64), unique=True)
    locality: Mapped[str] = mapped_column(String(48), index=True)
    name: Mapped[str] = mapped_column(String(100))
    tier: Mapped[str] = mapped_column(String(16))
    parent: Mapped[str | None] = mapped_column(String(64))
    district: Mapped[str | None] = mapped_column(String(48))
    address: Mapped[str] = mapped_column(String(200))
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    phone: Mapped[str] = mapped_column(String(40))
    hours: Mapped[str] = mapped_column(String(200))
    facilities: Mapped[list[str]] = mapped_column(JSON, default=list)
    demo: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)

    pools: Mapped[list[Pool]] = relationship(back_populates="site", order_by="Pool.id")


class Pool(Base):
    """Counters of one site that serve the same services, and share their slots.

    Attributes:
        code: unique at the site.
        grid: minutes of one slot.
        schedule: id of the schedule in `catalogue/schedules.yaml` after which slots are made; None: walk-in only.
    """

    __tablename__ = "pools"
    __table_args__ = (
        UniqueConstraint("site_id", "code"),
        CheckConstraint("grid BETWEEN 5 AND 120", name="grid"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(48))
    name: Mapped[str] = mapped_column(String(100))
    grid: Mapped[int]
    schedule: Mapped[str | None] = mapped_column(String(48))
    active: Mapped[bool] = mapped_column(default=True)

    site: Mapped[Site] = relationship(back_populates="pools")
    services: Mapped[list[PoolService]] = relationship(cascade="all, delete-orphan")
    counters: Mapped[list[Counter]] = relationship(back_populates="pool", order_by="Counter.id")


class PoolService(Base):
    """That a pool accepts a service.

    Attributes:
        service: id in `catalogue/services.yaml`.
        units: slots in a row that one visit takes.
        online: citizens may book it themselves; else staff book it for them.
    """

    __tablename__ = "pool_services"
    __table_args__ = (CheckConstraint("units BETWEEN 1 AND 16", name="units"),)

    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"), primary_key=True)
    service: Mapped[str] = mapped_column(String(48), primary_key=True, index=True)
    units: Mapped[int]
    online: Mapped[bool] = mapped_column(default=True)


class Counter(Base):
    """A window where one clerk serves.

    Attributes:
        code: what is written above it, such as `A03`; unique at the site.
    """

    __tablename__ = "counters"
    __table_args__ = (UniqueConstraint("site_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("sites.id", ondelete="CASCADE"))
    pool_id: Mapped[int] = mapped_column(ForeignKey("pools.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(String(16))
    active: Mapped[bool] = mapped_column(default=True)

    pool: Mapped[Pool] = relationship(back_populates="counters")
