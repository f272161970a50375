"""What a page of another domain needs to look and to be guarded like ours."""

from __future__ import annotations

from flask import Response, render_template, url_for

from miniapp_api.web import assets
from miniapp_api.web.assets import digest_of, serve
from miniapp_api.web.qr import draw, version

__all__ = ["digest_of", "draw", "harden", "page", "serve", "version"]

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)


def page(template: str, **values: object) -> str:
    """Render a page.

    Args:
        template: its file; it finds the address of the stylesheets and modules in `assets`.
        values: what else it shows.
    """
    return render_template(template, assets=url_for("web.asset", digest=assets.DIGEST, name=""), **values)


def harden(response: Response) -> Response:
    """Forbid other hosts, framing and referrers; keep pages out of caches and search engines."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = assets.NO_CACHE
    return response
