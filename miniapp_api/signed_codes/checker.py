"""The page on which staff check codes without a network, once it has been opened with one.

What it needs it keeps in the browser: itself and its files in a service worker, the public keys and the
lists of revocations beside them. Nothing of that is secret, and nothing in the page is about who is
signed in.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from apiflask import APIBlueprint
from flask import Response, make_response, url_for

from miniapp_api.accounts.service import public
from miniapp_api.signed_codes.code import FIRST_DAY, VERSION
from miniapp_api.signed_codes.showing import KIND_NAMES
from miniapp_api.staff.service import requires_staff
from miniapp_api.web import service as web

FOLDER = Path(__file__).parent / "static"
DIGEST = web.digest_of(FOLDER)

URL_PREFIX = "/desk/verify"

CAMERA = "camera=(self), geolocation=(), microphone=()"
"""What this page may ask the browser for: the camera, when somebody taps for it."""

SHARED = (
    "base.css",
    "code.css",
    "code/main.js",
    "early.js",
    "icon.svg",
    "icons.svg",
    "lib/lent.js",
    "lib/store.js",
    "lib/type_size.js",
)
"""Files of other pages that this one uses too."""

bp = APIBlueprint("checker", __name__, url_prefix=URL_PREFIX, enable_openapi=False)


@bp.get("")
@requires_staff()
def show() -> Response:
    """Show the page."""
    response = make_response(_page())
    response.headers["Permissions-Policy"] = CAMERA
    return response


@bp.get("/worker.js")
@public
def worker() -> Response:
    """Serve the service worker, which changes when the page or a file of it does."""
    own = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.suffix in {".css", ".js"})
    script = web.page("checker_worker.js", files=_files(), own=own, shared=SHARED)
    version = sha256((_page() + script).encode()).hexdigest()[:12]
    response = Response(f'const VERSION = "{version}";\n{script}', mimetype="text/javascript")
    response.headers["Service-Worker-Allowed"] = url_for(".show")
    response.headers["Cache-Control"] = "no-cache"
    return response


@bp.get("/files/<digest>/<path:name>")
@public
def file(digest: str, name: str) -> Response:
    """Serve one of the page's files."""
    return web.serve(FOLDER, DIGEST, digest, name)


def _page() -> str:
    format_ = {"version": VERSION, "first_day": FIRST_DAY.isoformat(), "kinds": KIND_NAMES}
    return web.page("checker.html", files=_files(), format=format_)


def _files() -> str:
    return url_for(".file", digest=DIGEST, name="")
