"""The sites that a city's file describes, written out one by one as the tables hold them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from miniapp_api.sites.files import HallsFile, Layout, SiteEntry, VillagesEntry
from miniapp_api.sites.offering import Services
from miniapp_api.sites.sheets import KeyPath


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """That a pool accepts a service; see `models.PoolService`."""

    service: str
    units: int
    online: bool


@dataclass(frozen=True, slots=True)
class PoolPlan:
    """A pool; see `models.Pool`."""

    code: str
    name: str
    grid: int
    schedule: str | None
    counters: tuple[str, ...]
    services: tuple[ServicePlan, ...]


@dataclass(frozen=True, slots=True)
class SitePlan:
    """A site; see `models.Site`.

    Attributes:
        where: its key path in the file.
    """

    code: str
    locality: str
    name: str
    tier: str
    parent: str | None
    district: str | None
    address: str
    latitude: float | None
    longitude: float | None
    phone: str
    hours: str
    facilities: tuple[str, ...]
    demo: bool
    pools: tuple[PoolPlan, ...]
    where: KeyPath

    def accepts(self) -> frozenset[str]:
        """The services that some pool of the site accepts, booked or not."""
        return frozenset(accepted.service for pool in self.pools for accepted in pool.services)


def sites_of(file: HallsFile, services: Services) -> Iterator[SitePlan]:
    """Write out the sites of a city, a township before its villages.

    The names in the file must have been checked: layouts, services, and `villages` where there are any.
    """
    minutes = {service.id: service.minutes for service in services.all()}
    for code, site in file.sites.items():
        yield _hall(file, code, site, minutes)
        if file.villages is not None:
            common = file.villages
            yield from (_station(file, common, (code, id_), minutes) for id_ in site.villages)


def layout_of(file: HallsFile, site: SiteEntry) -> Layout:
    """The counters of a hall: those of its layout, and its own."""
    return (file.layouts[site.layout] if site.layout else {}) | site.pools


def _hall(file: HallsFile, code: str, site: SiteEntry, minutes: Mapping[str, int]) -> SitePlan:
    latitude, longitude = site.at
    return SitePlan(
        code=code,
        locality=file.locality,
        name=site.name,
        tier=site.tier,
        parent=site.parent,
        district=site.district,
        address=site.address,
        latitude=latitude,
        longitude=longitude,
        phone=site.phone,
        hours=site.hours,
        facilities=tuple(site.facilities),
        demo=(site.status or file.status) == "demo",
        pools=_pools(layout_of(file, site), minutes),
        where=("sites", code),
    )


def _station(file: HallsFile, common: VillagesEntry, which: tuple[str, str], minutes: Mapping[str, int]) -> SitePlan:
    township, id_ = which
    above = file.sites[township]
    village = above.villages[id_]
    latitude, longitude = village.at or (None, None)
    return SitePlan(
        code=f"{township}-{id_}",
        locality=file.locality,
        name=f"{above.place}{village.name}{common.title}",
        tier="village",
        parent=township,
        district=above.district,
        address=f"{above.place}{village.name}{common.address}",
        latitude=latitude,
        longitude=longitude,
        phone=village.phone or common.phone,
        hours=common.hours,
        facilities=tuple(common.facilities),
        demo=(above.status or file.status) == "demo",
        pools=_pools(file.layouts[village.layout or common.layout], minutes),
        where=("sites", township, "villages", id_),
    )


def _pools(layout: Layout, minutes: Mapping[str, int]) -> tuple[PoolPlan, ...]:
    return tuple(
        PoolPlan(
            code,
            pool.name,
            pool.grid,
            pool.schedule,
            tuple(pool.counters),
            tuple(
                ServicePlan(
                    service,
                    units=math.ceil(minutes[service] / pool.grid),
                    online=pool.schedule is not None and service not in pool.by_staff,
                )
                for service in (*pool.services, *pool.by_staff)
            ),
        )
        for code, pool in layout.items()
    )
