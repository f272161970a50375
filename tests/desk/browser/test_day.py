"""A day at the counter in a browser, and what the hall's screen shows of it."""

import os
import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import expect

from miniapp_api.extensions import db
from miniapp_api.staff import service
from tests.browser.bookable_city import open_halls, serve
from tests.browser.conftest import Phone
from tests.desk.browser import hall_day
from tests.desk.browser.conftest import PASSWORD
from tests.desk.browser.test_signing_in import look, sign_in
from tests.desk.day.conftest import id_number

pytestmark = pytest.mark.browser

MONITOR = {"width": 1366, "height": 768}
PHONE = {"width": 390, "height": 844}
SCREEN = {"width": 1920, "height": 1080}

# Parts of the board that are not wholly seen; nobody scrolls a screen on a wall.
OUTSIDE = """() => [
  ...document.querySelectorAll("header, .call, .earlier, .queue-next, .next span, #code svg, #code p"),
]
  .filter((node) => {
    const box = node.getBoundingClientRect();
    return box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
  })
  .map((node) => node.textContent || node.tagName)"""


@pytest.fixture(scope="module")
def town(sqlite_template, tmp_path_factory):
    """Serve the city's halls, with the people of a demonstration."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("day") / "daoban.sqlite3")
    open_halls(database)
    with serve(database) as town:
        town.do(lambda: service.ensure_demo(db.session, hall_day.SITE, PASSWORD))
        yield town


@pytest.fixture
def phone(chromium, town):
    """Open pages that may not call other hosts nor write errors to the console."""
    phone = Phone(chromium, town.address)
    yield phone
    phone.verdict()


def photograph(page, name):
    """Keep a picture, where somebody wants to look at the pages: DESK_PICTURES names the folder."""
    if folder := os.environ.get("DESK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png")


def at_desk(phone, path, username="clerk1", **screen):
    page = phone.open(path, **(screen or MONITOR))
    sign_in(page, username)
    return page


def number_on(page):
    return page.locator(".huge")


def test_from_the_scan_to_the_end_and_on_the_screen(phone, town):
    code = town.do(hall_day.booked)
    board = phone.open(f"/board/{hall_day.SITE}", **SCREEN)
    expect(board.get_by_text("还没有叫号")).to_be_visible()

    page = at_desk(phone, "/desk/check-in")
    expect(page.get_by_label("扫预约的二维码")).to_be_focused()
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(number_on(page)).to_have_text(re.compile(r"^[A-Z]001$"))
    expect(page.get_by_label("扫预约的二维码")).to_be_focused()
    expect(page.get_by_label("扫预约的二维码")).to_have_value("")
    look(page)
    photograph(page, "check-in")
    number = number_on(page).inner_text()
    expect(board.locator(".next")).to_contain_text(number)

    page.goto(f"{town.address}/desk/calling")
    page.get_by_role("button", name=re.compile("^B01 ")).click()
    main = page.locator("#main-deed")
    expect(main).to_be_focused()
    photograph(page, "calling-empty")
    page.keyboard.press("Enter")
    expect(main).to_have_text("人来了，开始办理")
    expect(number_on(page)).to_have_text(number)
    expect(board.locator(".call").first).to_contain_text(re.compile(f"{number}.*请到.*B01.*窗口"))
    look(page)
    photograph(page, "calling-called")
    expect(main).to_be_focused()
    page.wait_for_timeout(750)  # a hand that has seen what changed
    page.keyboard.press("Enter")
    expect(main).to_have_text("办完了")
    expect(board.locator(".call").first).to_contain_text("办理")
    page.wait_for_timeout(750)
    page.keyboard.press("Enter")
    expect(main).to_have_text("叫下一位")
    expect(board.get_by_text("还没有叫号")).to_be_visible()
    page.get_by_role("button", name="关窗口").click()
    expect(page.get_by_role("button", name=re.compile("^B01 "))).to_be_visible()


def test_a_double_tap_calls_one_and_starts_nobody(phone, town):
    town.do(lambda: hall_day.walked_in(7))
    page = at_desk(phone, "/desk/calling", "clerk2")
    page.get_by_role("button", name=re.compile("^B02 ")).click()
    expect(page.get_by_text("在等 7 位")).to_be_visible()
    page.locator("#main-deed").dblclick(delay=20)
    expect(page.locator("#main-deed")).to_have_text("人来了，开始办理")
    page.locator("#main-deed").click()
    expect(page.get_by_text("在等 6 位")).to_be_visible()
    expect(page.locator("#counter .state")).to_contain_text("正在叫号")
    page.set_viewport_size(PHONE)
    look(page)
    photograph(page, "calling-phone")
    page.wait_for_timeout(750)
    page.get_by_role("button", name="过号").click()
    expect(page.get_by_text("过号的")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("可以重排")
    page.set_viewport_size(MONITOR)
    photograph(page, "calling-missed")
    page.wait_for_timeout(750)
    page.get_by_role("button", name="前可重排").click()
    expect(page.get_by_text("在等 7 位")).to_be_visible()


@pytest.mark.parametrize("screen", [MONITOR, PHONE], ids=["monitor", "phone"])
def test_every_page_fits_its_screen_and_every_hand(phone, town, screen):
    page = at_desk(phone, "/desk/", "manager", **screen)
    size = "phone" if screen is PHONE else "monitor"
    for name in ("", "today", "check-in", "walk-in", "book", "decisions", "conduct", "screen", "calling"):
        page.goto(f"{town.address}/desk/{name}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        if name == "decisions":
            page.locator("summary").first.click()
        look(page)
        photograph(page, f"page-{name or 'start'}-{size}")


@pytest.mark.parametrize("screen", [MONITOR, PHONE], ids=["monitor", "phone"])
def test_a_number_is_given_with_one_tap(phone, town, screen):
    page = at_desk(phone, "/desk/walk-in", "clerk3", **screen)
    page.get_by_label("特别照顾").check()
    page.get_by_role("button", name="食品经营许可").first.dblclick()
    expect(number_on(page)).to_be_visible()
    first = number_on(page).inner_text()
    look(page)
    photograph(page, f"number-{screen['width']}")
    page.get_by_role("link", name="下一位").click()
    page.get_by_role("button", name="食品经营许可").first.click()
    expect(number_on(page)).to_be_visible()
    assert int(number_on(page).inner_text()[1:]) == int(first[1:]) + 1


@pytest.mark.parametrize("screen", [MONITOR, PHONE], ids=["monitor", "phone"])
def test_somebody_is_booked_moved_and_cancelled(phone, town, screen):
    page = at_desk(phone, "/desk/book", "clerk3", **screen)
    label = page.locator("#offer option").filter(has_text="食品经营许可").first.inner_text()
    page.get_by_label("办什么").select_option(label=label)
    page.locator(".days a").last.click()
    expect(page.locator(".days a").last).to_have_attribute("aria-current", "true")
    page.locator("input[name=time]").last.check()
    page.get_by_label("姓名").fill("王小明")
    page.get_by_label("身份证号").fill(id_number())
    look(page)
    photograph(page, f"book-filled-{screen['width']}")
    page.get_by_role("button", name="约这个时间").click()
    expect(page.get_by_text("约好了")).to_be_visible()
    look(page)
    photograph(page, f"book-made-{screen['width']}")
    code = number_on(page).inner_text()
    page.goto(f"{town.address}/desk/today")
    page.get_by_label("按预约码查").fill(code.lower())
    page.get_by_role("button", name="查").click()
    page.get_by_text("改时间").click()
    page.locator("#when").select_option(index=0)
    page.get_by_role("button", name="改到这个时间").click()
    expect(page.get_by_role("status")).to_contain_text("改好了")
    look(page)
    photograph(page, f"booking-{screen['width']}")
    page.get_by_text("取消预约").click()
    page.get_by_role("button", name="取消这个预约").click()
    expect(page.get_by_role("status")).to_contain_text("预约取消了")


def test_a_screen_shows_the_code_and_somebody_who_scans_it_takes_a_number(phone, town):
    page = at_desk(phone, "/desk/screen", "clerk3", **SCREEN)
    page.get_by_role("button", name="变成叫号屏").click()
    expect(page.get_by_text("扫码签到、取号")).to_be_visible()
    town.do(hall_day.busy)
    expect(page.locator(".call").first).to_contain_text("请到")
    expect(page.locator(".next").first).to_be_visible()
    page.wait_for_timeout(300)
    photograph(page, "board-screen")
    assert page.evaluate(OUTSIDE) == []
    token = town.do(hall_day.token)
    citizen = phone.open(f"/check-in/{hall_day.SITE}#{token}")
    citizen.get_by_label("办什么").select_option(hall_day.SERVICE)
    photograph(citizen, "arrive")
    citizen.get_by_role("button", name="取号").click()
    expect(citizen.locator(".number")).to_have_text(re.compile(r"^[A-Z]\d{3}$"))
    photograph(citizen, "arrived")
    small = phone.open(f"/board/{hall_day.SITE}", **PHONE)
    expect(small.locator(".next").first).to_be_visible()
    assert small.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    photograph(small, "board-phone")


def test_who_booked_scans_the_screen_and_checks_in(phone, town):
    token = town.do(hall_day.booked_on_a_telephone)
    citizen = phone.open(f"/check-in/{hall_day.SITE}#{town.do(hall_day.token)}", token=token)
    expect(citizen.get_by_role("article")).to_contain_text("食品经营许可")
    citizen.get_by_role("button", name="签到").click()
    expect(citizen.locator(".number")).to_have_text(re.compile(r"^B\d{3}$"))
    citizen.goto(f"{town.address}/check-in/{hall_day.SITE}#forged")
    citizen.reload()
    phone.forgive("422")
    citizen.get_by_role("button", name="看我的号").click()
    expect(citizen.get_by_role("alert")).to_contain_text("不是大厅屏幕上的二维码")
