"""Addresses of content."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from miniapp_api.accounts.service import public, requires_visitor
from miniapp_api.content.schemas import LocalitiesOut, ThemesOut
from miniapp_api.content.service import content
from miniapp_api.extensions import settings

bp = APIBlueprint("content", __name__, url_prefix="/api/v1", tag="目录")


@bp.get("/localities")
@public
@bp.output(LocalitiesOut)
@bp.doc(summary="可选的城市")
def localities() -> dict[str, Any]:
    """List the cities."""
    default = settings().default_locality
    return {
        "localities": [
            {"id": city.id, "name": city.name, "is_default": city.id == default} for city in content().localities()
        ]
    }


@bp.get("/themes")
@requires_visitor
@bp.output(ThemesOut)
@bp.doc(summary="可以导办的事")
def themes() -> dict[str, Any]:
    """List the themes."""
    return {
        "themes": [
            {"id": theme.id, "title": theme.title, "version": theme.version, "intro": theme.intro}
            for theme in content().themes()
        ]
    }
