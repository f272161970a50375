"""One JSON line per event on standard output, with ID and mobile numbers masked in all of them."""

from __future__ import annotations

import logging
import sys
import time
import uuid
from functools import partial
from typing import Any, TextIO

import structlog
from flask import Flask, Response, g, request
from structlog.typing import EventDict, Processor

from miniapp_api.masking import mask

_NOISY = ("httpx", "httpcore", "urllib3", "werkzeug", "alembic")  # httpx would log Rasa's token in its address

log = structlog.get_logger()


class _StandardOutput(logging.StreamHandler[TextIO]):
    """A handler that looks standard output up when it writes, so that it may be replaced."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stdout


def configure(level: str) -> None:
    """Send everything that is logged, by us or by a library, through the same masked lines.

    Args:
        level: DEBUG, INFO, WARNING or ERROR.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = _StandardOutput()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                mask_event,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [old for old in root.handlers if not isinstance(old, _StandardOutput)]
    root.addHandler(handler)
    root.setLevel(level)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def mask_event(_logger: object, _method: str, event: EventDict) -> EventDict:
    """Mask every text in an event, however deep; what is no text, number or list is shown as one.

    Returns:
        A new event, with the number of the request as it was.
    """
    masked: EventDict = _masked(event)
    return {**masked, **{key: event[key] for key in event.keys() & {"request_id"}}}


def _masked(value: Any) -> Any:
    if isinstance(value, bool | float | None):
        return value
    if isinstance(value, dict):
        return {_masked(key): _masked(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set):
        return [_masked(inner) for inner in value]
    text = mask(str(value))
    return value if isinstance(value, int) and text == str(value) else text


def init_app(app: Flask) -> None:
    """Number each request, time it, and log it when it is answered: route, status, duration.

    Query strings, bodies, tokens and addresses of clients are never logged.
    """
    app.before_request(_begin)
    app.after_request(_end)


def _begin() -> None:
    g.request_id = str(uuid.uuid4())
    g.elapsed_ms = partial(_elapsed_ms, time.perf_counter())
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def _elapsed_ms(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 1)


def _end(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.request_id
    log.info(
        "request",
        method=request.method,
        route=route_template(),
        status=response.status_code,
        ms=g.elapsed_ms(),
    )
    return response


def route_template() -> str:
    """Name the route of this request without its values, or `unmatched`."""
    return request.url_rule.rule if request.url_rule else "unmatched"
