"""The queue of background work: Celery on the same Redis.

It only makes things quick. What is to be done is a row in the database before it is a message in the
queue, and a sweep finds every row whose message was lost.
"""

from __future__ import annotations

import queue
import threading
from typing import Any, cast

import structlog
from celery import Celery, Task
from flask import Flask, current_app
from kombu.exceptions import KombuError
from redis.exceptions import RedisError

from miniapp_api.config import Settings

SWEEPS = {
    "appointments.sweep": 5.0,
    "appointments.settle": 60.0,
    "appointments.generate": 3600.0,
    "cases.night": 3600.0,
    "exchange.sweep": 2.0,
    "hall.sweep": 60.0,
    "outbox.sweep": 2.0,
    "outbox.forget": 3600.0,
    "wechat.sweep": 2.0,
    "wechat.forget": 300.0,
}
"""By task, every how many seconds it looks for what is to be done."""

STALE = 10.0
"""Seconds after which a message in the queue is worthless: a sweep has found its row meanwhile."""

MOST = 1000
"""Messages of one process that may wait for Redis; more are dropped, and their rows found by a sweep."""

_HASTE = {"socket_connect_timeout": 1, "socket_timeout": 1, "max_retries": 1, "interval_start": 0, "interval_step": 0}

log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Give the application its queue; without Redis there is none, and nothing is queued."""
    settings: Settings = app.extensions["settings"]
    celery = _celery(app, settings.redis_url) if settings.redis_url else None
    app.extensions["celery"] = celery
    app.extensions["publisher"] = Publisher(celery) if celery else None


def enqueue(name: str, *arguments: Any) -> None:
    """Have a task done soon, by its name. Never waits: whoever asks may be answering a citizen within seconds."""
    publisher = cast(Publisher | None, current_app.extensions["publisher"])
    if publisher:
        publisher.put(name, arguments)


class Publisher:
    """Hands messages to Redis from a thread of its own, as that may be away or stalled."""

    def __init__(self, celery: Celery) -> None:
        self._celery = celery
        self._waiting: queue.Queue[tuple[str, tuple[Any, ...]]] = queue.Queue(MOST)
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def put(self, name: str, arguments: tuple[Any, ...]) -> None:
        """Have a message handed over."""
        with self._lock:  # begun late, as threads do not survive the web server's fork
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="publisher", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait((name, arguments))
        except queue.Full:
            log.warning("queue_full", task=name)

    def _work(self) -> None:
        while True:
            name, arguments = self._waiting.get()
            try:
                self._celery.send_task(name, arguments, expires=STALE, ignore_result=True, retry=False)
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
        broker_transport_options=_HASTE,
        task_default_queue="daoban",
        task_ignore_result=True,
        worker_hijack_root_logger=False,  # our log lines are masked
        worker_prefetch_multiplier=1,
    )
    celery.set_default()
    return celery
