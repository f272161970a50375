"""What Prometheus may count. Labels are route templates and fixed words, never a citizen's."""

from __future__ import annotations

import os

from flask import Flask, Response, g, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from miniapp_api.logs import route_template

_METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}

REQUESTS = Counter("daoban_http_requests", "Requests answered", ["method", "route", "status"])
SECONDS = Histogram("daoban_http_request_seconds", "Time to answer", ["route"])
CHAT_TURNS = Counter("daoban_chat_turns", "Chat turns by who answered: rasa, or why it could not", ["way"])


def init_app(app: Flask) -> None:
    """Count every answered request."""
    app.after_request(_count)


def _count(response: Response) -> Response:
    method = request.method if request.method in _METHODS else "OTHER"
    REQUESTS.labels(method, route_template(), response.status_code).inc()
    SECONDS.labels(route_template()).observe(g.elapsed_ms() / 1000)
    return response


def exposition() -> Response:
    """Render all figures; of all processes, if PROMETHEUS_MULTIPROC_DIR says where they are."""
    registry = REGISTRY
    if "PROMETHEUS_MULTIPROC_DIR" in os.environ:
        registry = CollectorRegistry()
        MultiProcessCollector(registry)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
