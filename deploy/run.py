"""Runs everything on this machine: `make run`. Ctrl-C ends all children.

honcho supervises: if one child ends, so do the others. Nothing has to be installed or running
beforehand: Valkey comes from a wheel, SQLite with Python.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from pathlib import Path

import httpx
import qrcode
from honcho.manager import Manager
from honcho.printer import Printer

from deploy.processes import HOST, ROOT, installation
from miniapp_api.migrate import upgrade

PATIENCE = 180
"""Seconds until a start that does not finish is reported."""


def main() -> int:
    """Start, announce, and wait for the end.

    Returns:
        The exit code of the child that ended first; 130 after Ctrl-C.
    """
    os.chdir(ROOT)
    port = int(os.environ.get("PORT") or 8000)
    var = Path(os.environ.get("DAOBAN_VAR") or ROOT / "var").resolve()
    simulator_port = int(os.environ.get("SIMULATOR_PORT") or port + 1)
    processes, shared = installation(port, simulator_port, var, dict(os.environ))
    upgrade(shared["DATABASE_URL"])
    manager = Manager(Printer(sys.stdout, width=8, prefix=True))
    for process in processes:
        manager.add_process(process.name, process.command, env={**os.environ, **shared, **process.environment})
    threading.Thread(target=_announce, args=(port, simulator_port, shared["RASA_URL"]), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def _announce(port: int, simulator_port: int, rasa: str) -> None:
    """Print the addresses, one as a QR code, once everything answers."""
    address, simulator = f"http://{HOST}:{port}", f"http://{HOST}:{simulator_port}"
    started = time.monotonic()
    while time.monotonic() - started < PATIENCE:
        if all(map(_answers, (f"{address}/healthz", simulator, rasa))):
            print(f"\n导办已就绪（{time.monotonic() - started:.0f} 秒）：{address}", flush=True)
            code = qrcode.QRCode(border=2)
            code.add_data(address)
            code.print_ascii(invert=True)
            print(f"微信里的样子（本机模拟微信，不要账号）：{simulator}", flush=True)
            print("按 Ctrl-C 停止全部。", flush=True)
            return
        time.sleep(0.3)
    print(f"\n等了 {PATIENCE} 秒还没有全部就绪，请看上面的输出。", flush=True)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
