"""A real Chromium on a small phone, and a city to visit with it.

The pages are the real ones. The API behind them is `fake_city`: to try the real one, `site` is the
only fixture to change.
"""

import re
import shutil
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.browser.fake_city import City

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-sync",
    "--no-first-run",
)
PATIENCE_MS = 20_000
"""A machine that is busy is no fault of a page."""

expect.set_options(timeout=PATIENCE_MS)


class Quiet(WSGIRequestHandler):
    """A handler that does not write a line for each request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture(scope="package")
def chromium() -> Any:
    """Start the Chromium of this system; closed with the package, as its loop would disturb others."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip(f"no Chromium on PATH (looked for {', '.join(NAMES)})")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def city() -> City:
    """Make a city without visitors."""
    return City()


@pytest.fixture
def site(city: City) -> Any:
    """Serve the city on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, city.routes(), threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@dataclass
class Phone:
    """Opens pages in fresh profiles and notes what no page may do."""

    browser: Browser
    site: str
    contexts: list[BrowserContext] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    forgiven: list[str] = field(default_factory=list)

    def open(
        self,
        path: str = "/",
        *,
        width: int = 390,
        height: int = 844,
        large: bool = False,
        token: str | None = None,
        **more: Any,
    ) -> Page:
        """Open a page in a fresh profile, in normal or large type, as a stranger or a known visitor."""
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2,
            is_mobile=True,
            has_touch=True,
            locale="zh-CN",
            **more,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.contexts.append(context)
        if large:
            context.add_init_script("location.protocol === 'http:' && localStorage.setItem('daoban.large', 'true')")
        context.on("request", lambda request: self._note_request(request.url))
        context.on("page", self._listen)
        if token:
            context.add_init_script(
                f"location.protocol === 'http:' && localStorage.setItem('daoban.token', '\"{token}\"')"
            )
        page = context.new_page()
        page.goto(self.site + path)
        return page

    def forgive(self, pattern: str) -> None:
        """Expect console errors like this, because the test breaks the network."""
        self.forgiven.append(pattern)

    def _note_request(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "blob:")):
            self.strangers.append(url)

    def _listen(self, page: Page) -> None:
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("console", lambda line: line.type in {"error", "warning"} and self.faults.append(line.text))

    def verdict(self) -> None:
        """Close all pages and fail for requests to other hosts and for errors in the console."""
        for context in self.contexts:
            context.close()
        unforgiven = [fault for fault in self.faults if not any(re.search(p, fault) for p in self.forgiven)]
        assert self.strangers == []
        assert unforgiven == []


@pytest.fixture
def phone(chromium: Browser, site: str) -> Any:
    """Give a phone whose pages may not call other hosts nor write errors to the console."""
    phone = Phone(chromium, site)
    yield phone
    phone.verdict()


@pytest.fixture
def guided(phone: Phone) -> Callable[..., Page]:
    """Give a way to open a chat that has reached its second question."""

    def open_guide(**more: Any) -> Page:
        page = phone.open(**more)
        page.get_by_role("button", name="我想开个饭店要办什么").click()
        page.get_by_role("button", name="沿街商铺").click()
        page.get_by_role("button", name="不会", exact=True).wait_for()
        return page

    return open_guide
