"""The pages of appointments in a real Chromium, on the real API: from the first tap to the hall's door."""

import json
import re
import shutil
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from miniapp_api.database import utc_now
from tests.browser import steps
from tests.browser.bookable_city import HALLS, NUMBER, SERVICE, bearer, newcomer, open_halls, serve
from tests.browser.screens import each, low_contrast, sticking_out, too_small
from tests.browser.test_access import SCREENS

pytestmark = pytest.mark.browser

NEW = f"/appointments/new?service={SERVICE}"
CENTER = "十堰市市民服务中心"
BRANCH = "茅箭区政务服务中心"


@pytest.fixture(scope="module")
def open_city(sqlite_template, tmp_path_factory):
    """A database with times to book, to copy."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("city") / "daoban.sqlite3")
    open_halls(database)
    return database


@pytest.fixture
def town(open_city, tmp_path):
    with serve(shutil.copy(open_city, tmp_path / "daoban.sqlite3")) as town:
        yield town


@pytest.fixture
def site(town):
    return town.address


@pytest.fixture
def citizen(town):
    """Somebody who has said whom they book for."""
    with town.caller() as client:
        body = {"name": "王小明", "number": NUMBER, "relation": "self"}
        client.person = client.post("/people", json=body).json()["id"]
        client.token = client.headers["Authorization"].removeprefix("Bearer ")
        yield client


@pytest.fixture
def booked(citizen):
    """A booking of theirs, tomorrow or later."""
    return arrange(citizen, person=citizen.person)


def arrange(citizen, **more):
    """Book the first time of the second day that has any."""
    pool = citizen.get("/appointments/halls", params={"service": SERVICE}).json()["halls"][0]["pool"]
    asked = {"pool": pool, "service": SERVICE}
    days = citizen.get("/appointments/days", params=asked).json()["days"]
    day = [each["day"] for each in days if each["state"] == "open"][1]
    time = citizen.get("/appointments/times", params=asked | {"day": day}).json()["times"][0]["time"]
    wish = asked | {"day": day, "time": time} | more
    return citizen.post("/appointments", json=wish, headers={"Idempotency-Key": json.dumps(wish)}).json()


def heading(page, words):
    expect(page.get_by_role("heading", level=1, name=words)).to_be_visible()


def rows(page):
    return page.locator("main button.row-choice")


def choose_hall_and_day(page, which=1):
    rows(page).filter(has_text=CENTER).click()
    heading(page, "哪一天去？")
    rows(page).nth(which).click()
    heading(page, "几点去？")


def fill_in(page, name="王小明", number=NUMBER):
    page.get_by_label("证件上的姓名").fill(name)
    page.get_by_label("身份证号").fill(number)
    page.get_by_role("button", name="确认预约").click()


def test_new_then_booked_then_moved_then_cancelled(phone):
    page = phone.open("/appointments")
    expect(page.get_by_text("您还没有预约")).to_be_visible()
    page.get_by_role("link", name="我要预约").click()
    page.get_by_label("用平常的话找").fill("食品证")
    expect(page.get_by_role("status")).to_have_text("找到 1 项")
    page.get_by_role("button", name="食品经营许可").click()
    heading(page, "去哪个大厅办？")
    choose_hall_and_day(page)
    page.locator(".time").nth(2).click()
    heading(page, "还差一步：替谁约？")
    expect(page.get_by_text("给您留到")).to_contain_text("还有")
    expect(page.get_by_text("约了没来记 1 分")).to_be_visible()
    fill_in(page)
    heading(page, "约好了")
    expect(page.get_by_role("img", name="签到用的二维码")).to_be_visible()
    expect(page.get_by_text("预约码")).to_be_visible()
    expect(page.get_by_role("link", name="0719-0000101")).to_have_attribute("href", "tel:07190000101")
    old = page.locator(".when").inner_text()
    with page.expect_download() as download:
        page.get_by_role("button", name="加到手机日历").click()
    assert "BEGIN:VEVENT" in download.value.path().read_text()
    page.get_by_role("link", name="改约").click()
    heading(page, "改到哪一天？")
    rows(page).nth(2).click()
    heading(page, "改到几点？")
    page.locator(".time").nth(1).click()
    heading(page, "改到这个时间吗？")
    page.get_by_role("button", name="就改到这个时间").click()
    heading(page, "预约凭证")
    assert page.locator(".when").inner_text() != old
    page.get_by_role("button", name="取消预约").click()
    heading(page, "真的不去了吗？")
    page.get_by_role("button", name="取消这个预约").click()
    heading(page, "已经取消")
    expect(page.get_by_role("link", name="再约一个")).to_have_attribute("href", re.compile(f"service={SERVICE}"))
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_text("现在没有预约")).to_be_visible()


def test_reload_and_back_lead_where_one_was(phone):
    page = phone.open(NEW)
    heading(page, "去哪个大厅办？")
    choose_hall_and_day(page)
    page.reload()
    heading(page, "几点去？")
    page.go_back()
    heading(page, "哪一天去？")
    page.get_by_role("link", name="返回").click()
    heading(page, "去哪个大厅办？")
    page.go_forward()
    heading(page, "哪一天去？")


def test_back_leads_on_even_from_a_link_into_the_middle(phone, booked):
    page = phone.open(f"{NEW}&pool={booked['pool']}&day={booked['day']}")
    for question in ("几点去？", "哪一天去？", "去哪个大厅办？", "要办什么事？"):
        heading(page, question)
        page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("textbox", name="打字问或回答")).to_be_visible()


def test_a_second_thought_about_the_time_lets_the_first_one_go(phone):
    page = phone.open(NEW)
    choose_hall_and_day(page)
    phone.forgive("409")
    page.locator(".time").nth(2).click()
    heading(page, "还差一步：替谁约？")
    first = page.url
    page.get_by_role("link", name="返回").click()
    heading(page, "几点去？")
    page.locator(".time").nth(4).click()
    heading(page, "还差一步：替谁约？")
    assert page.url != first
    page.goto(first)
    heading(page, "已经取消")


def test_an_answer_that_was_lost_does_not_book_twice(phone, citizen):
    phone.forgive("Failed to load resource")
    page = phone.open(NEW, token=citizen.token)
    choose_hall_and_day(page)

    def lose(route):
        route.fetch()
        route.abort("connectionreset")

    page.route("**/api/v1/appointments", lose, times=1)
    time = page.locator(".time").nth(2)
    time.click()
    expect(page.get_by_role("alert")).to_contain_text("没有连上")
    time.click()
    heading(page, "还差一步：替谁约？")
    assert len(citizen.get("/appointments").json()["bookings"]) == 1


def test_a_time_that_is_taken_is_refused_with_others_to_tap(phone, town):
    phone.forgive("409")
    page = phone.open(NEW)
    rows(page).filter(has_text=CENTER).click()
    rows(page).nth(1).click()
    heading(page, "几点去？")
    with town.caller() as other:
        day = re.search("day=([-0-9]+)", page.url)[1]
        time = page.locator(".time .clock").nth(2).inner_text()
        pool = re.search("pool=([^&]+)", page.url)[1]
        wish = {"pool": pool, "service": SERVICE, "day": day, "time": time, "hold": True}
        while other.post("/appointments", json=wish, headers={"Idempotency-Key": "0"}).status_code == 201:
            other.headers.update(bearer(newcomer(f"{town.address}/api/v1")))
    page.locator(".time").nth(2).click()
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("刚刚约满了")
    alert.get_by_role("button").first.click()
    heading(page, "还差一步：替谁约？")


def test_the_form_says_beside_each_field_what_is_wrong(phone, citizen):
    phone.forgive("422")
    page = phone.open(f"/appointments/{arrange(citizen, hold=True)['id']}?add=1", token=citizen.token)
    page.get_by_role("button", name="确认预约").click()
    name, number = page.get_by_label("证件上的姓名"), page.get_by_label("身份证号")
    expect(name).to_be_focused()
    expect(name).to_have_accessible_description("请填证件上的姓名")
    name.fill("李四")
    expect(name).to_have_accessible_description("")
    number.fill("110105194912310021")
    page.get_by_role("button", name="确认预约").click()
    consent = page.get_by_role("checkbox", name="我替他人预约，已经得到本人同意")
    expect(consent).to_be_focused()
    consent.check()
    page.get_by_role("button", name="确认预约").click()
    expect(number).to_be_focused()
    expect(number).to_have_accessible_description(re.compile("身份证号不对"))


def test_who_is_known_is_one_tap_away(phone, citizen):
    page = phone.open(f"/appointments/{arrange(citizen, hold=True)['id']}", token=citizen.token)
    expect(page.get_by_role("radio", name="王** 本人，证件尾号 002X")).to_be_checked()
    page.get_by_role("button", name="确认预约").click()
    heading(page, "约好了")


def test_a_hold_that_ran_out_leads_to_other_times(phone, town, citizen):
    phone.forgive("409")
    held = arrange(citizen, hold=True)
    page = phone.open(f"/appointments/{held['id']}", token=citizen.token)
    heading(page, "还差一步：替谁约？")
    town.change(held["id"], hold_until=utc_now() - timedelta(hours=1))
    page.get_by_role("button", name="确认预约").click()
    expect(page.get_by_role("alert")).to_contain_text("过时放掉了")
    page.get_by_role("link", name="重新选时间").click()
    heading(page, "几点去？")


@pytest.mark.parametrize(
    ("status", "title", "way"),
    [
        ("served", "办好了，谢谢您", "再约一个"),
        ("missed", "这次没有来", "再约一个"),
        ("revoked", "大厅取消了这个号", "再约一个"),
        ("expired", "留的时间到了", "重新选时间"),
    ],
)
def test_what_is_over_says_what_now(phone, town, citizen, booked, status, title, way):
    town.change(booked["id"], status=status)
    page = phone.open(f"/appointments/{booked['id']}", token=citizen.token)
    heading(page, title)
    page.get_by_role("link", name=way).click()
    heading(page, "哪一天去？")


TICKET = {
    "id": "0" * 32,
    "number": "A012",
    "day": "2030-03-05",
    "kind": "booked",
    "service": SERVICE,
    "state": "waiting",
    "state_text": "正在排队",
    "site": {"code": HALLS[0], "name": CENTER},
    "queue": "行政许可窗口",
    "counter": None,
    "place": {"ahead": 3, "estimate": "大约 10–20 分钟"},
    "back_until": None,
}


def test_after_checking_in_the_number_counts_down(phone, town, citizen, booked):
    town.change(booked["id"], status="checked_in")
    told = [TICKET, TICKET | {"state": "called", "counter": "08", "place": None}]
    page = phone.open("/appointments", token=citizen.token)
    page.route("**/ticket", lambda route: route.fulfill(json=told.pop(0) if len(told) > 1 else told[0]))
    page.clock.install()
    page.goto(f"{town.address}/appointments/{booked['id']}")
    heading(page, "已签到")
    ticket = page.get_by_role("status")
    expect(ticket).to_contain_text("A012")
    expect(ticket).to_contain_text("前面还有 3 位")
    page.clock.run_for(15_000)
    expect(ticket).to_contain_text("请到 08 号窗口")


def test_whoever_checked_in_elsewhere_is_told_to_listen(phone, town, citizen, booked):
    phone.forgive("404")
    town.change(booked["id"], status="checked_in")
    page = phone.open("/appointments", token=citizen.token)
    page.route("**/ticket", lambda route: route.fulfill(status=404, json={"detail": "没有"}))
    page.goto(f"{town.address}/appointments/{booked['id']}")
    expect(page.get_by_text("留意大厅的叫号屏")).to_be_visible()


def test_where_nothing_is_free_one_can_wait(phone, town, citizen):
    for hall in citizen.get("/appointments/halls", params={"service": SERVICE}).json()["halls"]:
        town.fill(hall["pool"])
    page = phone.open(NEW, token=citizen.token)
    rows(page).filter(has_text=BRANCH).click()
    heading(page, "候补：有号就给您留")
    page.get_by_text(f"只要{BRANCH}").click()
    page.get_by_role("button", name="下一步").click()
    heading(page, "替谁候补？")
    page.get_by_role("button", name="开始候补").click()
    expect(page.get_by_text("您排在最前面")).to_be_visible()
    assert citizen.get("/waiting").json()["waiting"][0]["site"] == HALLS[1]
    page.get_by_role("button", name="不候补了").click()
    expect(page.get_by_text("您排在最前面")).to_have_count(0)


def test_where_one_is_is_asked_only_on_a_tap_and_told_roughly(phone):
    asked = []
    here = {"latitude": 32.6291234, "longitude": 110.7979876}
    page = phone.open("/appointments", geolocation=here, permissions=["geolocation"])
    page.on("request", lambda request: asked.append(request.url) if "/halls" in request.url else None)
    page.goto(phone.site + NEW)
    heading(page, "去哪个大厅办？")
    assert not any("near" in url for url in asked)
    page.get_by_role("button", name="按离我近排").click()
    expect(page.get_by_text(re.compile("离您约 .* 公里")).first).to_be_visible()
    assert asked[-1].endswith("near=32.629%2C110.798")


def test_where_one_is_may_be_kept_to_oneself(phone):
    page = phone.open(NEW)
    page.get_by_role("button", name="按离我近排").click()
    expect(page.get_by_role("alert")).to_contain_text("直接选大厅就行")
    expect(rows(page).first).to_be_visible()


def test_a_lent_identity_stays_in_the_tab_and_out_of_the_address(phone, town, booked):
    page = phone.open(f"/appointments/{booked['id']}#as={town.lend(booked['id'])}", token="v.somebody-else")
    heading(page, "预约凭证")
    assert "#" not in page.url
    assert page.evaluate("JSON.stringify(Object.entries(localStorage))") == json.dumps(
        [["daoban.token", '"v.somebody-else"']], separators=(",", ":")
    )
    page.get_by_role("link", name="返回").click()
    expect(page.get_by_role("link", name="食品经营许可")).to_be_visible()
    page.reload()
    expect(page.get_by_role("link", name="食品经营许可")).to_be_visible()


def test_a_lent_identity_that_expired_says_to_ask_again_in_wechat(phone, town, booked):
    phone.forgive("401")
    page = phone.open(f"/appointments/{booked['id']}#as={town.lend(booked['id'], -5)}")
    heading(page, "请回微信再点一次")
    expect(page.get_by_role("alert")).to_contain_text("请回到微信")
    expect(page.get_by_role("button", name="重新开始")).to_have_count(0)


def test_an_expired_visitor_starts_anew_and_learns_what_stays(phone):
    phone.forgive("401")
    page = phone.open("/appointments", token="v.gone")
    expect(page.get_by_role("alert")).to_contain_text("原来约好的号还在")
    page.get_by_role("button", name="重新开始").click()
    expect(page.get_by_text("您还没有预约")).to_be_visible()


def test_somebody_elses_booking_is_not_shown(phone, town, booked):
    phone.forgive("404")
    with town.caller() as other:
        token = other.headers["Authorization"].removeprefix("Bearer ")
    page = phone.open(f"/appointments/{booked['id']}", token=token)
    expect(page.get_by_role("alert")).to_contain_text("没有找到这个预约")


def test_messages_are_new_once(phone, citizen, booked):
    citizen.post(f"/appointments/{booked['id']}/cancel")
    page = phone.open("/appointments", token=citizen.token)
    page.get_by_role("button", name=re.compile("消息 .*条没看")).click()
    expect(page.locator(".unread")).to_have_count(1)
    page.get_by_role("link", name="返回").click()
    page.get_by_role("button", name="消息 都看过了").click()
    expect(page.locator(".card")).to_have_count(1)
    expect(page.locator(".unread")).to_have_count(0)


def test_a_restriction_can_be_appealed_against(phone, town, citizen):
    town.restrict(citizen.person)
    page = phone.open("/appointments?view=conduct", token=citizen.token)
    expect(page.get_by_role("heading", name="王**：暂时不能在网上约双休日和午间")).to_be_visible()
    page.get_by_label("有特殊原因？写下为什么没来").fill("那天住院了，没能来")
    page.get_by_role("button", name="提交申诉").click()
    expect(page.get_by_text("申诉正在处理")).to_be_visible()


def test_somebody_can_be_forgotten(phone, citizen):
    page = phone.open("/appointments?view=people", token=citizen.token)
    page.get_by_role("button", name="删掉王**").click()
    page.get_by_role("button", name="再点一次，就删掉王**").click()
    expect(page.get_by_text("还没有填过")).to_be_visible()


def test_from_the_chat_to_the_booking(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    steps.say(page, "我想预约办食品经营许可证")
    steps.ready(page)
    page.locator(".choices .choice").first.click()
    steps.ready(page)
    link = page.get_by_role("link", name="填写办事人")
    if link.count() == 0:
        page.locator(".choices .choice").first.click()
    link.click()
    heading(page, "还差一步：替谁约？")
    fill_in(page)
    heading(page, "约好了")
    page.goto(page.url.split("/appointments")[0])
    steps.say(page, "我的预约")
    page.get_by_role("link", name="看二维码和要带的材料").click()
    heading(page, "预约凭证")


def test_from_the_list_to_the_booking_with_what_is_ready(phone, town):
    token, guide = steps.finished_guide(town.address)
    page = phone.open(f"/checklist/{guide}", token=token)
    box = page.get_by_role("checkbox").first
    box.check()
    page.get_by_role("link", name="预约去办").click()
    heading(page, "要办什么事？")
    rows(page).filter(has_text="食品经营许可").click()
    choose_hall_and_day(page)
    page.locator(".time").first.click()
    heading(page, "还差一步：替谁约？")
    fill_in(page)
    heading(page, "约好了")
    expect(page.get_by_role("region", name="要带什么").get_by_role("listitem").first).to_be_visible()
    other = phone.open(f"/checklist/{guide}", token=token)
    expect(other.get_by_role("checkbox").first).to_be_checked()


@pytest.fixture
def screens(town, citizen):
    """Addresses of all sorts of screens, with the words that tell that they are there."""
    made = arrange(citizen, person=citizen.person)
    held = arrange(citizen, hold=True)
    there = f"{NEW}&pool={made['pool']}"
    return {
        "/appointments/new": "要办什么事？",
        NEW: "去哪个大厅办？",
        there: "哪一天去？",
        f"{there}&day={made['day']}": "几点去？",
        f"{there}&step=wait": "候补：有号就给您留",
        f"{there}&step=wait&span=7": "替谁候补？",
        f"/appointments/{held['id']}": "还差一步：替谁约？",
        f"/appointments/{held['id']}?add=1": "还差一步：替谁约？",
        f"/appointments/{made['id']}": "预约凭证",
        f"/appointments/{made['id']}?ask=cancel": "真的不去了吗？",
        f"/appointments/new?move={made['id']}": "改到哪一天？",
        f"/appointments/new?move={made['id']}&day={made['day']}&time=16:00": "改到这个时间吗？",
        "/appointments": "我的预约",
        "/appointments?view=messages": "消息",
        "/appointments?view=conduct": "爽约记分",
        "/appointments?view=people": "办事人",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa(phone, citizen, site, screens, scheme):
    page = phone.open("/appointments", token=citizen.token, color_scheme=scheme, reduced_motion="reduce")
    assert low_contrast(page, site, screens, heading) == {path: [] for path in screens}


@pytest.mark.parametrize(("large", "least"), [(False, 48), (True, 60)])
def test_all_is_easily_tapped(phone, citizen, site, screens, large, least):
    page = phone.open("/appointments", token=citizen.token, large=large)
    assert too_small(page, site, screens, heading, least) == {path: [] for path in screens}


@pytest.mark.parametrize(("width", "height", "large"), SCREENS)
def test_nothing_sticks_out_sideways(phone, citizen, site, screens, width, height, large):
    page = phone.open("/appointments", token=citizen.token, width=width, height=height, large=large)
    assert sticking_out(page, site, screens, heading) == {path: {0} for path in screens}


def test_the_main_button_is_under_the_thumb(phone, citizen, site, screens):
    page = phone.open("/appointments", token=citizen.token)
    for _ in each(page, site, screens, heading):
        for button in page.locator(".bar > .main").all():
            box = button.bounding_box()
            assert box["y"] > 844 * 0.8
            assert box["y"] + box["height"] <= 844


def test_booking_by_keyboard(phone, citizen):
    page = phone.open(NEW, token=citizen.token, reduced_motion="reduce")
    heading(page, "去哪个大厅办？")
    press(page, re.compile(CENTER))
    heading(page, "哪一天去？")
    expect(page.get_by_role("heading", level=1)).to_be_focused()
    press(page, re.compile("周"))
    heading(page, "几点去？")
    press(page, re.compile(r"\d\d:\d\d"))
    heading(page, "还差一步：替谁约？")
    press(page, re.compile("确认预约"))
    heading(page, "约好了")


def press(page, words):
    """Go by Tab to the first thing with such words, and press it."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if words.search(page.evaluate("document.activeElement.innerText")):
            assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"no way by Tab to {words.pattern}")
