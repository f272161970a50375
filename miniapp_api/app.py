"""The application factory: what a request passes through, in order, and which domains there are.

A request is numbered (`logs`), its caller identified (`accounts`), its view run, its transaction
committed, and only then answered. Raising anything rolls the transaction back.
"""

from __future__ import annotations

from inspect import iscoroutinefunction
from typing import Any

from apiflask import APIFlask
from flask import Flask, Response, request
from flask.typing import ResponseReturnValue
from werkzeug.middleware.proxy_fix import ProxyFix

from miniapp_api import database, errors, holdings, logs, metrics, openapi, ops, queue, vault
from miniapp_api.accounts import api as accounts_api
from miniapp_api.accounts import service as accounts
from miniapp_api.appointments import api as appointments_api
from miniapp_api.appointments import service as appointments
from miniapp_api.casedesk import api as casedesk_api
from miniapp_api.cases import api as cases_api
from miniapp_api.cases import service as cases
from miniapp_api.chat import api as chat_api
from miniapp_api.chat import service as chat
from miniapp_api.config import Settings
from miniapp_api.content import api as content_api
from miniapp_api.conversation import api as conversation_api
from miniapp_api.desk import api as desk_api
from miniapp_api.desk import board as desk_board
from miniapp_api.exchange import api as exchange_api
from miniapp_api.exchange import service as exchange
from miniapp_api.extensions import db, limiter
from miniapp_api.guides import api as guides_api
from miniapp_api.guides import service as guides_service
from miniapp_api.hall import api as hall_api
from miniapp_api.hall import desk_api as hall_desk_api
from miniapp_api.hall import service as hall
from miniapp_api.idempotency import service as idempotency
from miniapp_api.outbox import api as outbox_api
from miniapp_api.outbox import service as outbox
from miniapp_api.papers import service as papers
from miniapp_api.people import api as people_api
from miniapp_api.people import service as people
from miniapp_api.ports import Catalogue
from miniapp_api.privacy import api as privacy_api
from miniapp_api.privacy import service as privacy
from miniapp_api.signed_codes import api as signed_codes_api
from miniapp_api.signed_codes import pages as signed_codes_pages
from miniapp_api.signed_codes import service as signed_codes
from miniapp_api.sites import api as sites_api
from miniapp_api.sites import service as sites
from miniapp_api.staff import service as staff
from miniapp_api.web import api as web_api
from miniapp_api.wechat import api as wechat_api
from miniapp_api.wechat import service as wechat
from miniapp_api.wire import READ_AT_MOST, JSONRequest, OpaqueId, StrictJSON

# One line for each domain.
BLUEPRINTS = (
    accounts_api.bp,
    appointments_api.bp,
    casedesk_api.bp,
    cases_api.bp,
    chat_api.bp,
    content_api.bp,
    conversation_api.bp,
    desk_api.bp,
    desk_board.bp,
    exchange_api.bp,
    guides_api.bp,
    hall_api.bp,
    hall_desk_api.bp,
    ops.bp,
    outbox_api.bp,
    people_api.bp,
    privacy_api.bp,
    signed_codes_api.bp,
    signed_codes_pages.bp,
    sites_api.bp,
    web_api.bp,
    wechat_api.bp,
)

# What has something to set up, in order.
PARTS = (
    logs,
    vault,
    holdings,
    accounts,
    idempotency,
    people,
    staff,
    metrics,
    errors,
    openapi,
    chat,
    guides_service,
    outbox,
    queue,
    signed_codes,
    papers,
    sites,
    appointments,
    cases,
    exchange,
    hall,
    wechat,
    privacy,
)

MAX_CONNECTIONS = 24
"""To the database, of one process: threads that wait for something else hold none."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


class Daoban(APIFlask):
    """A Flask application in which one request is one transaction."""

    request_class = JSONRequest
    json_provider_class = StrictJSON

    def dispatch_request(self) -> ResponseReturnValue:
        """Run the view and commit, so that no answer promises what is not stored."""
        return database.transact(db.session, super().dispatch_request)

    def log_exception(self, exc_info: Any) -> None:
        """Log what nobody caught, by the route's template: addresses may hold tokens."""
        logs.log.error("unhandled", route=logs.route_template(), exc_info=exc_info)


def create_app(settings: Settings | None = None, *, content: Catalogue, guides: chat.Guides) -> Daoban:
    """Make the application.

    Args:
        settings: By default those of the environment.
        content: The catalogue that is served.
        guides: The guides that the chat speaks with.

    Raises:
        SettingsError: If the environment does not describe an installation that may start.
        RuntimeError: If a route does not declare who may call it.
    """
    settings = settings or Settings.from_environment()
    logs.configure(settings.log_level)
    app = Daoban("miniapp_api", title="导办 API", docs_path=None, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = READ_AT_MOST
    app.extensions |= {"settings": settings, "content": content, "guides": guides}
    app.url_map.converters["opaque"] = OpaqueId
    _connect(app, settings)
    app.before_request(_reads_wait_for_nobody)  # before the caller is looked up: that is the first query
    for part in PARTS:
        part.init_app(app)
    app.after_request(_harden)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    accounts.public(app.view_functions["openapi.spec"])
    if silent := accounts.undeclared(app):
        raise RuntimeError(f"routes that do not say who may call them: {silent}")
    return app


def _connect(app: Flask, settings: Settings) -> None:
    """Bind the database and the rate limits; believe as many proxies as there are."""
    options = database.engine_options(settings.database_url, pool_size=min(settings.web_threads, MAX_CONNECTIONS))
    app.config["SQLALCHEMY_ENGINES"] = {"default": options}
    app.config["RATELIMIT_STORAGE_URI"] = settings.redis_url or "memory://"
    if settings.redis_url:
        timeouts = {"socket_connect_timeout": 1, "socket_timeout": 1}
        app.config["RATELIMIT_STORAGE_OPTIONS"] = timeouts
    db.init_app(app)
    # Nothing here is asynchronous; closing no such session would start an event loop for each request.
    app.teardown_appcontext_funcs = [each for each in app.teardown_appcontext_funcs if not iscoroutinefunction(each)]
    limiter.init_app(app)
    with app.app_context():
        database.prepare(db.engine)
    if proxies := settings.trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)


def _reads_wait_for_nobody() -> None:
    """Give a request that may not change anything a transaction that cannot."""
    if request.method in {"GET", "HEAD", "OPTIONS"}:
        db.session.bind = db.engine.execution_options(**database.READ_ONLY)


def _harden(response: Response) -> Response:
    """Add the security headers that the view did not set itself."""
    for name, text in _HEADERS.items():
        response.headers.setdefault(name, text)
    return response
