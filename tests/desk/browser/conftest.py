"""The staff's pages in a real Chromium, served by the whole application."""

import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from miniapp_api.database import create_engine
from miniapp_api.staff import service
from tests.browser.conftest import Phone, chromium
from tests.browser.test_real_city import SERVER, wait_for

__all__ = ["chromium"]

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"


@pytest.fixture(scope="module")
def site(sqlite_template, tmp_path_factory):
    """Serve the application, with the people of a demonstration, from a process of its own; gives its address."""
    folder = tmp_path_factory.mktemp("desk")
    database = f"sqlite:///{shutil.copy(sqlite_template, folder / 'daoban.sqlite3')}"
    engine = create_engine(database)
    with Session(engine) as session, session.begin():
        service.ensure_demo(session, "shiyan-center", PASSWORD)
    engine.dispose()
    with socket.create_server(("127.0.0.1", 0)) as door, (folder / "log").open("w") as log:
        environment = {
            **os.environ,
            "DAOBAN_DEMO": "1",
            "DATABASE_URL": database,
            "CATALOGUE_DIR": str(ROOT / "catalogue"),
            "RASA_URL": "http://127.0.0.1:9",
        }
        command = [sys.executable, "-m", *SERVER, "--bind", f"fd://{door.fileno()}"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[door.fileno()], stdout=log, stderr=subprocess.STDOUT
        )
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
    try:
        wait_for(address, server, folder / "log")
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture
def phone(chromium, site):
    """Open pages that may not call other hosts nor write errors to the console."""
    phone = Phone(chromium, site)
    yield phone
    phone.verdict()
