"""Queries over the sites."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from miniapp_api.sites import naming
from miniapp_api.sites.geography import Point, kilometres
from miniapp_api.sites.models import TIERS, Pool, PoolService, Site

_CODE = re.compile(r"[a-z0-9-]{1,64}")


@dataclass(frozen=True, slots=True)
class Offer:
    """A pool where a service can be booked.

    Attributes:
        units: slots in a row that one visit takes.
        online: citizens may book it themselves; else staff book it for them.
        km: from where they are, as the crow flies; None if either place is not known.
    """

    pool: Pool
    site: Site
    units: int
    online: bool
    km: float | None


def offers(
    session: Session, locality: str, service: str, *, near: Point | None = None, district: str | None = None
) -> list[Offer]:
    """The active pools of a city where a service can be booked.

    With `near`, latitude and longitude of the citizen, the nearest site comes first, and sites whose
    place is not known last; else the center, then branches, townships and villages. With `district`,
    only the sites that serve it: without `near`, its own first, then those above them.
    """
    query = (
        select(Pool, PoolService.units, PoolService.online)
        .join(Pool.site)
        .join(Pool.services)
        .options(contains_eager(Pool.site))
        .where(Site.locality == locality, Site.active, Pool.active, Pool.schedule.is_not(None))
        .where(PoolService.service == service)
    )
    if district is not None:
        query = query.where(serves(district))
    found = [
        Offer(pool, pool.site, units, online, distance(pool.site, near))
        for pool, units, online in session.execute(query)
    ]
    return sorted(found, key=lambda offer: (_order(offer.site, offer.km, near, district), offer.pool.id))


def find_site(session: Session, code: str) -> Site | None:
    """A site by its code, active or not."""
    return session.scalar(select(Site).filter_by(code=code)) if _CODE.fullmatch(code) else None


def find_sites(session: Session, locality: str, text: str) -> list[Site]:
    """The active sites of a city that a text names as citizens do.

    Returns:
        One if it is clear which, several if it could be any of them, none if it names none; the
        higher tier first.
    """
    names = session.execute(select(Site.name, Site.code).where(Site.locality == locality, Site.active)).all()
    query = select(Site).where(Site.locality == locality, Site.active)
    if codes := naming.best(names, text):
        query = query.where(Site.code.in_(codes))
    elif naming.means_center(text):
        query = query.where(Site.tier == TIERS[0])
    else:
        return []
    return sorted(session.scalars(query), key=lambda site: (TIERS.index(site.tier), site.code))


@dataclass(frozen=True, slots=True)
class Page:
    """Some of the sites that were asked for, with how far each is, and how many there are in all."""

    sites: list[tuple[Site, float | None]]
    total: int


def browse(
    session: Session,
    locality: str,
    *,
    service: str | None = None,
    near: Point | None = None,
    district: str | None = None,
    tier: str | None = None,
    first: int = 0,
    size: int = 20,
) -> Page:
    """The active sites of a city, in the order of `offers`; with a service, those that accept it, booked or not."""
    query = select(Site).where(Site.locality == locality, Site.active)
    if service is not None:
        query = query.where(Site.pools.any(and_(Pool.active, Pool.services.any(PoolService.service == service))))
    if district is not None:
        query = query.where(serves(district))
    if tier is not None:
        query = query.where(Site.tier == tier)
    sites = [(site, distance(site, near)) for site in session.scalars(query)]
    sites.sort(key=lambda entry: _order(entry[0], entry[1], near, district))
    shown = sites[first : first + size]
    if service is not None:
        _load_pools(session, [site for site, _ in shown])
    return Page(shown, len(sites))


def serves(district: str) -> ColumnElement[bool]:
    """A condition on sites: they are in a district, or above one that is."""
    above: Select[str | None] = select(Site.parent).where(Site.district == district)
    conditions: list[ColumnElement[bool]] = [Site.district == district]
    for _ in TIERS[1:]:
        conditions.append(Site.code.in_(above))
        above = select(Site.parent).where(Site.code.in_(above))
    return or_(*conditions)


def distance(site: Site, near: Point | None) -> float | None:
    """Kilometres from a place to a site, None if either is not known."""
    if near is None or site.latitude is None or site.longitude is None:
        return None
    return kilometres(near, (site.latitude, site.longitude))


def _order(site: Site, km: float | None, near: Point | None, district: str | None) -> tuple[object, ...]:
    if near is not None:
        return (km is None, km or 0.0, TIERS.index(site.tier), site.code)
    return (district is not None and site.district != district, TIERS.index(site.tier), site.code)


def _load_pools(session: Session, sites: Sequence[Site]) -> None:
    """Load the pools of these sites, and what they accept, with one query each."""
    query = select(Site).where(Site.id.in_([site.id for site in sites]))
    session.scalars(query.options(selectinload(Site.pools).selectinload(Pool.services))).all()
