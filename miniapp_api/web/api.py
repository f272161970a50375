"""Addresses of the pages: the chat, a citizen's own checklist, a shared checklist."""

from apiflask import APIBlueprint
from flask import Response, abort, render_template, send_from_directory, url_for

from miniapp_api.accounts.service import public
from miniapp_api.web import assets, qr

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)

MAX_TOKEN_LENGTH = 200

bp = APIBlueprint("web", __name__, enable_openapi=False, template_folder="templates")


@bp.get("/")
@public
def chat() -> str:
    """Serve the chat page."""
    return _page("chat")


@bp.get("/checklist/<guide_id>")
@public
def own_checklist(guide_id: str) -> str:
    """Serve the page on which citizens read their own checklist; the API checks whose it is."""
    return _page("checklist", guide_id=guide_id)


@bp.get("/c/<token>")
@public
def shared_checklist(token: str) -> str:
    """Serve the read-only page behind a shared link."""
    return _page("checklist", token=token)


@bp.get("/c/<token>/qr.svg")
@public
def shared_checklist_qr(token: str) -> Response:
    """Draw the QR code that reopens a shared checklist."""
    if len(token) > MAX_TOKEN_LENGTH:
        abort(404)
    address = url_for("web.shared_checklist", token=token, _external=True)
    return Response(qr.draw(address), mimetype="image/svg+xml")


@bp.get("/assets/<digest>/<path:name>")
@public
def asset(digest: str, name: str) -> Response:
    """Serve one of the page's files; a page from before an update gets today's, uncached."""
    response = send_from_directory(assets.FOLDER, name)
    current = digest == assets.DIGEST
    response.headers["Cache-Control"] = assets.LONG_CACHE if current else assets.NO_CACHE
    return response


@bp.after_request
def harden(response: Response) -> Response:
    """Forbid other hosts, framing and referrers; keep pages out of caches and search engines."""
    response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    if response.mimetype == "text/html":
        response.headers["Cache-Control"] = assets.NO_CACHE
    return response


def _page(name: str, **values: str) -> str:
    return render_template(
        f"{name}.html",
        assets=url_for("web.asset", digest=assets.DIGEST, name=""),
        modules=assets.modules_of(assets.FOLDER, ("lib", name)),
        **values,
    )
