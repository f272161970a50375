"""The pages on the real API and the real catalogue. Rasa is away: the guides do without it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
SERVER = ("gunicorn", "miniapp_api.wsgi:app", "--workers", "1", "--threads", "8", "--log-level", "warning")
SECONDS_TO_START = 60


@pytest.fixture(scope="module")
def site(sqlite_template, tmp_path_factory):
    """Serve the whole application from a process of its own; gives its address.

    Not a thread: Flask will not pop an application context beside the loop that Playwright runs.
    """
    folder = tmp_path_factory.mktemp("real-city")
    database = shutil.copy(sqlite_template, folder / "daoban.sqlite3")
    environment = {
        **os.environ,
        "DAOBAN_DEMO": "1",
        "DATABASE_URL": f"sqlite:///{database}",
        "CATALOGUE_DIR": str(ROOT / "catalogue"),
        "RASA_URL": "http://127.0.0.1:9",
        "VISITOR_LIMIT": "10000 per minute",
    }
    with socket.create_server(("127.0.0.1", 0)) as door, (folder / "log").open("w") as log:
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


def wait_for(address, server, log):
    """Wait until the server answers; fail with what it said if it does not."""
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            if httpx.get(f"{address}/healthz", trust_env=False, timeout=SECONDS_TO_START).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.2)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def test_from_the_first_tap_to_the_list_on_another_phone(phone):
    page = phone.open()
    steps.start(page)
    steps.finish(page)
    page.get_by_role("link", name="看我的清单").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("开餐饮店办事清单")
    expect(page.locator("#items")).to_contain_text("食品经营许可")
    expect(page.get_by_role("checkbox").first).to_be_visible()
    page.get_by_role("button", name="显示二维码").click()
    picture = page.get_by_role("img", name="重新打开这份清单的二维码")
    expect(picture).to_be_visible()
    other = phone.open(picture.get_attribute("src").removesuffix("/qr.svg"), large=True)
    expect(other.get_by_role("heading", level=1)).to_have_text("开餐饮店办事清单")
    assert other.locator("#items .card").count() == page.locator("#items .card").count()
    other.locator("details").evaluate_all("all => all.forEach((details) => (details.open = true))")
    assert other.evaluate("document.documentElement.scrollWidth - innerWidth") == 0


def test_several_facts_in_one_sentence_are_read_back(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    steps.say(page, "我想在茅箭区开个两百六十平的火锅店")
    log = page.get_by_role("log")
    expect(log).to_contain_text("260 平方米")
    page.get_by_role("button", name="对", exact=True).click()
    expect(page.get_by_role("button", name="上一步")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="上一步")).to_be_visible()
    assert steps.said(page) == ["我想在茅箭区开个两百六十平的火锅店", "对"]


def test_a_red_light_comes_early(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    steps.say(page, "我想在居民楼里开个炒菜馆")
    page.get_by_role("button", name="对", exact=True).click()
    expect(page.locator(".bubble.red")).to_contain_text("怎么办")
    page.get_by_role("link", name="我的清单").click()
    expect(page.locator("main > section").first).to_have_attribute("id", "vetoes")


def test_an_answer_lost_on_the_way_back_is_not_given_twice(phone):
    phone.forgive("Failed to load resource")
    page = phone.open()
    steps.start(page)
    first = page.locator(".grid .choice").first
    expect(page.get_by_role("button", name="为什么问这个")).to_be_visible()
    label = first.inner_text()

    def lose(route):
        route.fetch()
        route.abort("connectionreset")

    page.route("**/chat/messages", lose, times=1)
    first.click()
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("button", name="上一步")).to_be_visible()
    page.reload()
    expect(page.get_by_role("button", name="上一步")).to_be_visible()
    assert steps.said(page) == ["我想开个饭店要办什么", label]
