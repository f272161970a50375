"""The second step, and the city's sign-in, in a browser: a phone, and a clerk's monitor."""

import io
import re
import time

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import expect

from miniapp_api.staff import totp
from tests.browser.conftest import Phone
from tests.desk.browser.conftest import PASSWORD, serve_demonstration
from tests.desk.browser.test_day import MONITOR, PHONE, photograph
from tests.desk.browser.test_signing_in import look, sign_in
from tests.staff.provider import CLIENT_ID, CLIENT_SECRET, serve_provider

pytestmark = pytest.mark.browser


def code_of(secret, steps=0):
    return totp.code_at(secret, int(time.time()) // totp.STEP + steps)


def scanned(page):
    """What the telephone's app reads from the screen: the secret."""
    picture = Image.open(io.BytesIO(page.locator(".scan").screenshot()))
    address = zxingcpp.read_barcodes(picture)[0].text
    return re.fullmatch(r"otpauth://totp/.*[?&]secret=([A-Z2-7]{32})&issuer=.*", address)[1]


def enter(page, code, button="登录"):
    page.get_by_label("验证码").fill(code)
    page.get_by_role("button", name=button).click()


def heading(page, text):
    expect(page.get_by_role("heading", level=1)).to_have_text(text)


@pytest.mark.parametrize(("username", "screen"), [("inspector1", PHONE), ("inspector2", MONITOR)])
def test_a_phone_is_bound_and_asked_for(phone, username, screen):
    page, size = phone.open("/desk/password", **screen), screen["width"]
    sign_in(page, username)
    page.get_by_role("link", name="手机验证码").click()
    look(page)
    photograph(page, f"factor-none-{size}")
    page.get_by_role("button", name="开始绑定").click()
    expect(page.locator(".secret")).to_be_visible()
    look(page)
    photograph(page, f"factor-scan-{size}")
    secret = scanned(page)
    assert page.locator(".secret").inner_text() == totp.grouped(secret)
    phone.forgive("422")
    enter(page, "000000", "绑定")
    expect(page.get_by_role("alert")).to_contain_text("没有绑定")
    look(page)
    assert scanned(page) == secret
    enter(page, code_of(secret), "绑定")
    heading(page, "绑定好了，请抄下恢复码")
    look(page)
    photograph(page, f"factor-codes-{size}")
    page.get_by_role("link", name="我抄好了").click()
    page.get_by_role("button", name="退出").click()
    sign_in(page, username)
    heading(page, "再输手机上的验证码")
    expect(page.get_by_label("验证码")).to_be_focused()
    look(page)
    photograph(page, f"factor-step-{size}")
    phone.forgive("401")
    enter(page, "000000")
    expect(page.get_by_role("alert")).to_contain_text("验证码不对")
    look(page)
    enter(page, code_of(secret, 1))
    heading(page, re.compile("您好"))
    page.goto(f"{phone.site}/desk/second-factor")
    expect(page.get_by_text("已绑定手机")).to_be_visible()
    look(page)
    photograph(page, f"factor-bound-{size}")


def test_without_javascript_the_paper_stands_in_for_the_phone(phone):
    page = phone.open("/desk/second-factor", java_script_enabled=False)
    sign_in(page, "delivery")
    page.get_by_role("button", name="开始绑定").click()
    enter(page, code_of(scanned(page)), "绑定")
    codes = page.locator(".codes li").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="我抄好了").click()
    page.get_by_role("button", name="退出").click()
    sign_in(page, "delivery")
    enter(page, codes[0].upper())
    heading(page, "演示出件，您好")
    page.goto(f"{phone.site}/desk/second-factor")
    expect(page.get_by_text("恢复码还剩 9 个")).to_be_visible()


@pytest.fixture(scope="module")
def provider():
    """Serve the city's sign-in at another host than the desk's, as browsers see it."""
    with serve_provider("localhost") as provider:
        yield provider


@pytest.fixture(scope="module")
def city_desk(sqlite_template, tmp_path_factory, provider):
    """Serve the application with the city's sign-in; gives its address."""
    settings = {
        "STAFF_OIDC_ISSUER": provider.issuer,
        "STAFF_OIDC_CLIENT_ID": CLIENT_ID,
        "STAFF_OIDC_CLIENT_SECRET": CLIENT_SECRET,
        "STAFF_LOCAL_SIGN_IN": "admins",
        "STAFF_SECOND_FACTOR": "duties",
    }
    with serve_demonstration(sqlite_template, tmp_path_factory.mktemp("city-desk"), **settings) as address:
        yield address


@pytest.fixture
def traveller(chromium, city_desk, provider):
    """Open pages that may call the city's sign-in, and no other host."""
    phone = Phone(chromium, city_desk)
    yield phone
    phone.strangers = [url for url in phone.strangers if not url.startswith(provider.issuer)]
    phone.verdict()


@pytest.mark.parametrize("screen", [PHONE, MONITOR], ids=["phone", "monitor"])
def test_to_the_citys_sign_in_and_back_to_where_one_wanted_to_go(traveller, provider, screen):
    provider.subject, size = "city-reviewer", screen["width"]
    page = traveller.open("/desk/password", **screen)
    look(page)
    photograph(page, f"city-{size}")
    page.get_by_text("系统管理员用密码登录").click()
    look(page)
    photograph(page, f"city-admin-{size}")
    page.get_by_role("button", name="用统一身份认证登录").click()
    heading(page, "修改密码")
    expect(page.locator(".who")).to_contain_text("演示审查")
    expect(page.get_by_text("这里没有密码可改")).to_be_visible()
    look(page)
    photograph(page, f"city-password-{size}")
    page.reload()
    heading(page, "修改密码")


def test_without_javascript_one_presses_a_button_on_the_way_back(traveller, provider):
    provider.subject = "city-chief"
    page = traveller.open("/desk/", java_script_enabled=False)
    page.get_by_role("button", name="用统一身份认证登录").click()
    heading(page, "从统一身份认证回来了")
    photograph(page, "city-back")
    page.get_by_role("button", name="进入工作台").click()
    heading(page, "演示分管领导，您好")


def test_who_is_unknown_here_is_told_what_to_do(traveller, provider):
    provider.subject = "city-stranger"
    traveller.forgive("403")
    page = traveller.open("/desk/")
    page.get_by_role("button", name="用统一身份认证登录").click()
    expect(page.get_by_role("alert")).to_contain_text("city-stranger")
    look(page)
    photograph(page, "city-stranger")


def test_an_administrator_signs_in_with_the_password(traveller):
    page = traveller.open("/desk/")
    page.get_by_text("系统管理员用密码登录").click()
    page.get_by_label("用户名").fill("admin")
    page.get_by_label("密码").fill(PASSWORD)
    page.keyboard.press("Enter")
    heading(page, "演示管理员，您好")
