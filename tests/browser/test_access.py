"""Large type, keyboard, screen reader, contrast, small screens."""

import pytest
from playwright.sync_api import expect

from tests.browser import steps

pytestmark = pytest.mark.browser

SCREENS = [(320, 568, False), (320, 568, True), (390, 844, False), (390, 844, True), (844, 390, False)]

# Texts whose colour differs too little from what is behind them, as "text: ratio".
LOW_CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => {
    const part = (c) => ((c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
  };
  const ground = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const [r, g, b, a = 1] = numbers(getComputedStyle(at).backgroundColor);
      if (a === 1) return [r, g, b];
    }
    return [255, 255, 255];
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.textContent.trim();
    const box = walker.currentNode.parentElement;
    if (!text || !box.checkVisibility() || ["SCRIPT", "NOSCRIPT"].includes(box.tagName)) continue;
    const [one, other] = [light(numbers(getComputedStyle(box).color)), light(ground(box))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) found.push(`${text}: ${ratio.toFixed(2)}`);
  }
  return found;
}"""

# Things to tap that are smaller than they should be; words inside a sentence are exempt.
TOO_SMALL = """(least) => [
  ...document.querySelectorAll("button, .choice, .quiet, .main, .guide, summary, label, textarea"),
]
  .filter((node) => node.checkVisibility() && !node.classList.contains("sr"))
  .map((node) => [node.textContent || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < least - 0.5)
  .map(([name, box]) => `${name}: ${box.width}x${box.height}`)"""


def sideways(page):
    """How far the page and the log can be scrolled sideways, in px."""
    return page.evaluate(
        "[document.documentElement, ...document.querySelectorAll('#log, main, dialog')]"
        ".map((box) => box.scrollWidth - box.clientWidth)"
    )


@pytest.mark.parametrize(("width", "height", "large"), SCREENS)
def test_nothing_sticks_out_sideways(phone, width, height, large):
    page = phone.open(width=width, height=height, large=large)
    steps.start(page)
    steps.ready(page)
    assert set(sideways(page)) == {0}
    page.get_by_role("button", name="住宅楼里").click()
    page.get_by_role("button", name="会", exact=True).click()
    page.get_by_role("button", name="仍然往下看").click()
    page.get_by_role("button", name="选好了").wait_for()
    assert set(sideways(page)) == {0}
    steps.finish(page)
    steps.say(page, "https://example.test/" + "x" * 300)
    steps.ready(page)
    assert set(sideways(page)) == {0}
    page.get_by_role("link", name="我的清单好了").click()
    page.get_by_role("heading", level=1).wait_for()
    page.locator("details").evaluate_all("all => all.forEach((details) => (details.open = true))")
    assert set(sideways(page)) == {0}


@pytest.mark.parametrize(("large", "least", "least_switch"), [(False, 48, 40), (True, 60, 52)])
def test_what_is_tapped_is_large_enough(phone, large, least, least_switch):
    page = phone.open(large=large)
    steps.start(page)
    steps.finish(page)
    page.get_by_role("button", name="上一步").or_(page.locator(".finish")).first.wait_for()
    for check in (page, go_to_checklist(page)):
        small = check.evaluate(TOO_SMALL, least)
        assert [entry for entry in small if not entry.startswith("大字")] == []
        assert check.evaluate(TOO_SMALL, least_switch) == []


def go_to_checklist(page):
    page.get_by_role("link", name="看我的清单").click()
    page.get_by_role("heading", level=1).wait_for()
    return page


@pytest.mark.parametrize(("large", "least"), [(False, 48), (True, 60)])
def test_choices_are_large_enough(phone, large, least):
    page = phone.open(large=large)
    assert page.evaluate(TOO_SMALL, least - 8) == []
    steps.start(page)
    page.get_by_role("button", name="沿街商铺").click()
    page.get_by_role("button", name="不会", exact=True).click()
    page.get_by_role("button", name="选好了").wait_for()
    heights = page.locator(".choices button").evaluate_all("all => all.map((b) => b.getBoundingClientRect().height)")
    assert min(heights) >= least
    box = page.get_by_role("textbox").bounding_box()
    assert box["y"] + box["height"] > 844 * 0.85


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa(phone, scheme):
    page = phone.open(color_scheme=scheme, reduced_motion="reduce")
    page.locator(".choice").first.wait_for()
    assert page.evaluate(LOW_CONTRAST) == []
    steps.start(page)
    page.get_by_role("button", name="住宅楼里").click()
    page.get_by_role("button", name="会", exact=True).click()
    page.get_by_role("button", name="仍然往下看").click()
    page.get_by_role("button", name="热菜").click()
    assert page.evaluate(LOW_CONTRAST) == []
    page.get_by_role("button", name="热菜").click()
    page.get_by_role("button", name="十堰市，换一个城市").click()
    assert page.evaluate(LOW_CONTRAST) == []
    page.get_by_role("button", name="不换了").click()
    steps.finish(page)
    go_to_checklist(page)
    page.locator("details").evaluate_all("all => all.forEach((details) => (details.open = true))")
    page.get_by_role("checkbox").first.check()
    assert page.evaluate(LOW_CONTRAST) == []


def test_the_contrast_check_can_fail(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    page.evaluate("document.querySelector('.choice').style.color = '#9ab'")
    assert page.evaluate(LOW_CONTRAST) != []


def test_large_type_is_large_and_stays(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    size = "getComputedStyle(document.querySelector('.bubble')).fontSize"
    switch = page.get_by_role("button", name="大字")
    assert page.evaluate(size) == "18px"
    expect(switch).to_have_attribute("aria-pressed", "false")
    switch.click()
    assert page.evaluate(size) == "26px"
    expect(switch).to_have_attribute("aria-pressed", "true")
    page.reload()
    page.locator(".choice").first.wait_for()
    assert page.evaluate(size) == "26px"
    steps.open_checklist(page)
    assert page.evaluate("getComputedStyle(document.querySelector('.card p')).fontSize") == "26px"
    switch.click()
    page.go_back()
    page.locator(".bubble").first.wait_for()
    page.reload()
    page.locator(".bubble").first.wait_for()
    assert page.evaluate(size) == "18px"


def test_whole_journey_by_keyboard(phone, city):
    page = phone.open(reduced_motion="reduce")
    page.locator(".choice").first.wait_for()
    keys = page.keyboard
    keys.press("Tab")
    expect(steps.focused(page)).to_have_text("跳到输入框")
    keys.press("Enter")
    expect(page.get_by_role("textbox")).to_be_focused()
    keys.type("我想开个饭店")
    keys.press("Enter")
    page.get_by_role("button", name="沿街商铺").wait_for()
    tab_to(page, "商场里")
    keys.press("Enter")
    page.get_by_role("button", name="不会", exact=True).wait_for()
    expect(page.get_by_role("group", name="请选一个")).to_be_focused()
    keys.press("Tab")
    expect(page.get_by_role("button", name="会", exact=True)).to_be_focused()
    keys.press("Space")
    page.get_by_role("button", name="选好了").wait_for()
    tab_to(page, "热菜")
    keys.press("Space")
    tab_to(page, "凉菜卤味")
    keys.press("Space")
    tab_to(page, "选好了（2 个）")
    keys.press("Enter")
    page.get_by_text("平方米").wait_for()
    tab_to(page, None)
    keys.type("两百六 260")
    keys.press("Enter")
    page.locator(".finish").wait_for()
    tab_to(page, "看我的清单")
    keys.press("Enter")
    page.get_by_role("heading", level=1).wait_for()
    assert steps.heard(city) == ["我想开个饭店", "商场里", "会", "热菜、凉菜卤味", "两百六 260"]


def tab_to(page, name):
    """Press Tab until a thing with this text (None: the box to type in) has the keyboard."""
    for _ in range(40):
        page.keyboard.press("Tab")
        id_, text, outline = page.evaluate(FOCUSED)
        if id_ == "words" if name is None else text == name:
            assert outline != "none"
            return
    raise AssertionError(f"no way by Tab to {name}")


# The id, the text and the outline of what has the keyboard.
FOCUSED = """[document.activeElement].flatMap((node) => [
  node.id, node.innerText.trim(), getComputedStyle(node).outlineStyle,
])"""


def test_the_dialog_keeps_and_returns_the_keyboard(phone):
    page = phone.open()
    button = page.get_by_role("button", name="十堰市，换一个城市")
    button.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog", name="您在哪里办事？")
    expect(dialog).to_be_visible()
    for _ in range(12):
        page.keyboard.press("Tab")
        assert page.evaluate(
            "document.activeElement === document.body || document.activeElement.closest('dialog') !== null"
        )
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(button).to_be_focused()


def test_screen_reader_hears_the_chat(guided):
    page = guided()
    expect(page.locator("body")).to_match_aria_snapshot("""
    - link "跳到输入框"
    - banner:
      - heading "导办" [level=1]
      - button "十堰市，换一个城市"
      - link "拨打人工热线 12345"
      - button "大字"
      - link "我的清单"
    - main:
      - log "对话":
        - text: 导办说：
        - paragraph: 您好！我是十堰市办事导引。
        - paragraph: 您想办什么事？
        - paragraph: 用平常的话说就行，我会一步一步问您。
        - paragraph: 您说： 我想开个饭店要办什么
        - text: 导办说：
        - paragraph: 好，我来帮您理清“开餐饮店”要办什么，大约 4 题。
        - text: 导办说：
        - paragraph: 您的店开在什么地方？
        - paragraph: 您说： 沿街商铺
        - text: 导办说：
        - paragraph: 做菜会不会有油烟？
        - group "请选一个":
          - button "会"
          - button "不会"
          - button "不知道"
          - button "为什么问这个"
          - button "上一步"
    - form "说一句":
      - textbox "打字问或回答"
      - button "发送"
    """)


def test_screen_reader_hears_the_checklist(phone):
    page = phone.open()
    steps.open_checklist(page, home=True)
    expect(page.locator("main")).to_match_aria_snapshot("""
    - main:
      - heading "开餐饮店办事清单" [level=1]
      - navigation "跳到":
        - link "要办的事"
        - link "材料"
        - link "打印、扫码"
      - region "请先停一停：有 1 处可能办不成":
        - heading [level=2]
        - article:
          - heading "居民楼里不能开有油烟的饭店" [level=3]
      - region "先办什么，后办什么":
        - list:
          - listitem:
            - link "个体工商户（企业）设立登记"
      - region "要办的事":
        - article:
          - heading "第 1 步 个体工商户（企业）设立登记" [level=3]
      - region "可能要办，还没定":
        - group:
          - strong: 户外招牌设施设置
      - region "要准备的材料":
        - status: 备好一样勾一样：6 样里已备好 0 样。
        - heading "您自己准备" [level=3]
        - list:
          - listitem:
            - checkbox /经营者身份证/
      - region "不用办手续，但要遵守"
      - region "本地没有定，以窗口为准"
      - region "提醒您"
      - region "这份清单怎么来的"
      - region "带走这份清单":
        - button "打印这份清单"
        - button "显示二维码"
    """)


# Notes in window.live how the log was announced when it first changed.
NOTE_LIVENESS = """addEventListener("DOMContentLoaded", () => {
  const log = document.getElementById("log");
  window.live = new Promise((done) => {
    new MutationObserver(() => done(log.getAttribute("aria-live"))).observe(log, { childList: true });
  });
})"""


def test_answers_are_announced_but_not_the_restored_conversation(guided):
    page = guided()
    log = page.get_by_role("log")
    expect(log).to_have_attribute("aria-live", "polite")
    page.add_init_script(NOTE_LIVENESS)
    page.reload()
    assert page.evaluate("window.live") == "off"
    expect(log).to_have_attribute("aria-live", "polite")


@pytest.mark.parametrize(("wish", "moving"), [("reduce", False), ("no-preference", True)])
def test_nothing_moves_for_those_who_wish_so(phone, wish, moving):
    page = phone.open(reduced_motion=wish)
    held = []

    def hold(route):
        held.append(route)

    page.route("**/chat/messages", hold)
    steps.start(page)
    page.locator(".waiting i").first.wait_for()
    assert (page.evaluate("document.getAnimations().length") > 0) is moving
    while not held:
        page.wait_for_timeout(20)
    held[0].continue_()
    page.get_by_role("button", name="沿街商铺").wait_for()


def test_the_input_stays_in_sight_when_the_keyboard_opens(guided):
    page = guided()
    page.get_by_role("textbox").focus()
    page.set_viewport_size({"width": 390, "height": 430})
    expect(page.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="不知道")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollHeight - innerHeight") <= 0


def test_the_page_follows_what_can_be_seen(phone):
    page = phone.open()
    page.locator(".choice").first.wait_for()
    page.evaluate(
        "Object.defineProperty(visualViewport, 'height', {value: 500, configurable: true});"
        "visualViewport.dispatchEvent(new Event('resize'))"
    )
    box = page.get_by_role("button", name="发送").bounding_box()
    assert box["y"] + box["height"] <= 500
