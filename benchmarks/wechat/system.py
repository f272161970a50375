"""The whole system with the simulator before it and a slow Rasa behind it; its processes come back when killed."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

import httpx
import psutil

from benchmarks.wechat.slow_rasa import SlowRasa
from deploy.processes import HOST, ROOT, Process, free_port, installation
from miniapp_api.migrate import upgrade
from miniapp_api.wechat import pushes
from wechat_simulator import Account, Outcome, Simulator

PATIENCE = 180
"""Seconds a start may take."""

DATABASE = "daoban.sqlite3"
"""As `installation` names it."""


@dataclass
class Child:
    """A process that is started again when it ends."""

    process: Process
    environment: dict[str, str]
    log: Path
    ending: bool = False
    running: subprocess.Popen[bytes] | None = None
    thread: threading.Thread | None = None

    def start(self) -> None:
        """Start it, and again whenever it ends."""
        self.thread = threading.Thread(target=self._keep, daemon=True)
        self.thread.start()

    def _keep(self) -> None:
        with self.log.open("ab") as log:
            while not self.ending:
                self.running = subprocess.Popen(
                    ["/bin/sh", "-c", self.process.command],
                    cwd=ROOT,
                    env={**os.environ, **self.environment, **self.process.environment},
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                self.running.wait()
                time.sleep(0.3)

    def signal(self, number: int) -> None:
        """Signal the process and all that it started."""
        if self.running and self.running.poll() is None:
            os.killpg(self.running.pid, number)

    def end(self) -> None:
        """End it for good."""
        self.ending = True
        self.signal(signal.SIGTERM)
        if self.running:
            try:
                self.running.wait(15)
            except subprocess.TimeoutExpired:
                self.signal(signal.SIGKILL)
        if self.thread:
            self.thread.join(20)


@dataclass
class System:
    """What is running.

    Attributes:
        api: address of the API.
        logs: folder with a log file for each process.
        kills: (seconds by `time.monotonic`, name of the process).
    """

    api: str
    wechat: Simulator
    rasa: SlowRasa
    logs: Path
    children: dict[str, Child]
    kills: list[tuple[float, str]] = field(default_factory=list)

    def knows(self, outcome: Outcome) -> bool:
        """Whether a push was written down."""
        with closing(sqlite3.connect(self.logs / DATABASE)) as database:
            key = (pushes.key_of(self.wechat.account.original_id, outcome.openid, outcome.msg_id or ""),)
            return database.execute("SELECT 1 FROM wechat_exchanges WHERE key = ?", key).fetchone() is not None

    def kill(self, name: str, random: Random) -> None:
        """SIGKILL: one of the web server's workers, or another process with all its own."""
        child = self.children[name]
        if name == "api":
            workers = _children(child)
            if workers:
                os.kill(random.choice(workers), signal.SIGKILL)
        else:
            child.signal(signal.SIGKILL)
        self.kills.append((time.monotonic(), name))


def _children(child: Child) -> list[int]:
    try:
        return [worker.pid for worker in psutil.Process(child.running.pid).children()] if child.running else []
    except psutil.NoSuchProcess:
        return []


@contextmanager
def running(delay: Callable[[], float] = lambda: 0.0, **settings: str) -> Iterator[System]:
    """Run everything until left.

    Args:
        delay: of Rasa's answers.
        settings: environment variables that differ from those of `make run`.

    Yields:
        The system, when it and Rasa answer.
    """
    with tempfile.TemporaryDirectory() as folder:
        var = Path(folder)
        port = free_port()
        account = Account()
        with Simulator(account, f"http://{HOST}:{port}/wechat") as wechat:
            simulator_port = int(wechat.url.rpartition(":")[2])
            processes, shared = installation(port, simulator_port, var, {**os.environ, **settings})
            rasa = SlowRasa(shared["RASA_URL"], delay)
            upgrade(shared["DATABASE_URL"])
            environment = {**shared, "RASA_URL": rasa.url, **settings}
            children = {
                process.name: Child(process, environment, var / f"{process.name}.log")
                for process in processes
                if process.name != "wechat"
            }
            for child in children.values():
                child.start()
            try:
                _wait(f"http://{HOST}:{port}", shared["RASA_URL"])
                yield System(f"http://{HOST}:{port}", wechat, rasa, var, children)
            finally:
                for child in children.values():
                    child.ending = True
                for child in children.values():
                    child.end()
                rasa.close()


def _wait(api: str, rasa: str) -> None:
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        if _answers(f"{api}/healthz") and _answers(f"{rasa}/webhooks/rest/"):
            return
        time.sleep(0.3)
    raise TimeoutError("the system did not get ready")


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2, trust_env=False).is_success
    except httpx.HTTPError:
        return False
