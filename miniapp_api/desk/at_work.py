"""Where whoever is signed in works, in whose name they act, and the moment: what the views of all pages begin with."""

from __future__ import annotations

from datetime import date, datetime

from flask import request

from miniapp_api.appointments import service as appointments
from miniapp_api.appointments.service import Act
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.sites.service import Pool, Site, services
from miniapp_api.staff.service import current_staff

COOKIE = "daoban_hall"
"""Keeps which hall somebody looks at who may act at all of them."""


def now() -> datetime:
    """The moment."""
    return utc_now()


def today() -> date:
    """The day in China."""
    return hall.day_of(now())


def site() -> Site:
    """The hall of whoever is signed in.

    Raises:
        Problem: 409 if they may act at all of them and have chosen none; 404 if theirs is no more.
    """
    member = current_staff()
    code = member.site_code or request.cookies.get(COOKIE)
    if not code:
        raise Problem(409, "no_hall_chosen", "您可以管理全部大厅。请先回到首页，点“选大厅”。")
    return hall.site_at_work(db.session, member, code)


def actor() -> str:
    """Name whoever is signed in as the hall does."""
    return hall.actor_of(current_staff().public_id)


def act() -> Act:
    """Act as whoever is signed in, where it is about appointments."""
    return appointments.acting(db.session, appointments.staff(current_staff().public_id), now())


def pools(site: Site) -> list[Pool]:
    """The queues of a hall."""
    return [pool for pool in site.pools if pool.active]


def bookable(site: Site) -> list[Pool]:
    """The queues of a hall that can be booked."""
    return [pool for pool in pools(site) if pool.schedule]


def service_name(id_: str | None) -> str:
    """A service in Chinese; of one that is no longer offered, its id."""
    if id_ is None:
        return "没有注明业务"
    try:
        return services().get(id_).name
    except KeyError:
        return id_
