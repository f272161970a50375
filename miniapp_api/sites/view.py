"""Sites as they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from miniapp_api.content.service import content
from miniapp_api.sites.models import Pool, PoolService, Site
from miniapp_api.sites.schemas import TIER_NAMES, Way
from miniapp_api.sites.service import facilities, services

_WAYS: tuple[Way, ...] = ("online", "staff", "walk_in")


def listed(site: Site, km: float | None, service: str | None) -> dict[str, Any]:
    """A site in a list, with the best way to come for a service."""
    booking = None if service is None else _best_way(site, service)
    return _site(site) | {"km": None if km is None else round(km, 1), "booking": booking}


def detail(site: Site, parent: Site | None) -> dict[str, Any]:
    """A site with its counters."""
    return _site(site) | {
        "parent": {"code": parent.code, "name": parent.name} if parent else None,
        "pools": [_pool(pool) for pool in site.pools if pool.active],
    }


def _site(site: Site) -> dict[str, Any]:
    names = facilities()
    return {
        "code": site.code,
        "name": site.name,
        "locality": site.locality,
        "tier": site.tier,
        "tier_name": TIER_NAMES[site.tier],
        "district": site.district,
        "district_name": _district_name(site),
        "address": site.address,
        "latitude": site.latitude,
        "longitude": site.longitude,
        "phone": site.phone,
        "hours": site.hours,
        "facilities": [{"id": id_, "name": names[id_]} for id_ in site.facilities if id_ in names],
        "demo": site.demo,
    }


def _district_name(site: Site) -> str | None:
    """Its label in the city's file, which may be ahead of the tables."""
    for city in content().localities():
        if city.id == site.locality and site.district in city.districts:
            return city.districts[site.district].label
    return None


def _pool(pool: Pool) -> dict[str, Any]:
    return {
        "code": pool.code,
        "name": pool.name,
        "counters": [counter.code for counter in pool.counters if counter.active],
        "services": list(_accepted(pool, pool.services)),
    }


def _accepted(pool: Pool, accepted: Iterable[PoolService]) -> Iterable[dict[str, Any]]:
    """What a pool accepts, in the order of the services' file."""
    by_service = {entry.service: entry for entry in accepted}
    for service in services().all():
        if entry := by_service.get(service.id):
            yield {"id": service.id, "name": service.name, "minutes": service.minutes, "booking": _way(pool, entry)}


def _best_way(site: Site, service: str) -> Way | None:
    ways = (
        _way(pool, accepted)
        for pool in site.pools
        if pool.active
        for accepted in pool.services
        if accepted.service == service
    )
    return min(ways, key=_WAYS.index, default=None)


def _way(pool: Pool, accepted: PoolService) -> Way:
    if pool.schedule is None:
        return "walk_in"
    return "online" if accepted.online else "staff"
