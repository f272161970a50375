"""The page behind the QR code on a receipt: is it genuine, who issued it, how far is it."""

from __future__ import annotations

import time

import structlog
from apiflask import APIBlueprint
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import TooManyRequests

from miniapp_api.accounts.service import public
from miniapp_api.extensions import db, limiter
from miniapp_api.signed_codes import checker, service
from miniapp_api.signed_codes.api import limit
from miniapp_api.signed_codes.wording import FORGED, LOST_DATABASE, TOO_MANY, UNKNOWN, Verdict, verdict_on
from miniapp_api.web.service import harden, page

log = structlog.get_logger()

bp = APIBlueprint("code_pages", __name__, enable_openapi=False, template_folder="templates")
bp.after_request(harden)
bp.register_blueprint(checker.bp)


@bp.get("/r/<digits>")
@public
@limit
def code(digits: str) -> ResponseReturnValue:
    """Show what a code tells whoever scans it."""
    try:
        seen = service.scan(db.session, digits, lambda: None)
    except service.ForgedCodeError:
        return _page(FORGED), 404
    except service.UnknownCodeError:
        return _page(UNKNOWN), 404
    return page("code.html", verdict=verdict_on(seen), seen=seen, host=service.host())


@bp.errorhandler(TooManyRequests)
def too_many(_error: TooManyRequests) -> ResponseReturnValue:
    """Ask to wait, on a page."""
    reset = limiter.current_limit.reset_at if limiter.current_limit else 0
    return _page(TOO_MANY), 429, {"Retry-After": str(max(1, round(reset - time.time())))}


@bp.errorhandler(OperationalError)
@bp.errorhandler(InterfaceError)
@bp.errorhandler(PoolTimeoutError)
def lost_database(error: Exception) -> ResponseReturnValue:
    """Say that it cannot be told now: the code is signed, but it may be revoked."""
    log.error("database_unavailable", error=type(error).__name__, exc_info=error)
    return _page(LOST_DATABASE), 503, {"Retry-After": "5"}


def _page(verdict: Verdict) -> str:
    return page("code.html", verdict=verdict, seen=None, host=service.host())
