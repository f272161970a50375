"""Trains the stock bot when it must be, and runs it: `with running_stock_bot() as address`."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from deploy.processes import BOT_PYTHON, HOST, RASA_ENVIRONMENT, ROOT, free_port

HERE = Path(__file__).parent
MODEL = ROOT / "bot" / "models" / "stock.tar.gz"
SECONDS_TO_START = 300


@contextmanager
def running_stock_bot() -> Iterator[str]:
    """Run the stock bot with Rasa's own REST channel and everything in memory.

    Yields:
        Where it answers, e.g. `http://127.0.0.1:40001`.
    """
    _train_if_stale()
    port = free_port()
    address = f"http://{HOST}:{port}"
    rasa = _rasa(
        *("run", "-i", HOST, "-p", str(port), "--model", str(MODEL)),
        *("--endpoints", str(HERE / "endpoints.yml"), "--credentials", str(HERE / "credentials.yml")),
    )
    try:
        _wait(f"{address}/webhooks/rest/", rasa)
        yield address
    finally:
        rasa.terminate()
        rasa.wait(30)


def _train_if_stale() -> None:
    files = [*HERE.glob("*.yml"), *(ROOT / "nlu_data").glob("*.yml")]
    if MODEL.exists() and MODEL.stat().st_mtime > max(file.stat().st_mtime for file in files):
        return
    training = _rasa(
        *("train", "--force", "--config", str(HERE / "config.yml"), "--domain", str(HERE / "domain.yml")),
        *("--data", "nlu_data", str(HERE / "stories.yml")),
        *("--out", str(MODEL.parent), "--fixed-model-name", MODEL.name.removesuffix(".tar.gz")),
    )
    if training.wait():
        raise RuntimeError("the stock bot could not be trained: run the command of serve.py by hand")


def _rasa(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(BOT_PYTHON), "-m", "rasa", *arguments],
        cwd=ROOT,
        env={**os.environ, **RASA_ENVIRONMENT},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _wait(address: str, rasa: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline:
        if rasa.poll() is not None:
            raise RuntimeError(f"the stock bot ended with {rasa.returncode}")
        try:
            if httpx.get(address, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    raise TimeoutError(address)
