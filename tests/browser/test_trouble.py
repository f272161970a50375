"""What goes wrong on the way: nothing typed is lost, nothing is sent twice."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser

MESSAGES = "**/api/v1/chat/messages"


class Road:
    """Decides what happens to each sentence on its way to the city and back."""

    def __init__(self, page, *fates):
        self.fates = list(fates)
        self.posts = 0
        page.route(MESSAGES, self)

    def __call__(self, route):
        if route.request.method != "POST":
            route.continue_()
            return
        self.posts += 1
        fate = self.fates.pop(0) if self.fates else None
        if fate is None:
            route.continue_()
        else:
            fate(route)


def never_arrives(route):
    route.abort("connectionfailed")


def answer_is_lost(route):
    route.fetch()
    route.abort("connectionreset")


def answer_is_cut(route):
    route.fetch()
    route.fulfill(status=200, content_type="application/json", body='{"messages":[{"te')


def fails_after_acting(route):
    route.fetch()
    route.fulfill(status=502, content_type="text/html", body="<h1>Bad gateway</h1>")


def answers(status, seconds=None, detail="说不清"):
    def fate(route):
        headers = {"Retry-After": str(seconds)} if seconds else {}
        route.fulfill(status=status, headers=headers, json={"code": "x", "status": status, "detail": detail})

    return fate


@pytest.fixture
def asked(phone, guided):
    """Give a chat at its second question, and a way to break the road for what follows."""
    phone.forgive("Failed to load resource")
    page = guided()

    def break_road(*fates):
        return page, Road(page, *fates)

    return break_road


def test_what_is_sent_before_the_conversation_is_there_is_sent_in_a_moment(asked, city):
    page, _ = asked()
    held = []

    def hold(route):
        held.append(route)

    page.route(MESSAGES, hold, times=1)
    page.reload()
    steps.say(page, "不会")
    expect(page.get_by_role("textbox")).to_have_value("不会")
    assert steps.heard(city) == ["我想开个饭店要办什么", "沿街商铺"]
    held[0].continue_()
    page.get_by_role("button", name="选好了").wait_for()
    assert steps.heard(city) == ["我想开个饭店要办什么", "沿街商铺", "不会"]
    assert steps.said(page) == steps.heard(city)
    expect(page.get_by_role("textbox")).to_have_value("")


@pytest.mark.parametrize("fate", [never_arrives, answer_is_lost, answer_is_cut, fails_after_acting, answers(500)])
def test_retry_delivers_exactly_once(asked, city, fate):
    page, _ = asked(fate)
    page.get_by_role("button", name="不会", exact=True).click()
    page.get_by_role("button", name="重试").click()
    page.get_by_role("button", name="选好了").wait_for()
    assert steps.heard(city) == ["我想开个饭店要办什么", "沿街商铺", "不会"]
    assert steps.said(page) == steps.heard(city)
    expect(page.get_by_role("button", name="重试")).to_have_count(0)


def test_the_same_words_said_before_do_not_hide_a_loss(asked, city):
    page, _ = asked(None, answer_is_lost, never_arrives)
    for fails in (False, True, True):
        page.get_by_role("button", name="为什么问这个").click()
        if fails:
            page.get_by_role("button", name="重试").click()
        page.get_by_role("button", name="不会", exact=True).wait_for()
    assert steps.heard(city)[2:] == ["为什么问这个"] * 3
    assert steps.said(page)[2:] == ["为什么问这个"] * 3


def test_retry_may_fail_again(asked, city):
    page, road = asked(never_arrives, never_arrives, answer_is_lost)
    page.get_by_role("button", name="不会", exact=True).click()
    for posts in (1, 2, 3):
        page.get_by_role("button", name="重试").wait_for()
        assert road.posts == posts
        page.get_by_role("button", name="重试").click()
        steps.ready(page)
    page.get_by_role("button", name="选好了").wait_for()
    assert steps.heard(city)[2:] == ["不会"]


def test_an_unsent_sentence_survives_a_reload(asked, city):
    page, _ = asked(never_arrives)
    steps.say(page, "没有油烟，不会的")
    page.get_by_role("button", name="重试").wait_for()
    page.reload()
    page.get_by_role("button", name="重试").wait_for()
    assert steps.said(page)[-1] == "没有油烟，不会的"
    page.get_by_role("button", name="重试").click()
    steps.ready(page)
    assert steps.heard(city)[2:] == ["没有油烟，不会的"]


def test_a_sentence_that_arrived_is_not_unsent_after_a_reload(asked, city):
    page, _ = asked(answer_is_lost)
    page.get_by_role("button", name="不会", exact=True).click()
    page.get_by_role("button", name="重试").wait_for()
    page.reload()
    page.get_by_role("button", name="选好了").wait_for()
    expect(page.get_by_role("button", name="重试")).to_have_count(0)
    assert steps.said(page) == steps.heard(city)


def test_an_unsent_sentence_can_be_changed(asked, city):
    page, _ = asked(never_arrives)
    steps.say(page, "会吧")
    page.get_by_role("button", name="改一改").click()
    box = page.get_by_role("textbox")
    expect(box).to_have_value("会吧")
    expect(box).to_be_focused()
    box.fill("不会")
    box.press("Enter")
    page.get_by_role("button", name="选好了").wait_for()
    assert steps.heard(city)[2:] == ["不会"]


def test_a_second_sentence_waits_for_the_first(asked, city):
    page, _ = asked(never_arrives)
    steps.say(page, "不会")
    page.get_by_role("button", name="重试").wait_for()
    steps.say(page, "也许")
    expect(page.get_by_role("textbox")).to_have_value("也许")
    expect(page.get_by_role("button", name="重试")).to_be_focused()
    assert steps.heard(city)[2:] == []


def test_two_taps_send_once(asked, city):
    page, road = asked()
    page.get_by_role("button", name="不会", exact=True).evaluate("button => { button.click(); button.click(); }")
    page.get_by_role("button", name="选好了").wait_for()
    assert road.posts == 1
    assert steps.heard(city)[2:] == ["不会"]


def test_what_is_typed_while_an_answer_is_on_its_way_waits_in_the_box(asked, city):
    held = []
    page, _ = asked(held.append)
    steps.say(page, "不会")
    page.locator(".waiting").wait_for()
    box = page.get_by_role("textbox")
    box.fill("热菜")
    box.press("Enter")
    expect(box).to_have_value("热菜")
    expect(box).to_be_focused()
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.get_by_role("button", name="选好了").wait_for()
    expect(box).to_have_value("热菜")
    assert steps.heard(city)[2:] == ["不会"]


def test_asked_to_wait_a_moment_the_page_waits_by_itself(asked, city):
    page, road = asked(answers(503, seconds=1))
    page.get_by_role("button", name="不会", exact=True).click()
    page.get_by_role("button", name="选好了").wait_for()
    assert road.posts == 2
    assert steps.heard(city)[2:] == ["不会"]


def test_asked_to_wait_longer_the_page_says_how_long(asked, city):
    page, road = asked(answers(429, seconds=40))
    page.get_by_role("button", name="不会", exact=True).click()
    expect(page.locator(".trouble")).to_contain_text("请等 40 秒再点「重试」")
    assert road.posts == 1
    page.get_by_role("button", name="重试").click()
    page.get_by_role("button", name="选好了").wait_for()
    assert steps.heard(city)[2:] == ["不会"]


def test_a_refusal_is_said_in_the_servers_words(asked):
    page, _ = asked(answers(422, detail="这段话太长了，请分两次说。"))
    steps.say(page, "很长的话")
    expect(page.locator(".trouble")).to_contain_text("这段话太长了，请分两次说。")
    expect(page.get_by_role("button", name="重试")).to_have_count(0)
    page.get_by_role("button", name="改一改").click()
    expect(page.get_by_role("textbox")).to_have_value("很长的话")


def test_a_forgotten_visitor_starts_anew_without_losing_the_sentence(asked, city):
    page, _ = asked()
    city.visitors.clear()
    steps.say(page, "我想开个火锅店")
    expect(page.locator(".trouble")).to_contain_text("上次的对话已经过期")
    assert steps.said(page) == ["我想开个火锅店"]
    page.get_by_role("button", name="重试").click()
    page.get_by_role("button", name="沿街商铺").wait_for()
    assert steps.heard(city) == ["我想开个火锅店"]


def test_a_forgotten_visitor_sees_the_first_screen_after_a_reload(asked, city):
    page, _ = asked()
    city.visitors.clear()
    page.reload()
    expect(page.get_by_role("button", name="我想开个饭店要办什么")).to_be_visible()
    expect(page.get_by_role("link", name="我的清单")).to_be_hidden()


def test_offline_is_named_and_the_conversation_comes_back(asked, city):
    page, _ = asked()
    page.context.set_offline(True)
    page.get_by_role("button", name="不会", exact=True).click()
    expect(page.locator(".trouble")).to_contain_text("手机现在没有网络")
    page.context.set_offline(False)
    page.get_by_role("button", name="重试").click()
    page.get_by_role("button", name="选好了").wait_for()
    assert steps.heard(city)[2:] == ["不会"]


def test_a_conversation_that_cannot_be_fetched_can_be_fetched_again(asked):
    page, _ = asked()
    page.unroute(MESSAGES)
    page.route(MESSAGES, answers(500))
    page.reload()
    expect(page.locator(".trouble")).to_contain_text("系统暂时出了点问题")
    page.get_by_role("textbox").fill("我还在打字")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_role("textbox")).to_have_value("我还在打字")
    page.unroute(MESSAGES)
    page.get_by_role("button", name="重试").click()
    expect(page.get_by_role("button", name="不会", exact=True)).to_be_visible()
    expect(page.get_by_role("textbox")).to_have_value("我还在打字")


def test_without_the_list_of_cities_the_chat_still_works(phone):
    phone.forgive("Failed to load resource")
    page = phone.open("/favicon-of-nothing")
    page.route("**/api/v1/localities", never_arrives)
    page.goto(phone.site)
    steps.start(page)
    expect(page.get_by_role("button", name="沿街商铺")).to_be_visible()
