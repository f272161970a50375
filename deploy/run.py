"""Runs everything on this machine: `make run`. Ctrl-C ends all children.

honcho supervises: if one child ends, so do the others. Nothing has to be installed or running
beforehand: Valkey comes from a wheel, SQLite with Python.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from itertools import groupby
from pathlib import Path

import httpx
import qrcode
from honcho.manager import Manager
from honcho.printer import Printer
from sqlalchemy.orm import Session

from deploy.processes import HOST, ROOT, installation
from miniapp_api.config import Settings
from miniapp_api.database import create_engine
from miniapp_api.migrate import upgrade
from miniapp_api.staff import service as staff

PATIENCE = 180
"""Seconds until a start that does not finish is reported."""

DEMO_SITE = "shiyan-center"
"""Where the people of the demonstration work."""


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
    desk = _demo_people(shared["DATABASE_URL"], var / "desk-password")  # first: the examples of cases are theirs
    _prepare_halls({**os.environ, **shared})
    manager = Manager(Printer(sys.stdout, width=8, prefix=True))
    for process in processes:
        manager.add_process(process.name, process.command, env={**os.environ, **shared, **process.environment})
    threading.Thread(target=_announce, args=(port, simulator_port, shared["RASA_URL"], desk), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def _prepare_halls(environment: dict[str, str]) -> None:
    """Bring halls and slots of the default city into the database; the worker makes those of the others.

    Raises:
        SystemExit: the files of halls or schedules are not valid; what is wrong was printed.
    """
    print("· 准备大厅和号源", flush=True)
    city = environment.get("DEFAULT_LOCALITY") or Settings.model_fields["default_locality"].default
    command = [sys.executable, "-m", "miniapp_api.prepare", city]
    done = subprocess.run(command, check=False, env=environment)  # noqa: S603 - our own
    if done.returncode:
        sys.exit(done.returncode)


def _demo_people(database_url: str, path: Path) -> str | None:
    """Have people at the desk, once.

    Args:
        database_url: where they are kept.
        path: the file of their password.

    Returns:
        Their password; None if others work there.
    """
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(staff.generate_password())
    password = path.read_text()
    engine = create_engine(database_url)
    with Session(engine) as session, session.begin():
        ours = staff.ensure_demo(session, DEMO_SITE, password)
    engine.dispose()
    return password if ours else None


def _announce(port: int, simulator_port: int, rasa: str, desk: str | None) -> None:
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
            if desk:
                _tell_people(f"{address}/desk/", desk)
            print("按 Ctrl-C 停止全部。", flush=True)
            return
        time.sleep(0.3)
    print(f"\n等了 {PATIENCE} 秒还没有全部就绪，请看上面的输出。", flush=True)


def _tell_people(address: str, password: str) -> None:
    """Print whom one can sign in as, a line for each thing that somebody may be."""
    print(f"工作人员：{address} ，密码都是 {password}", flush=True)
    for what, people in groupby(staff.DEMO_PEOPLE, lambda person: person.what):
        print(f"  {what}：{'、'.join(person.username for person in people)}", flush=True)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=2).status_code < 500
    except httpx.HTTPError:
        return False


if __name__ == "__main__":
    sys.exit(main())
