"""Brings the tables to what the files say; what the files no longer have becomes inactive."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from miniapp_api.sites.loading import Halls
from miniapp_api.sites.models import Counter, Pool, PoolService, Site
from miniapp_api.sites.plans import PoolPlan, ServicePlan, SitePlan

_FIELDS = {
    "locality": "城市",
    "name": "名称",
    "tier": "级别",
    "parent": "上级",
    "district": "区县",
    "address": "地址",
    "latitude": "纬度",
    "longitude": "经度",
    "phone": "电话",
    "hours": "办公时间",
    "demo": "演示",
}
_POOL_FIELDS = {"name": "名称", "grid": "每格分钟数", "schedule": "时间表"}


def sync(session: Session, halls: Halls) -> list[str]:
    """Write the halls into the tables; nothing is deleted that a booking may refer to.

    Returns:
        What changed, a Chinese line each; empty if nothing did.
    """
    loaded = select(Site).options(
        selectinload(Site.pools).options(selectinload(Pool.services), selectinload(Pool.counters))
    )
    known = {site.code: site for site in session.scalars(loaded)}
    changes: list[str] = []
    added = {code: _new(plan) for code, plan in halls.sites.items() if code not in known}
    session.add_all(added.values())
    session.flush()  # counters name their site by its id
    for code, plan in halls.sites.items():
        if site := added.get(code):
            _pools(site, plan)
            changes.append(f"新增 {code} {plan.name}")
        else:
            changes += _update(known[code], plan)
    for site in known.values():
        if site.code not in halls.sites and site.active:
            site.active = False
            changes.append(f"停用 {site.code} {site.name}")
    session.flush()
    return changes


def _new(plan: SitePlan) -> Site:
    site = Site(code=plan.code, active=True, facilities=list(plan.facilities), pools=[])
    _set(site, _FIELDS, plan)
    return site


def _update(site: Site, plan: SitePlan) -> list[str]:
    changed = _set(site, _FIELDS, plan)
    if site.facilities != list(plan.facilities):
        site.facilities = list(plan.facilities)
        changed.append("设施")
    changed += _pools(site, plan)
    lines = [f"修改 {plan.code} {plan.name}：{'、'.join(changed)}"] if changed else []
    return [*_revive(site, f"恢复 {plan.code} {plan.name}"), *lines]


def _pools(site: Site, plan: SitePlan) -> list[str]:
    """Bring the pools and counters of a stored site up to date."""
    planned = {pool.code: pool for pool in plan.pools}
    known = {pool.code: pool for pool in site.pools}
    changed = [line for code, pool in planned.items() for line in _pool(site, known.get(code), pool)]
    changed += _retire((pool for code, pool in known.items() if code not in planned), "停用窗口组")
    return changed + _counters(site, plan)


def _pool(site: Site, pool: Pool | None, plan: PoolPlan) -> list[str]:
    if pool is None:
        pool = Pool(code=plan.code, active=True, services=[], counters=[])
        _set(pool, _POOL_FIELDS, plan)
        site.pools.append(pool)
        _services(pool, plan.services)
        return [f"新增窗口组 {plan.code}"]
    changed = [f"窗口组 {plan.code} 的{label}" for label in _set(pool, _POOL_FIELDS, plan)]
    if _services(pool, plan.services):
        changed.append(f"窗口组 {plan.code} 收的服务")
    return [*_revive(pool, f"恢复窗口组 {plan.code}"), *changed]


def _services(pool: Pool, plans: Iterable[ServicePlan]) -> bool:
    """Accept what is planned and no more; True if that was a change."""
    known = {accepted.service: accepted for accepted in pool.services}
    planned = {plan.service: plan for plan in plans}
    changed = known.keys() != planned.keys()
    for service in known.keys() - planned.keys():
        pool.services.remove(known[service])
    for service, plan in planned.items():
        accepted = known.get(service)
        if accepted is None:
            accepted = PoolService(service=service)
            pool.services.append(accepted)
        changed |= bool(_set(accepted, {"units": "", "online": ""}, plan))
    return changed


def _counters(site: Site, plan: SitePlan) -> list[str]:
    """Counters belong to the site by their number, and may move from pool to pool."""
    pools = {pool.code: pool for pool in site.pools}
    known = {counter.code: counter for pool in site.pools for counter in pool.counters}
    planned = {code: pool.code for pool in plan.pools for code in pool.counters}
    changed = []
    for code, owner in planned.items():
        counter = known.get(code)
        if counter is None:
            pools[owner].counters.append(Counter(code=code, site_id=site.id, active=True))
            changed.append(f"新增窗口 {code}")
            continue
        if counter.pool is not pools[owner]:
            counter.pool = pools[owner]
            changed.append(f"窗口 {code} 归 {owner}")
        changed += _revive(counter, f"恢复窗口 {code}")
    return changed + _retire((counter for code, counter in known.items() if code not in planned), "停用窗口")


def _set(row: Any, fields: dict[str, str], plan: Any) -> list[str]:
    """Copy fields of a plan into a row; the labels of those that differed."""
    differing = [name for name in fields if getattr(row, name) != getattr(plan, name)]
    for name in differing:
        setattr(row, name, getattr(plan, name))
    return [fields[name] for name in differing]


def _revive(row: Site | Pool | Counter, line: str) -> list[str]:
    if row.active:
        return []
    row.active = True
    return [line]


def _retire(rows: Iterable[Pool | Counter], line: str) -> list[str]:
    retired = [row for row in rows if row.active]
    for row in retired:
        row.active = False
    return [f"{line} {row.code}" for row in retired]
