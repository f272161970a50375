"""The staff's pages in a real Chromium, served by the whole application."""

import os
import shutil
import socket
import subprocess
import sys
from contextlib import contextmanager
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


@contextmanager
def serve_demonstration(template, folder, **more):
    """Serve the application, with the people of a demonstration, from a process of its own; gives its address.

    Args:
        template: a migrated SQLite file.
        folder: for its copy and the log.
        more: variables of the environment.
    """
    database = f"sqlite:///{shutil.copy(template, folder / 'daoban.sqlite3')}"
    engine = create_engine(database)
    with Session(engine) as session, session.begin():
        service.ensure_demo(session, "shiyan-center", PASSWORD)
        for member in service.members(session):
            service.set_external_id(session, member, f"city-{member.username}")
    engine.dispose()
    with socket.create_server(("127.0.0.1", 0)) as door, (folder / "log").open("w") as log:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        environment = {
            **os.environ,
            "DAOBAN_DEMO": "1",
            "DATABASE_URL": database,
            "CATALOGUE_DIR": str(ROOT / "catalogue"),
            "RASA_URL": "http://127.0.0.1:9",
            "PUBLIC_URL": address,
            **more,
        }
        command = [sys.executable, "-m", *SERVER, "--bind", f"fd://{door.fileno()}"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[door.fileno()], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        wait_for(address, server, folder / "log")
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.fixture(scope="module")
def site(sqlite_template, tmp_path_factory):
    """Serve the application, as `serve_demonstration` does; gives its address."""
    with serve_demonstration(sqlite_template, tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture
def phone(chromium, site):
    """Open pages that may not call other hosts nor write errors to the console."""
    phone = Phone(chromium, site)
    yield phone
    phone.verdict()
