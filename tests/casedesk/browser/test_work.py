"""A day's work on cases in a browser: on a monitor and a phone, light and dark."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.appointments.world import id_number
from tests.desk.browser.test_day import MONITOR, PHONE, at_desk
from tests.desk.browser.test_signing_in import look

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("casedesk")]  # one server for all

PAGES = {
    "counter": ["/desk/cases/receive", "/desk/cases/counter", "/desk/cases/find"],
    "reviewer": ["/desk/cases/review"],
    "delivery": ["/desk/cases/delivery"],
    "chief": ["/desk/cases/supervision", "/desk/cases/supervision/cases", "/desk/cases/reads"],
}


def photograph(page, name):
    """Keep a picture, where somebody wants to look at the pages; hiding the caret would need a style of its own."""
    if folder := os.environ.get("DESK_PICTURES"):
        page.screenshot(path=Path(folder) / f"{name}.png", caret="initial")


@pytest.mark.parametrize("username", PAGES)
@pytest.mark.parametrize(("size", "scheme"), [("monitor", "light"), ("phone", "dark")])
def test_every_list_fits_and_can_be_read(phone, username, size, scheme):
    screen = {"monitor": MONITOR, "phone": PHONE}[size]
    page = at_desk(phone, "/desk/", username, **screen, color_scheme=scheme)
    expect(page.get_by_role("heading", name="办件")).to_be_visible()
    for path in PAGES[username]:
        page.goto(phone.site + path)
        look(page)
        photograph(page, f"{path.rsplit('/', 1)[1]}-{size}")


@pytest.mark.parametrize("size", ["monitor", "phone"])
def test_from_the_item_to_the_number_and_on_to_acceptance(phone, size):
    screen = {"monitor": MONITOR, "phone": PHONE}[size]
    page = at_desk(phone, "/desk/cases/receive", "counter", **screen)
    page.get_by_label("办什么事").press_sequentially("大型户外广告")
    expect(page.locator(".items a")).to_have_count(1)
    page.locator(".items a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收件：设置大型户外广告审批")
    page.get_by_label("姓名，或者单位名称").fill("钱大伟" if size == "phone" else "郑小丽")
    page.get_by_label("身份证号，或者统一社会信用代码").fill("123")
    page.get_by_label("手机号").fill("13911112222")
    for material in page.locator(".checklist fieldset").all():
        material.get_by_text("交来了").click()
    look(page)
    photograph(page, f"receive-form-{size}")
    phone.forgive("422")
    page.get_by_role("button", name="收件，出编号").click()
    expect(page.locator("#number-fault")).to_contain_text("身份证号不对")
    expect(page.get_by_label("手机号")).to_have_value("13911112222")
    look(page)
    photograph(page, f"receive-refused-{size}")
    page.get_by_label("身份证号，或者统一社会信用代码").fill(id_number())
    page.get_by_role("button", name="收件，出编号").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("收下了")
    expect(page.locator(".numbers dd").first).to_have_text(re.compile(r"^420300 \d{8} \d{6} \d$"))
    look(page)
    photograph(page, f"received-{size}")
    page.get_by_role("link", name="接着受理").click()
    step = page.locator("#step-accepted")
    step.locator("summary").click()
    step.get_by_label("给同事的备注").fill("材料核对过原件")
    look(page)
    photograph(page, f"case-counter-{size}")
    step.get_by_role("button", name="受理").click()
    expect(page.get_by_role("status")).to_contain_text("受理了")
    expect(page.locator(".clockwork")).to_contain_text("承诺 5 个工作日")
    expect(page.locator(".course")).to_contain_text("材料核对过原件")
    look(page)


@pytest.mark.parametrize("size", ["monitor", "phone"])
def test_two_colleagues_on_one_case(phone, town, size):
    screen = {"monitor": MONITOR, "phone": PHONE}[size]
    first = at_desk(phone, "/desk/cases/counter", "counter", **screen)
    first.get_by_role("link", name="小餐饮登记证" if size == "monitor" else "食品经营许可（新办）").first.click()
    second = phone.open(first.url.removeprefix(phone.site), **screen)
    second.get_by_label("用户名").fill("counter")
    second.get_by_label("密码").fill("correct horse battery")
    second.get_by_role("button", name="登录").click()
    for page, label in ((first, "受理"), (second, "一次性告知补正")):
        page.locator(".step", has_text=label).first.locator("summary").click()
    first.locator("#step-accepted").get_by_role("button", name="受理").click()
    expect(first.get_by_role("status")).to_contain_text("受理了")
    step = second.locator("#step-correction")
    step.get_by_label("申请表", exact=True).check()
    step.get_by_label("申请表：怎么办").fill("要签名")
    step.get_by_label("最晚哪天补齐").fill("2099-01-01")
    photograph(second, f"correction-{size}")
    phone.forgive("409")
    step.get_by_role("button", name="一次性告知补正").click()
    expect(second.get_by_role("alert")).to_contain_text("您打开页面以后，发生了")
    expect(second.get_by_role("alert")).to_contain_text("已经受理")
    expect(second.get_by_text("您刚才填的")).to_be_visible()
    expect(second.locator("#case")).to_contain_text("要签名")
    look(second)
    photograph(second, f"stale-{size}")


@pytest.mark.parametrize("size", ["monitor", "phone"])
def test_the_back_office_stops_the_clock_and_looks_at_who_it_is(phone, size):
    screen = {"monitor": MONITOR, "phone": PHONE}[size]
    page = at_desk(phone, "/desk/cases/review?tab=mine", "reviewer", **screen)
    page.get_by_role("link", name="食品经营许可（新办）").first.click()
    expect(page.locator("#applicant")).to_contain_text("不知道申请人是谁")
    expect(page.locator("body")).not_to_contain_text("赵敏")
    if size == "monitor":
        step = page.locator("#step-stopped")
        step.locator("summary").click()
        step.get_by_label("什么程序").select_option("检测")
        step.get_by_label("最多几个工作日").fill("5")
        step.get_by_role("button", name="先看看会怎样").click()
        expect(page.locator(".asking")).to_contain_text("承诺的最后一天")
        look(page)
        photograph(page, f"asking-{size}")
        page.get_by_role("button", name="就这样办").click()
        expect(page.get_by_role("status")).to_contain_text("停钟了")
        expect(page.locator(".clockwork")).to_contain_text("检测最多停 5 个工作日")
    page.get_by_text("看完整的").click()
    page.get_by_label("为什么要看").fill("核对现场地址")
    page.locator("#applicant").get_by_role("button", name="看").click()
    expect(page.locator("#applicant")).to_contain_text("赵敏")
    look(page)
    photograph(page, f"case-reviewer-{size}")


def test_a_chief_approves_an_extension(phone):
    page = at_desk(phone, "/desk/cases/supervision", "chief")
    page.get_by_role("button", name="批准", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("批准了，已经生效")
    expect(page.get_by_text("没有等着批的")).to_be_visible()
    page.get_by_role("link", name=re.compile("超期")).first.click()
    look(page)


def test_without_javascript_the_clock_is_stopped_too(phone):
    page = phone.open("/desk/cases/review", java_script_enabled=False, **MONITOR)
    page.get_by_label("用户名").fill("reviewer")
    page.get_by_label("密码").fill("correct horse battery")
    page.get_by_role("button", name="登录").click()
    page.get_by_role("link", name="小餐饮登记证").first.click()
    step = page.locator("#step-stopped")
    step.locator("summary").click()
    step.get_by_label("什么程序").select_option("听证")
    step.get_by_label("最多几个工作日").fill("3")
    step.get_by_role("button", name="先看看会怎样").click()
    page.get_by_role("button", name="就这样办").click()
    expect(page.get_by_role("status")).to_contain_text("停钟了")
