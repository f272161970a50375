"""Addresses of sites and services: public data, the same for everybody."""

from __future__ import annotations

import math
from typing import Any

from apiflask import APIBlueprint
from flask import Response, request

from miniapp_api.accounts.service import public
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, settings
from miniapp_api.sites import service, view
from miniapp_api.sites.schemas import ServicesIn, ServicesOut, SiteDetailOut, SitesIn, SitesOut

bp = APIBlueprint("sites", __name__, url_prefix="/api/v1", tag="大厅")

KEEP = 60
"""Seconds for which an answer may be kept."""


@bp.get("/services")
@public
@bp.input(ServicesIn, location="query")
@bp.output(ServicesOut)
@bp.doc(summary="可以预约的服务", description="给了 q，就是群众的话里说到的服务，最像的在前面。")
def list_services(query_data: ServicesIn) -> dict[str, Any]:
    """List services."""
    known = service.services()
    return {"services": known.find(query_data.q) if query_data.q else known.all()}


@bp.get("/sites")
@public
@bp.input(SitesIn, location="query")
@bp.output(SitesOut)
@bp.doc(summary="大厅和便民服务站", description="给了位置，近的在前面；不然先中心，再分中心、乡镇、村。")
def list_sites(query_data: SitesIn) -> dict[str, Any]:
    """List sites."""
    asked = query_data
    found = service.browse(
        db.session,
        asked.locality or settings().default_locality,
        service=asked.service,
        near=asked.place,
        district=asked.district,
        tier=asked.tier,
        first=(asked.page - 1) * asked.size,
        size=asked.size,
    )
    return {
        "sites": [view.listed(site, km, asked.service) for site, km in found.sites],
        "page": asked.page,
        "pages": math.ceil(found.total / asked.size),
        "total": found.total,
    }


@bp.get("/sites/<code>")
@public
@bp.output(SiteDetailOut)
@bp.doc(summary="一个大厅或服务站：地址、设施、窗口")
def get_site(code: str) -> dict[str, Any]:
    """Give a site."""
    site = service.find_site(db.session, code)
    if site is None or not site.active:
        raise Problem(404, "site_not_found", "没有这个大厅或服务站，请从列表里选。")
    parent = service.find_site(db.session, site.parent) if site.parent else None
    return view.detail(site, parent)


@bp.after_request
def _may_be_kept(response: Response) -> Response:
    """Let browsers and proxies keep what is the same for everybody, and ask whether it changed."""
    if response.status_code == 200:
        response.cache_control.public = True
        response.cache_control.max_age = KEEP
        response.add_etag()
        response.make_conditional(request)
    return response
