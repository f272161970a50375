"""The whole system in the background, for system tests and measurements."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import httpx

from deploy.processes import HOST, ROOT, free_port

PATIENCE = 180
"""Seconds a start may take."""


@contextmanager
def running_system(
    var: Path, command: tuple[str, ...] = ("-m", "deploy.run"), simulator_port: int | None = None
) -> Iterator[str]:
    """Run everything as `make run` does; end it all on leaving.

    Args:
        var: where data and `log.txt` go.
        command: arguments of this Python.
        simulator_port: of the simulated WeChat; any free one by default.

    Yields:
        The address of the API, as soon as it and Rasa answer.

    Raises:
        TimeoutError: the system did not get ready; the message holds the end of its output.
    """
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "SIMULATOR_PORT": str(simulator_port or free_port()),
        "DAOBAN_VAR": str(var),
    }
    with (var / "log.txt").open("w") as log:
        child = subprocess.Popen(
            [sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=subprocess.STDOUT
        )
        try:
            address = f"http://{HOST}:{port}"
            _wait(child, address, var / "log.txt")
            yield address
        finally:
            _end(child, log)


def _wait(child: subprocess.Popen[bytes], address: str, log: Path) -> None:
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE and child.poll() is None:
        try:
            if httpx.get(f"{address}/readyz", timeout=2).json().get("checks", {}).get("rasa") == "ok":
                return
        except (httpx.HTTPError, ValueError):
            pass
        time.sleep(0.2)
    raise TimeoutError("\n".join(log.read_text().splitlines()[-30:]))


def _end(child: subprocess.Popen[bytes], log: IO[str]) -> None:
    """Ctrl-C; whoever does not listen within a while is killed."""
    log.flush()
    child.send_signal(signal.SIGINT)
    try:
        child.wait(30)
    except subprocess.TimeoutExpired:
        child.kill()
