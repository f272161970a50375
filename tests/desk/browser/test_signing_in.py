"""The staff's pages in a browser: a phone, and a clerk's monitor."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_access import LOW_CONTRAST, TOO_SMALL
from tests.desk.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser

SCREENS = [(390, 844), (1366, 768)]


def sign_in(page, username="clerk1", password=PASSWORD):
    page.get_by_label("用户名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def look(page):
    """Check what every page has to keep to."""
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") == 0
    assert page.evaluate(LOW_CONTRAST) == []
    small = page.evaluate(
        TOO_SMALL.replace(
            "label, textarea",
            "input:not([type=hidden], [type=radio], [type=checkbox]), label:has(:is([type=radio], [type=checkbox]))",
        ),
        48,
    )
    assert small == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_sign_in_find_the_way_and_sign_out(phone, width, height, scheme):
    page = phone.open("/desk/password", width=width, height=height, color_scheme=scheme)
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    expect(page.get_by_label("用户名")).to_be_focused()
    look(page)
    phone.forgive("401")
    sign_in(page, password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("用户名或密码不对")
    expect(page.get_by_label("密码")).to_be_focused()
    look(page)
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")  # where one wanted to go
    look(page)
    page.get_by_role("link", name="导办工作台").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("演示窗口一，您好")
    look(page)
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    page.go_back()
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")  # kept nowhere


def test_without_javascript_everything_is_a_form(phone):
    page = phone.open("/desk/password", java_script_enabled=False)
    sign_in(page, "clerk2")
    change(page, "wrong", "another password")
    expect(page.get_by_role("alert")).to_contain_text("原来的密码不对")
    page.get_by_role("link", name="回到首页").click()
    page.get_by_role("link", name="修改密码").click()
    change(page, PASSWORD, "another password")
    expect(page.get_by_role("status")).to_contain_text("密码改好了")
    phone.forgive("422")


def change(page, old, new):
    page.get_by_label("原来的密码").fill(old)
    page.get_by_label("新密码", exact=True).fill(new)
    page.get_by_label("再输一次新密码").fill(new)
    page.get_by_role("button", name="改密码").click()


def test_a_problem_is_told_in_the_page_and_gone_with_the_next_attempt(phone):
    page = phone.open("/desk/password")
    phone.forgive("422")
    phone.forgive("Response Status Error Code 422")
    sign_in(page, "clerk3")
    page.evaluate("window.same = true")
    change(page, "wrong", "another password")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("原来的密码不对")
    look(page)
    change(page, PASSWORD, "clerk3 password")
    expect(alert).to_have_text(re.compile(r"^\s*有的内容不符合要求，请改正：\s*密码不能包含用户名\s*$"))
    assert page.evaluate("window.same")
    change(page, PASSWORD, "another password")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    expect(page.get_by_role("status")).to_contain_text("密码改好了")
    sign_in(page, "clerk3", "another password")
    expect(page.get_by_role("heading", level=1)).to_have_text("演示窗口三，您好")


def test_a_server_that_does_not_answer_is_not_passed_over(phone):
    page = phone.open("/desk/password")
    phone.forgive("ERR_FAILED|htmx:")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    page.route("**/desk/password", lambda route: route.abort())
    change(page, PASSWORD, "another password")
    expect(page.get_by_role("alert")).to_contain_text("连不上服务器")
    page.unroute("**/desk/password")
    page.route("**/desk/password", lambda route: route.fulfill(status=502, body="<h1>Bad Gateway</h1>"))
    phone.forgive("502")
    change(page, PASSWORD, "another password")
    expect(page.get_by_role("alert")).to_contain_text("系统出错，没有办成")


def test_a_session_that_is_over_leads_a_part_of_a_page_to_the_sign_in_and_back(phone):
    page = phone.open("/desk/password")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")
    page.context.clear_cookies()
    phone.forgive("401")
    change(page, PASSWORD, "another password")
    expect(page.get_by_role("heading", level=1)).to_have_text("工作人员登录")
    sign_in(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("修改密码")


def test_all_by_keyboard_with_the_focus_in_sight(phone):
    page = phone.open("/desk/", width=1366, height=768)
    keys = page.keyboard
    keys.type("manager")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("演示主管，您好")
    seen = []
    for _ in range(4):
        keys.press("Tab")
        seen.append(
            page.evaluate(
                "[document.activeElement].flatMap((node) => [node.innerText, getComputedStyle(node).outlineStyle])"
            )
        )
    assert [text.partition("\n")[0] for text, _ in seen] == ["跳到正文", "导办工作台", "退出", "叫号"]
    assert {outline for _, outline in seen} == {"solid"}
