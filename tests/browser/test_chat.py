"""Guiding by tapping and by typing."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser


def test_first_screen_says_who_it_is_and_what_it_is_worth(phone):
    page = phone.open()
    expect(page.get_by_role("log")).to_contain_text("我是十堰市办事导引")
    expect(page.get_by_role("log")).to_contain_text("结果以窗口受理为准")
    expect(page.get_by_role("log")).to_contain_text("不用说姓名和身份证号")
    expect(page.locator(".choice")).to_have_count(3)
    expect(page.get_by_role("link", name="拨打人工热线 12345")).to_have_attribute("href", "tel:12345")
    expect(page.get_by_role("link", name="我的清单")).to_be_hidden()


def test_looking_makes_no_visitor(phone, city):
    phone.open().locator(".choice").first.wait_for()
    assert city.visitors == {}


def test_whole_journey_by_tapping(phone, city):
    page = phone.open()
    steps.start(page)
    expect(page.get_by_role("link", name="我的清单")).to_be_visible()
    steps.finish(page)
    expect(page.get_by_role("link", name="我的清单好了")).to_be_visible()
    assert steps.said(page) == ["我想开个饭店要办什么", "沿街商铺", "会", "热菜", "260"]
    assert steps.heard(city) == steps.said(page)
    page.get_by_role("link", name="看我的清单").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("开餐饮店办事清单")


def test_whole_journey_by_typing(phone, city):
    page = phone.open()
    for text in ("我想开个饭店", "商场里", "不会", "热菜、生鱼片", "为什么问这个", "大概三百二 320"):
        steps.ready(page)
        steps.say(page, text)
    page.locator(".finish").wait_for()
    (talk,) = city.visitors.values()
    assert talk.answers == {"place": "mall", "fumes": False, "foods": ["热菜", "生鱼片"], "area": 320.0}
    expect(page.get_by_role("textbox")).to_have_value("")


def test_several_choices_are_sent_together(guided, city):
    page = guided()
    page.get_by_role("button", name="不会", exact=True).click()
    done = page.get_by_role("button", name="选好了")
    expect(done).to_have_attribute("aria-disabled", "true")
    done.dispatch_event("click")
    for name in ("裱花蛋糕", "热菜", "生鱼片", "热菜", "凉菜卤味"):
        page.get_by_role("button", name=name).click()
    expect(page.get_by_role("button", name="裱花蛋糕")).to_have_attribute("aria-pressed", "true")
    for name in ("热菜", "包装食品"):
        expect(page.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "false")
    expect(done).to_have_text("选好了（3 个）")
    done.click()
    steps.ready(page)
    assert steps.heard(city)[-1] == "凉菜卤味、生鱼片、裱花蛋糕"


def test_dont_know_is_sent_at_once_even_where_several_may_be_chosen(guided, city):
    page = guided()
    page.get_by_role("button", name="不会", exact=True).click()
    page.get_by_role("button", name="不知道").click()
    steps.ready(page)
    assert steps.heard(city)[-1] == "不知道"


def test_only_the_latest_question_has_buttons(guided):
    page = guided()
    expect(page.get_by_role("button", name="沿街商铺")).to_have_count(0)
    expect(page.locator(".choices")).to_have_count(1)
    expect(page.get_by_role("group", name="请选一个")).to_be_visible()


def test_ways_out_stand_beside_a_question(guided):
    page = guided()
    for name in ("不知道", "为什么问这个", "上一步"):
        expect(page.get_by_role("button", name=name)).to_have_count(1)
    page.get_by_role("button", name="上一步").click()
    expect(page.get_by_role("button", name="沿街商铺")).to_be_visible()


def test_veto_is_told_in_words_and_with_a_sign(phone):
    page = phone.open()
    steps.start(page)
    page.get_by_role("button", name="住宅楼里").click()
    page.get_by_role("button", name="会", exact=True).click()
    veto = page.locator(".bubble.red")
    expect(veto.locator(".tag")).to_contain_text("先停一下：居民楼里不能开有油烟的饭店")
    expect(veto.locator("svg use")).to_have_attribute("href", re.compile("icons.svg#stop$"))
    expect(veto).to_be_in_viewport(ratio=0.9)
    expect(page.get_by_role("button", name="仍然往下看")).to_be_visible()


def test_reload_keeps_the_conversation(guided):
    page = guided()
    before = page.get_by_role("log").inner_text()
    page.reload()
    page.get_by_role("button", name="不会", exact=True).wait_for()
    assert page.get_by_role("log").inner_text() == before
    expect(page.get_by_role("link", name="我的清单")).to_be_visible()


def test_a_tapped_value_reads_as_its_label_after_reload(phone):
    page = phone.open()
    page.route("**/chat/messages", relabel)
    steps.start(page)
    page.get_by_role("button", name="沿街商铺（有门脸）").click()
    steps.ready(page)
    assert steps.said(page)[-1] == "沿街商铺（有门脸）"
    page.reload()
    page.get_by_role("button", name="不会", exact=True).wait_for()
    assert steps.said(page)[-1] == "沿街商铺（有门脸）"


def relabel(route):
    answer = route.fetch()
    body = answer.json()
    for message in body["messages"]:
        for choice in message.get("choices", []):
            choice["label"] = choice["label"].replace("沿街商铺", "沿街商铺（有门脸）")
    route.fulfill(json=body)


def test_typed_text_survives_a_reload(phone):
    page = phone.open()
    page.get_by_role("textbox").fill("我想开个小")
    page.reload()
    expect(page.get_by_role("textbox")).to_have_value("我想开个小")


def test_enter_sends_but_not_while_an_input_method_composes(phone, city):
    page = phone.open()
    box = page.get_by_role("textbox")
    box.fill("我想开个饭店")
    page.locator(".choice").first.wait_for()
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    box.press("Shift+Enter")
    assert city.visitors == {}
    expect(box).to_have_value("我想开个饭店\n")
    box.press("Enter")
    page.get_by_role("button", name="沿街商铺").wait_for()
    assert steps.heard(city) == ["我想开个饭店"]


def test_nothing_typed_is_not_sent(phone, city):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    steps.say(page, "  \n ")
    expect(page.locator(".mine")).to_have_count(0)
    assert city.visitors == {}


def test_what_is_said_stays_text(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    steps.say(page, "<img src=x onerror=alert(1)><b>店</b>")
    steps.ready(page)
    assert steps.said(page) == ["<img src=x onerror=alert(1)><b>店</b>"]
    expect(page.locator("#log img, #log b")).to_have_count(0)


def test_another_city_starts_anew_after_a_question(guided, city):
    page = guided()
    page.get_by_role("button", name="十堰市，换一个城市").click()
    sheet = page.get_by_role("dialog")
    expect(sheet.get_by_role("button", name="十堰市")).to_have_attribute("aria-current", "true")
    sheet.get_by_role("button", name="鞍山市").click()
    sheet.get_by_role("button", name="不换了").click()
    assert steps.said(page) == ["我想开个饭店要办什么", "沿街商铺"]
    page.get_by_role("button", name="十堰市，换一个城市").click()
    sheet.get_by_role("button", name="鞍山市").click()
    sheet.get_by_role("button", name="换到鞍山市").click()
    expect(page.get_by_role("log")).to_contain_text("我是鞍山市办事导引")
    expect(page.get_by_role("link", name="我的清单")).to_be_hidden()
    steps.start(page)
    page.get_by_role("button", name="沿街商铺").wait_for()
    assert [talk.locality for talk in city.visitors.values()] == ["shiyan", "anshan"]
    page.reload()
    expect(page.get_by_role("button", name="鞍山市，换一个城市")).to_be_visible()


def test_another_city_before_the_first_sentence_needs_no_question(phone, city):
    page = phone.open()
    page.get_by_role("button", name="十堰市，换一个城市").click()
    page.get_by_role("dialog").get_by_role("button", name="冀南新区").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    steps.start(page)
    page.get_by_role("button", name="沿街商铺").wait_for()
    assert [talk.locality for talk in city.visitors.values()] == ["jinan"]


def test_a_notice_that_comes_with_every_answer_is_told_once(phone):
    page = phone.open()
    page.route("**/chat/messages", with_notice)
    steps.start(page)
    page.get_by_role("button", name="沿街商铺").click()
    page.get_by_role("button", name="不会", exact=True).wait_for()
    expect(page.get_by_text("智能理解暂时用不了。")).to_have_count(1)
    page.reload()
    page.get_by_role("button", name="不会", exact=True).wait_for()
    expect(page.get_by_text("智能理解暂时用不了。")).to_have_count(1)


def with_notice(route):
    answer = route.fetch()
    body = answer.json()
    notice = {"text": "智能理解暂时用不了。", "choices": [], "kind": "notice"}
    told = []
    for message in body["messages"]:
        told.append(message)
        if message.get("from") == "citizen":
            told.append(notice | {"from": "bot"})
    body["messages"] = told if route.request.method == "GET" else [notice, *told]
    route.fulfill(json=body)


def test_a_long_answer_is_read_from_its_beginning(phone):
    page = phone.open()
    page.route("**/chat/messages", lambda route: route.fulfill(json=LONG))
    steps.start(page)
    steps.ready(page)
    first = page.locator(".bubble").filter(has_text="第 1 行")
    expect(first).to_be_in_viewport()
    steps.until(page, f"Math.abs(document.querySelector('#log').scrollTop - {START_OF_ANSWER}) < 2")


LONG = {
    "messages": [{"text": "\n".join(f"第 {n} 行，说明怎么办。" for n in range(1, 60)), "choices": []}],
    "guide": None,
}
START_OF_ANSWER = "(document.querySelectorAll('.bubble')[2].offsetTop - 12)"
