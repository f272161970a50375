"""The chat window of the local WeChat simulator, before a scripted account."""

import threading
from typing import Any

import pytest
from playwright.sync_api import expect
from werkzeug.serving import make_server

from tests.browser import steps
from tests.browser.conftest import Quiet
from tests.browser.fake_account import FILES, GREEN_LINE, QUESTION, Account, text
from tests.browser.test_access import LOW_CONTRAST, sideways

pytestmark = pytest.mark.browser


@pytest.fixture
def account() -> Account:
    """Make an account without followers."""
    return Account()


@pytest.fixture
def site(account: Account) -> Any:
    """Serve the window on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, account, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def welcomed(phone, account):
    """Give a way to open a window that shows the welcome message."""

    def open_window(**more: Any) -> Any:
        page = phone.open(**more)
        page.get_by_role("button", name="你能做什么").wait_for()
        return page

    return open_window


def last_bubble(page):
    """The newest bubble of the account."""
    return page.locator(".theirs .bubble").last


def said(page):
    """What the citizen's bubbles say, once all of it has arrived."""
    expect(page.locator("[data-state=sending]")).to_have_count(0)
    return steps.said(page)


def more(page, tile):
    """Choose something of the sheet."""
    page.get_by_role("button", name="更多").click()
    page.get_by_role("dialog").get_by_role("button", name=tile, exact=True).click()


def order(page):
    """Whose rows follow one another: m mine, t theirs, n nobody's."""
    return page.locator(".log > .row").evaluate_all("all => all.map((row) => row.className.split(' ')[1][0]).join('')")


def test_a_newcomer_follows_and_is_welcomed(welcomed, account):
    page = welcomed()
    expect(page.get_by_role("banner")).to_contain_text("本机模拟，不是真的微信")
    expect(page.get_by_text(GREEN_LINE)).to_be_visible()
    expect(page.get_by_role("log")).to_contain_text("我是十堰市办事导引")
    assert account.last.pushes == [{"kind": "subscribe", "scene": None}]


def test_a_tapped_menu_link_is_said_with_its_id(welcomed, account):
    page = welcomed()
    page.get_by_role("button", name="我想开个饭店要办什么").click()
    expect(last_bubble(page)).to_contain_text("您的店开在什么地方？")
    assert said(page) == ["我想开个饭店要办什么"]
    assert account.last.pushes[1:] == [{"kind": "text", "text": "我想开个饭店要办什么", "menu_id": "1"}]
    expect(page.get_by_role("textbox")).not_to_be_focused()


def test_what_is_typed_is_said_without_an_id(welcomed, account):
    page = welcomed()
    steps.say(page, "我想开个饭店\n在沿街的门面")
    expect(last_bubble(page)).to_contain_text("您的店开在什么地方？")
    assert account.last.pushes[1:] == [{"kind": "text", "text": "我想开个饭店\n在沿街的门面"}]
    expect(page.get_by_role("textbox")).to_be_focused()
    expect(page.get_by_role("textbox")).to_have_value("")


def test_only_links_are_markup(welcomed):
    page = welcomed()
    steps.say(page, "清单")
    page.get_by_text("客服消息").wait_for()
    bubble = page.locator(".theirs .bubble").nth(1)
    for words in ("<b>粗体</b>不认", "<a>没有地址</a>", "<img src=x onerror=alert(1)>也不认", "坏链接"):
        expect(bubble).to_contain_text(words)
    expect(bubble.locator("img, b")).to_have_count(0)
    links = bubble.locator("a")
    expect(links).to_have_count(2)
    expect(links.first).to_have_attribute("href", "https://example.test/checklist/1")
    expect(links.first).to_have_attribute("target", "_blank")
    assert "noopener" in links.first.get_attribute("rel")
    expect(bubble.get_by_role("button")).to_have_count(1)


def test_a_mini_program_is_explained(welcomed, account):
    page = welcomed()
    steps.say(page, "清单")
    page.get_by_role("button", name="在小程序里看").click()
    dialog = page.get_by_role("dialog", name="小程序打不开")
    expect(dialog).to_contain_text("pages/list?id=1")
    dialog.get_by_role("button", name="知道了").click()
    page.get_by_role("button", name="我的清单：开餐饮店").click()
    expect(dialog).to_contain_text("小程序不在这次演示里")
    assert len(account.last.pushes) == 2


def test_a_mini_program_link_with_an_address_opens_it(phone, account):
    link = (
        '<a data-miniprogram-appid="wx0" data-miniprogram-path="pages/a" href="http://a.test/?x=1&amp;y=2">看清单</a>'
    )
    account.answer = lambda _: [text(link)]
    page = phone.open()
    expect(page.get_by_role("link", name="看清单")).to_have_attribute("href", "http://a.test/?x=1&y=2")


@pytest.mark.parametrize(
    ("written", "content", "number"),
    [
        ('<a href="weixin://bizmsgmenu?msgmenucontent=a%2Bb%26c%3Dd&msgmenuid=7">选</a>', "a+b&c=d", "7"),
        ("<A HREF='weixin://bizmsgmenu?msgmenuid=7&amp;msgmenucontent=%E4%BC%9A'>选</A>", "会", "7"),
        ('<a class="x" href = "weixin://bizmsgmenu?msgmenucontent=会 的&msgmenuid=">选</a>', "会 的", None),
        ('<a href="weixin://bizmsgmenu?msgmenucontent=100%&msgmenuid=7">选</a>', "100%", "7"),
    ],
)
def test_menu_links_are_read_as_they_are_written(phone, account, written, content, number):
    account.answer = lambda push: [text(written)] if push["kind"] == "subscribe" else []
    page = phone.open()
    page.get_by_role("button", name="选", exact=True).click()
    page.locator(".mine[data-state=sent]").wait_for()
    assert account.last.pushes[1:] == [{"kind": "text", "text": content, "menu_id": number}]


def test_a_native_menu_looks_the_same(phone, account):
    body = {"head_content": "满意吗？", "list": [{"id": "1", "content": "满意"}, {"id": "2", "content": "不满意"}]}
    native = text("满意吗？") | {"via": "custom", "msgtype": "msgmenu", "raw": {"msgmenu": body}}
    account.answer = lambda push: [native] if push["kind"] == "subscribe" else []
    page = phone.open()
    page.get_by_role("button", name="不满意").click()
    page.locator(".mine[data-state=sent]").wait_for()
    assert account.last.pushes[1:] == [{"kind": "text", "text": "不满意", "menu_id": "2"}]


def test_typing_lasts_until_the_answer_and_custom_messages_say_so(welcomed, account):
    page = welcomed()
    steps.say(page, "慢慢想")
    page.get_by_text("对方正在输入").wait_for()
    account.tell(account.last, text(QUESTION, "custom"))
    expect(page.get_by_text("客服消息")).to_have_count(1)
    expect(page.get_by_text("对方正在输入")).to_have_count(0)


def test_a_subscribe_message_says_so_and_leads_to_its_page(welcomed, account):
    page = welcomed()
    notice = {"via": "subscribe", "msgtype": "template", "raw": {"page": "pages/open/open?link=%2Fa"}}
    account.tell(account.last, text("明天的预约\n2026年11月28日 09:00") | notice)
    expect(page.get_by_text("服务通知（订阅消息）")).to_have_count(1)
    page.get_by_role("button", name="进入小程序查看").click()
    expect(page.get_by_role("dialog")).to_contain_text("页面：pages/open/open?link=%2Fa")


def test_a_broken_account_is_said(welcomed):
    page = welcomed()
    steps.say(page, "坏了")
    expect(page.locator(".alarm")).to_have_text("该公众号暂时无法提供服务，请稍后再试")


PLACE = {"kind": "location", "latitude": 32.6292, "longitude": 110.798, "label": "湖北省十堰市茅箭区北京中路1号"}
SHEET = [
    (
        "语音",
        "发这段语音",
        {"kind": "voice", "recognition": "我想开个饭店要办什么"},
        "您说：3″语音我想开个饭店要办什么",
    ),
    ("语音", "发一段没识别出来的语音", {"kind": "voice", "recognition": None}, "您说：2″语音（没听清，识别不出字）"),
    ("图片", None, {"kind": "image"}, "您说：一张图片"),
    ("位置", "发这个位置", PLACE, "您说：湖北省十堰市茅箭区北京中路1号我的位置"),
    ("扫码", "扫这个码", {"kind": "scan", "scene": "theme.open-restaurant"}, "您扫了二维码（theme.open-restaurant）"),
    ("点菜单", "点这个菜单", {"kind": "click", "key": "看看现在的清单"}, "您点了菜单「看看现在的清单」"),
    ("网页链接", None, {"kind": "link"}, "您说：一个网页链接"),
]


@pytest.mark.parametrize("case", SHEET, ids=lambda case: case[1] or case[0])
def test_the_sheet_does_what_else_can_be_done(welcomed, account, case):
    tile, button, push, shown = case
    page = welcomed()
    more(page, tile)
    if button:
        page.get_by_role("dialog").get_by_role("button", name=button).click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(last_bubble(page)).to_contain_text("收到了。")
    assert account.last.pushes[1:] == [push]
    expect(page.locator("[data-state=sending]")).to_have_count(0)
    row = page.locator(".log > .mine, .log > .did").last
    assert "".join(row.text_content().split()) == shown


def test_a_form_takes_other_words_and_leads_back(welcomed, account):
    page = welcomed()
    more(page, "位置")
    dialog = page.get_by_role("dialog", name="发位置")
    dialog.get_by_role("button", name="例：辽宁省鞍山市铁东区胜利路1号").click()
    dialog.get_by_label("地址").fill("")
    dialog.get_by_role("button", name="发这个位置").click()
    expect(dialog.get_by_label("地址")).to_be_focused()
    dialog.get_by_label("地址").fill("辽宁省鞍山市铁西区")
    dialog.get_by_label("地址").press("Enter")
    expect(last_bubble(page)).to_contain_text("收到了。")
    push = account.last.pushes[-1]
    assert (push["label"], round(push["latitude"]), round(push["longitude"])) == ("辽宁省鞍山市铁西区", 41, 123)
    more(page, "扫码")
    page.get_by_role("button", name="返回").click()
    page.get_by_role("button", name="收起").click()
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="更多")).to_be_focused()


def test_who_does_not_follow_cannot_speak_until_a_code_is_scanned(welcomed, account):
    page = welcomed()
    more(page, "取消关注")
    page.get_by_role("dialog").get_by_role("button", name="取消关注").click()
    expect(page.get_by_text("您没有关注，不能发消息")).to_be_visible()
    expect(page.get_by_role("textbox")).to_be_hidden()
    page.get_by_role("button", name="你能做什么").click()
    expect(page.get_by_role("button", name="关注", exact=True)).to_be_focused()
    page.reload()
    expect(page.get_by_text("您没有关注，不能发消息")).to_be_visible()
    more(page, "扫码")
    page.get_by_role("button", name="扫这个码").click()
    expect(page.get_by_role("textbox")).to_be_visible()
    expect(page.locator(".theirs")).to_have_count(2)
    kinds = [(push["kind"], push.get("scene")) for push in account.last.pushes]
    assert kinds == [("subscribe", None), ("unsubscribe", None), ("subscribe", "theme.open-restaurant")]


def test_somebody_else_begins_anew(welcomed, account):
    page = welcomed()
    steps.say(page, "我想开个饭店")
    page.get_by_role("button", name="商场里").wait_for()
    more(page, "换一个人")
    page.get_by_role("dialog").get_by_role("button", name="换一个人").click()
    expect(page.locator(".theirs")).to_have_count(1)
    page.get_by_role("button", name="你能做什么").wait_for()
    assert said(page) == []
    assert [len(citizen.pushes) for citizen in account.citizens.values()] == [2, 1]


def test_a_reload_keeps_the_conversation_in_its_order(welcomed, account):
    page = welcomed()
    for number, words in enumerate(("我想开个饭店", "坏了", "客服", "清单")):
        steps.say(page, words)
        expect(page.locator(".theirs, .alarm")).to_have_count([2, 3, 4, 6][number])
    expect(page.locator("[data-state=sending]")).to_have_count(0)
    before, rows = page.get_by_role("log").inner_text(), order(page)
    assert rows == "nntmtmnmtmtt"
    page.reload()
    expect(page.locator(".theirs, .alarm")).to_have_count(6)
    assert page.get_by_role("log").inner_text() == before
    assert order(page) == rows
    assert len(account.citizens) == 1
    assert len(account.last.pushes) == 5
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "polite")


def test_what_this_phone_remembers_is_bounded(welcomed, account):
    page = welcomed()
    page.evaluate(
        "const key = 'daoban.wechat.pushes', known = JSON.parse(localStorage.getItem(key));"
        "const many = Array.from({length: 230}, (_, at) => ({...known[0], id: String(at), at, after: 1,"
        " content: {kind: 'text', text: String(at)}})); localStorage.setItem(key, JSON.stringify(many))"
    )
    steps.say(page, "最后一句")
    page.get_by_role("button", name="商场里").wait_for()
    page.reload()
    page.get_by_role("button", name="商场里").wait_for()
    kept = said(page)
    assert (len(kept), kept[-1]) == (200, "最后一句")


def test_what_was_not_sent_is_sent_again(phone, welcomed, account):
    phone.forgive("Failed to load resource")
    page = welcomed()
    account.failures[:] = [500, 503]
    steps.say(page, "我想开个饭店")
    retry = page.get_by_role("button", name="重试")
    retry.click()
    expect(page.locator(".mine[data-state=failed]")).to_have_count(1)
    page.reload()
    expect(page.get_by_text("没有发出去")).to_be_visible()
    retry.click()
    page.get_by_role("button", name="商场里").wait_for()
    expect(retry).to_have_count(0)
    assert said(page) == ["我想开个饭店"]
    assert [push["kind"] for push in account.last.pushes] == ["subscribe", "text"]


def test_what_is_said_after_a_failure_stands_below_it_and_a_retry_below_that(phone, welcomed, account):
    phone.forgive("Failed to load resource")
    page = welcomed()
    account.failures[:] = [500]
    steps.say(page, "第一句")
    page.get_by_role("button", name="重试").wait_for()
    steps.say(page, "第二句")
    page.get_by_role("button", name="商场里").wait_for()
    page.get_by_role("button", name="重试").click()
    expect(page.locator(".theirs")).to_have_count(3)
    assert said(page) == ["第二句", "第一句"]
    assert order(page) == "nntmtmt"


def test_quick_words_arrive_in_their_order(welcomed, account):
    page = welcomed()
    account.delays[:] = [0.5, 0.2]
    page.evaluate("for (const name of [1, 2, 3]) document.querySelectorAll('.taps .link')[name - 1].click()")
    expect(page.locator(".theirs")).to_have_count(4)
    assert [push["menu_id"] for push in account.last.pushes[1:]] == ["1", "2", "3"]


def test_a_restarted_simulator_gets_a_new_citizen_and_what_was_just_said(phone, welcomed, account):
    phone.forgive("Failed to load resource")
    page = welcomed()
    account.citizens.clear()
    steps.say(page, "我想开个饭店")
    page.get_by_role("button", name="商场里").wait_for()
    expect(page.get_by_text("模拟器重新启动过")).to_be_visible()
    assert said(page) == ["我想开个饭店"]
    assert [push["kind"] for push in account.last.pushes] == ["subscribe", "text"]
    assert len(account.citizens) == 1


def test_a_citizen_that_is_not_known_any_more_is_replaced(phone, welcomed, account):
    phone.forgive("Failed to load resource")
    page = welcomed()
    account.citizens.clear()
    page.reload()
    expect(page.get_by_text("模拟器重新启动过")).to_be_visible()
    page.get_by_role("button", name="你能做什么").wait_for()
    expect(page.locator(".theirs")).to_have_count(1)


def test_no_answer_is_said_and_passes(phone, welcomed, account):
    phone.forgive("Failed to load resource")
    page = welcomed()
    page.route("**/events?*", lambda route: route.abort("connectionrefused"))
    expect(page.get_by_role("status")).to_contain_text("没有连上模拟器")
    page.unroute("**/events?*")
    account.tell(account.last, text("后来的话", "custom"))
    page.get_by_text("后来的话").wait_for()
    expect(page.get_by_role("status")).to_be_hidden()


def test_two_windows_are_one_citizen(welcomed, account):
    page = welcomed()
    other = page.context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="你能做什么").wait_for()
    steps.say(page, "我想开个饭店")
    other.get_by_role("button", name="商场里").wait_for()
    assert said(other) == ["我想开个饭店"]
    steps.say(other, "不会")
    expect(page.locator(".theirs")).to_have_count(3)
    assert said(page) == ["我想开个饭店", "不会"]
    expect(page.get_by_role("button", name="重试")).to_have_count(0)
    assert len(account.citizens) == 1


def test_a_long_answer_is_read_from_its_beginning(welcomed):
    page = welcomed(reduced_motion="reduce")
    steps.say(page, "长")
    expect(page.get_by_text("第 1 行")).to_be_in_viewport()
    down = page.get_by_role("button", name="往下看")
    down.click()
    expect(page.get_by_text("第 49 行")).to_be_in_viewport()
    expect(down).to_be_hidden()


def test_enter_sends_but_not_while_an_input_method_composes(welcomed, account):
    page = welcomed()
    box = page.get_by_role("textbox")
    box.fill("我想开个饭店")
    box.dispatch_event("keydown", {"key": "Enter", "isComposing": True, "bubbles": True})
    page.reload()
    expect(box).to_have_value("我想开个饭店")
    assert len(account.last.pushes) == 1
    box.press("Enter")
    page.get_by_role("button", name="商场里").wait_for()
    assert account.last.pushes[1:] == [{"kind": "text", "text": "我想开个饭店"}]


def test_nothing_typed_is_not_sent(welcomed, account):
    page = welcomed()
    steps.say(page, " \n ")
    expect(page.locator(".mine")).to_have_count(0)
    assert len(account.last.pushes) == 1


def test_whole_turn_by_keyboard(welcomed, account):
    page = welcomed()
    page.keyboard.press("Tab")
    expect(steps.focused(page)).to_have_text("跳到输入框")
    for name, key in (("我想开个饭店要办什么", "Enter"), ("商场里", " ")):
        for _ in range(12):
            page.keyboard.press("Tab")
            if steps.focused(page).inner_text() == name:
                break
        page.keyboard.press(key)
        expect(page.locator(".mine").last).to_contain_text(name)
        expect(page.locator(".mine").last).to_have_attribute("data-state", "sent")
        page.get_by_role("button", name="商场里").first.wait_for()
    assert [push.get("menu_id") for push in account.last.pushes] == [None, "1", "12"]


def test_screen_reader_hears_the_window(welcomed):
    page = welcomed()
    page.get_by_role("button", name="你能做什么").click()
    page.get_by_role("button", name="商场里").wait_for()
    expect(page.locator("body")).to_match_aria_snapshot("""
    - link "跳到输入框"
    - banner:
      - heading "导办" [level=1]
      - paragraph: 本机模拟，不是真的微信
      - button "大字"
    - main:
      - log "和导办公众号的对话":
        - paragraph: /直接打字/
        - paragraph: 您关注了公众号
        - text: 导办说：
        - paragraph: 您好！我是十堰市办事导引。
        - paragraph
        - paragraph
        - paragraph:
          - button "我想开个饭店要办什么"
        - paragraph:
          - button "我想开个小吃店"
        - paragraph:
          - button "你能做什么"
        - text: 您说：
        - paragraph: 你能做什么
        - text: 导办说：
        - paragraph: 您的店开在什么地方？
        - paragraph:
          - text: "1."
          - button "沿街商铺"
        - paragraph:
          - text: "2."
          - button "商场里"
    - form "发消息":
      - button "更多"
      - textbox "给导办发消息"
      - button "发送"
    """)


# Things to tap that are lower or narrower than they should be; words inside a sentence are exempt.
TOO_SMALL = """(least) => [...document.querySelectorAll("button, textarea, input, [role=button], a[href]")]
  .filter((node) => node.checkVisibility() && !node.closest(".line:not(.taps)") && !node.matches(".skip"))
  .map((node) => [node.textContent || node.id, node.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < least - 0.5)
  .map(([name, box]) => `${name}: ${box.width}x${box.height}`)"""

# The smallest type on the page, in px.
SMALLEST = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), sizes = [];
  while (walker.nextNode()) {
    const box = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !box.checkVisibility() || box.tagName === "NOSCRIPT") continue;
    sizes.push(parseFloat(getComputedStyle(box).fontSize));
  }
  return Math.min(...sizes);
}"""


def walk(phone, account, page):
    """Go where everything is shown once; stops at each thing to look at."""
    phone.forgive("Failed to load resource")
    account.failures[:] = [500]
    steps.say(page, "没发出去的")
    page.get_by_role("button", name="重试").wait_for()
    for words, seen in (("我想开个饭店", "上一步"), ("坏了", None), ("清单", "我的清单：开餐饮店")):
        steps.say(page, words)
        if seen:
            page.get_by_role("button", name=seen).wait_for()
    steps.say(page, "https://example.test/" + "x" * 200)
    steps.say(page, "慢慢想")
    page.get_by_text("对方正在输入").wait_for()
    yield "talk"
    for tile in ("语音", "位置", "扫码", "点菜单", "取消关注"):
        more(page, tile)
        yield tile
        page.keyboard.press("Escape")
    page.get_by_role("button", name="更多").click()
    yield "sheet"
    page.get_by_role("dialog").get_by_role("button", name="位置", exact=True).click()
    page.get_by_role("button", name="发这个位置").click()
    more(page, "语音")
    page.get_by_role("button", name="发这段语音").click()
    more(page, "取消关注")
    page.get_by_role("dialog").get_by_role("button", name="取消关注").click()
    page.get_by_role("button", name="关注", exact=True).wait_for()
    yield "gone"


SCREENS = [(390, 844, False), (390, 844, True), (320, 568, True), (844, 390, False)]


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_large_enough_and_never_sideways(phone, welcomed, account, screen):
    width, height, large = screen
    page = welcomed(width=width, height=height, large=large)
    for _ in walk(phone, account, page):
        assert set(sideways(page)) == {0}
        assert page.evaluate(TOO_SMALL, 52 if large else 44) == []
        assert page.evaluate(SMALLEST) >= (20 if large else 17)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa(phone, welcomed, account, scheme):
    page = welcomed(color_scheme=scheme, reduced_motion="reduce")
    for _ in walk(phone, account, page):
        assert page.evaluate(LOW_CONTRAST) == []


def test_large_type_is_large_and_stays(welcomed):
    page = welcomed()
    size = "getComputedStyle(document.querySelector('.bubble')).fontSize"
    assert page.evaluate(size) == "19px"
    page.get_by_role("button", name="大字").click()
    assert page.evaluate(size) == "26px"
    page.reload()
    page.locator(".bubble").first.wait_for()
    assert page.evaluate(size) == "26px"
    expect(page.get_by_role("button", name="大字")).to_have_attribute("aria-pressed", "true")


def test_the_input_stays_in_sight_when_the_keyboard_opens(welcomed):
    page = welcomed()
    page.get_by_role("textbox").focus()
    page.set_viewport_size({"width": 390, "height": 430})
    expect(page.get_by_role("button", name="发送")).to_be_in_viewport(ratio=1)
    expect(page.get_by_role("button", name="你能做什么")).to_be_in_viewport()


def test_the_window_needs_nothing_inline_and_weighs_little():
    html = (FILES / "index.html").read_text()
    assert "style=" not in html
    assert "<style" not in html
    assert html.count("<script") == html.count("<script src=") + html.count('<script type="module" src=') == 2
    assert sum(path.stat().st_size for path in FILES.iterdir()) < 60_000
    assert "innerHTML" not in "".join(path.read_text() for path in FILES.glob("*.js"))
