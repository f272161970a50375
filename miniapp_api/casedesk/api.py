"""Addresses of the pages for cases; each page has a module, and importing it adds its views."""

from __future__ import annotations

from flask import Response

from miniapp_api.accounts.service import public
from miniapp_api.casedesk import assets, case, queues, receiving, supervision, wording
from miniapp_api.casedesk.frame import bp
from miniapp_api.web.service import serve

__all__ = ["bp"]

PAGES = (case, queues, receiving, supervision)

for name in ("day", "grouped", "moment", "pairs", "stage"):
    bp.add_app_template_filter(getattr(wording, name), f"case_{name}")


@bp.get("/assets/<digest>/<path:name>")
@public
def asset(digest: str, name: str) -> Response:
    """Serve one of the pages' files."""
    return serve(assets.FOLDER, assets.DIGEST, digest, name)
