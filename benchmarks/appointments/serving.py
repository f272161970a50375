"""The web server and the worker on a database; killed processes come back."""

from __future__ import annotations

import json
import os
import signal
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

import httpx
import psutil

from benchmarks.appointments import catalogue
from benchmarks.wechat.system import Child
from deploy.processes import HOST, Process, free_port, installation
from miniapp_api.accounts import tokens

WORKERS = 4
THREADS = 6
PATIENCE = 120
"""Seconds a start may take."""

NO_LIMIT = "1000000 per minute"
SETTINGS = {
    "WEB_WORKERS": str(WORKERS),
    "WEB_THREADS": str(THREADS),
    "VISITOR_LIMIT": NO_LIMIT,
    "BOOKING_LIMIT": NO_LIMIT,
    "LOG_LEVEL": "WARNING",
}
TARGETS = {"web worker": 60, "web server": 1, "worker": 2}
"""By process, how often it is killed: a worker of the web server is back at once, the others take seconds."""


@dataclass
class Serving:
    """What is running.

    Attributes:
        port: of the API.
        catalogue: folder of what it serves.
        logs: folder with a log file for each process.
        kills: by process.
    """

    port: int
    key: str
    catalogue: Path
    logs: Path
    children: dict[str, Child]
    kills: Counter[str] = field(default_factory=Counter)

    def token(self, visitor: str) -> str:
        """The token of a visitor, by their public id."""
        return tokens.for_visitor(self.key, visitor)

    def kill(self, random: Random) -> None:
        """SIGKILL what is there: a web worker, the whole web server, or the background worker.

        With a main process go its children, as a service manager sees to.
        """
        target = random.choices([*TARGETS], [*TARGETS.values()])[0]
        child = self.children["worker" if target == "worker" else "api"]
        workers = _children(child)
        if not workers:  # it is not yet back
            return
        if target == "web worker":
            os.kill(random.choice(workers), signal.SIGKILL)
        else:
            child.signal(signal.SIGKILL)
        self.kills[target] += 1

    def faults(self) -> Counter[str]:
        """What the logs tell of errors, by the last words of their tracebacks."""
        lines = [line for log in self.logs.glob("*.log") for line in log.read_text(errors="replace").splitlines()]
        told = [_last_words(line) for line in lines if '"exception"' in line or "Worker failed" in line]
        return Counter(told)


@contextmanager
def serving(url: str, *, app: str = "", background: bool = True) -> Iterator[Serving]:
    """Run a web server on a migrated database, and the background worker.

    The web server loads the application before it forks, so that a killed worker is back in milliseconds:
    else there would be nobody left to kill.

    Args:
        url: of the database.
        app: another application than the product.
        background: with the background worker.

    Yields:
        What is running, once it answers.
    """
    with tempfile.TemporaryDirectory(prefix="daoban-bench-") as folder:
        var, port = Path(folder), free_port()
        processes, shared = installation(port, port, var, {**SETTINGS, "DATABASE_URL": url})
        environment = {name: text for name, text in shared.items() if not name.startswith(("WECHAT_", "MINIPROGRAM_"))}
        served = catalogue.write(var / "catalogue")
        environment |= SETTINGS | {"DATABASE_URL": url, "CATALOGUE_DIR": str(served)}
        wanted = {"valkey", "api", "worker"} if background else {"valkey", "api"}
        children = {
            each.name: Child(_preloading(each, app), environment, var / f"{each.name}.log")
            for each in processes
            if each.name in wanted
        }
        running = Serving(port, shared["SECRET_KEY"], served, var, children)
        for child in children.values():
            child.start()
        try:
            _wait(running)
            yield running
        finally:
            for child in children.values():
                child.ending = True
            for child in children.values():
                child.end()


def _last_words(line: str) -> str:
    try:
        text = json.loads(line)["exception"]
    except (ValueError, KeyError):
        return line[-200:]
    return next(part for part in reversed(text.splitlines()) if part and "sqlalche.me" not in part)[:200]


def _preloading(process: Process, app: str) -> Process:
    return replace(process, command=f"{process.command} --preload {app}") if process.name == "api" else process


def _children(child: Child) -> list[int]:
    try:
        return [each.pid for each in psutil.Process(child.running.pid).children()] if child.running else []
    except psutil.NoSuchProcess:
        return []


def _wait(running: Serving) -> None:
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        try:
            if httpx.get(f"http://{HOST}:{running.port}/healthz", timeout=2, trust_env=False).is_success:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.2)
    logs = "\n".join(log.read_text(errors="replace")[-2000:] for log in running.logs.glob("*.log"))
    raise TimeoutError(f"the web server did not get ready:\n{logs}")
