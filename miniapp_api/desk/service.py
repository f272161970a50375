"""The frame of the staff's pages, for pages of other domains, and the only module of the desk that they may import."""

from __future__ import annotations

from miniapp_api.desk.at_work import site
from miniapp_api.desk.forms import as_day, day, number, refuse, text
from miniapp_api.desk.frame import URL_PREFIX, go_to, render, wants_part
from miniapp_api.desk.places import Place, add_places, places_for

__all__ = [
    "URL_PREFIX",
    "Place",
    "add_places",
    "as_day",
    "day",
    "go_to",
    "number",
    "places_for",
    "refuse",
    "render",
    "site",
    "text",
    "wants_part",
]
