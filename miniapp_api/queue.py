"""The queue of background work: Celery on the same Redis.

It only makes things quick. What is to be done is a row in the database before it is a message in the
queue, and a sweep finds every row whose message was lost.
"""

from __future__ import annotations

from typing import Any, cast

import structlog
from celery import Celery, Task
from flask import Flask, current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from miniapp_api.config import Settings

SWEEPS = {"wechat.sweep": 2.0, "wechat.forget": 300.0}
"""By task, every how many seconds it looks for what is to be done."""

STALE = 10.0
"""Seconds after which a message in the queue is worthless: a sweep has found its row meanwhile."""

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Give the application its queue; without Redis there is none, and nothing is queued."""
    settings: Settings = app.extensions["settings"]
    app.extensions["celery"] = _celery(app, settings.redis_url) if settings.redis_url else None


def enqueue(name: str, *arguments: Any) -> None:
    """Have a task done soon, by its name; if Redis cannot be reached, the next sweep will find it."""
    celery = cast(Celery | None, current_app.extensions["celery"])
    if celery is None:
        return
    try:
        celery.send_task(name, arguments, expires=STALE, ignore_result=True, retry=False)
    except (KombuError, RedisError, OSError) as fault:
        log.warning("queue_unreachable", task=name, error=type(fault).__name__)


def _celery(app: Flask, redis_url: str) -> Celery:
    class InContext(Task):  # type: ignore[misc]
        """A task that runs as a request does: inside the application's context."""

        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with app.app_context():
                return self.run(*args, **kwargs)

    celery = Celery("daoban", task_cls=InContext, broker=redis_url, set_as_current=True)
    celery.conf.update(
        beat_schedule={
            name: {"task": name, "schedule": every, "options": {"expires": every}} for name, every in SWEEPS.items()
        },
        broker_connection_retry_on_startup=True,
        broker_transport_options={"socket_connect_timeout": 1, "socket_timeout": 5, "visibility_timeout": 60},
        task_default_queue="daoban",
        task_ignore_result=True,
        worker_hijack_root_logger=False,  # our log lines are masked
        worker_prefetch_multiplier=1,
    )
    celery.set_default()
    return celery
