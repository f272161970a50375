"""Finding the counters that somebody speaks of, and what a visit there takes."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session, contains_eager

from miniapp_api.appointments.availability import Visit
from miniapp_api.errors import Problem
from miniapp_api.sites.service import Pool, PoolService, Service, Site, services


def service_named(id_: str) -> Service:
    """A service that can be booked.

    Raises:
        Problem: 422 if there is none of that id.
    """
    try:
        return services().get(id_)
    except KeyError:
        raise Problem(422, invalid_params=[("service", "没有这项业务，请从列表里选")]) from None


def pool_named(session: Session, ref: str) -> Pool:
    """The pool behind a reference, `site.pool`.

    Raises:
        Problem: 422 if there is none, or it no longer takes bookings.
    """
    site, _, code = ref.partition(".")
    wanted = select(Pool).join(Pool.site).options(contains_eager(Pool.site))
    pool = session.scalar(wanted.where(Site.code == site, Pool.code == code, Pool.active, Site.active))
    if pool is None or pool.schedule is None:
        raise Problem(422, invalid_params=[("pool", "这里不接受预约，请从大厅列表里选")])
    return pool


def visit_to(session: Session, pool: Pool, service: str, *, online: bool = True) -> Visit:
    """What a visit to a pool for a service takes.

    Raises:
        Problem: 422 if the pool does not accept it, or citizens cannot book it themselves.
    """
    accepted = session.get(PoolService, (pool.id, service))
    if accepted is None:
        raise Problem(422, invalid_params=[("service", "这个窗口不办这项业务，请换一个大厅")])
    if online and not accepted.online:
        raise Problem(422, invalid_params=[("service", "这项业务要打电话或到窗口预约")])
    return Visit.of(pool, accepted.units)


def minutes_of(clock_text: str) -> int:
    """`09:30` as minutes after midnight."""
    return int(clock_text[:2]) * 60 + int(clock_text[3:])
