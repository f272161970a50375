"""The page for checking codes offline in a real Chromium, served by the whole application."""

import os
import shutil
import socket
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect
from sqlalchemy.orm import Session

from miniapp_api.calendar.service import today
from miniapp_api.code_algorithms import ALGORITHMS
from miniapp_api.code_settings import CodeKey
from miniapp_api.database import create_engine, utc_now
from miniapp_api.signed_codes.code import Claims, Kind, sign
from miniapp_api.signed_codes.models import SignedCode
from miniapp_api.staff import service as staff
from tests.browser.conftest import Phone, chromium
from tests.browser.test_real_city import SERVER, wait_for

__all__ = ["chromium"]

ROOT = Path(__file__).parents[3]
PASSWORD = "correct horse battery"
START, END = today() - timedelta(days=100), today() + timedelta(days=300)


def key(kid, alg="ed25519"):
    return CodeKey.from_seed(kid, bytes(range(kid, kid + 32)), START, END, algorithm=ALGORITHMS[alg])


ED25519, SM2, STOLEN, NEWER = key(0), key(1, "sm2"), key(2), key(3)
REVOKED = "aa" * 6


@pytest.fixture(scope="module")
def database(sqlite_template, tmp_path_factory):
    """Keep the people of a demonstration, and a revoked code of each algorithm; gives its engine."""
    engine = create_engine(f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('codes') / 'db')}")
    with Session(engine) as session, session.begin():
        staff.ensure_demo(session, "shiyan-center", PASSWORD)
        for one, id_ in ((ED25519, REVOKED), (SM2, REVOKED.replace("a", "b"))):
            row = SignedCode(id=id_, kind=1, kid=one.kid, issued_on=today(), revoked_at=utc_now(), revoke_reason="重复")
            session.add(row)
    yield engine
    engine.dispose()


@pytest.fixture(scope="module")
def site(database, tmp_path_factory):
    """Serve the application from a process of its own; gives its address."""
    log = tmp_path_factory.mktemp("log") / "log"
    with socket.create_server(("127.0.0.1", 0)) as door, log.open("w") as written:
        address = f"http://127.0.0.1:{door.getsockname()[1]}"
        keys = "; ".join(one.entry() for one in (ED25519, SM2, STOLEN))
        environment = {
            **os.environ,
            "DAOBAN_DEMO": "1",
            "DATABASE_URL": str(database.url),
            "CATALOGUE_DIR": str(ROOT / "catalogue"),
            "RASA_URL": "http://127.0.0.1:9",
            "PUBLIC_URL": address,
            "CODE_KEYS": f"{keys} compromised_at={today()}",
        }
        command = [sys.executable, "-m", *SERVER, "--bind", f"fd://{door.fileno()}"]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[door.fileno()], stdout=written, stderr=subprocess.STDOUT
        )
    try:
        wait_for(address, server, log)
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


@pytest.fixture
def link(site):
    """Write the address of a code, signed for this site if not said otherwise."""

    def link(key=ED25519, id_="0123456789ab", kind=Kind.ACCEPTANCE, day=None, host=None):
        host = host or site.removeprefix("http://")
        return f"http://{host}/r/{sign(Claims(key.kid, kind, day or today(), id_), host, key)}"

    return link


@pytest.fixture
def checker(phone):
    """Open the page as a clerk, ready for being offline; gives it with a way to check a text."""

    def open_(**more):
        page = phone.open("/desk/verify", **more)
        page.get_by_label("用户名").fill("clerk1")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_role("button", name="登录").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("核验凭证")
        expect(page.locator("#offline")).to_contain_text("已经准备好了")
        expect(page.locator("#dated")).to_contain_text("作废名单是")

        def check(text):
            page.get_by_label("扫凭证上的二维码").fill(text)
            page.get_by_role("button", name="核对").click()
            return page.locator("#result").inner_text()

        return SimpleNamespace(page=page, check=check, result=page.locator("#result"))

    return open_
