"""Use cases of sites, and the only module of it that others may import.

The files in `catalogue/halls` are the record; the tables follow them (`sync`), because slots and
bookings refer to rows.
"""

from __future__ import annotations

from typing import cast

from flask import Flask, current_app

from miniapp_api.extensions import settings
from miniapp_api.sites.finding import Offer, Page, browse, find_site, find_sites, offers
from miniapp_api.sites.loading import Halls, load_halls
from miniapp_api.sites.models import TIERS, Counter, Pool, PoolService, Site
from miniapp_api.sites.offering import Offering, Service, Services, read_offering
from miniapp_api.sites.syncing import sync

__all__ = [
    "TIERS",
    "Counter",
    "Halls",
    "Offer",
    "Page",
    "Pool",
    "PoolService",
    "Service",
    "Services",
    "Site",
    "browse",
    "facilities",
    "find_site",
    "find_sites",
    "init_app",
    "load_halls",
    "offers",
    "services",
    "sync",
]


def init_app(app: Flask) -> None:
    """Load the services that can be booked.

    Raises:
        CatalogueError: `services.yaml` is not valid.
    """
    with app.app_context():
        app.extensions["offering"] = read_offering(settings().catalogue_dir)[1]


def services() -> Services:
    """Give the services of the current application, as they were when it started."""
    return _offering().services


def facilities() -> dict[str, str]:
    """Give the names of facilities by id."""
    return dict(_offering().facilities)


def _offering() -> Offering:
    return cast(Offering, current_app.extensions["offering"])
