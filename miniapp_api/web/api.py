"""Addresses of the pages: the chat, one's own checklist, a shared one; appointments and cases have their own."""

from apiflask import APIBlueprint
from flask import Response, abort, url_for

from miniapp_api.accounts.service import public
from miniapp_api.web import appointments, assets, cases, qr
from miniapp_api.web.service import harden, page

MAX_TOKEN_LENGTH = 200

bp = APIBlueprint("web", __name__, enable_openapi=False, template_folder="templates")
bp.after_request(harden)
bp.register_blueprint(appointments.bp)
bp.register_blueprint(cases.bp)


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
    """Serve one of the pages' files."""
    return assets.serve(assets.FOLDER, assets.DIGEST, digest, name)


def _page(name: str, **values: str) -> str:
    return page(f"{name}.html", modules=assets.modules_of(assets.FOLDER, ("lib", name)), **values)
