"""The list to take home: on the screen, shared, on paper."""

import re

import pytest
import zxingcpp
from playwright.sync_api import expect

from miniapp_api.web.qr import draw
from tests.browser import steps

pytestmark = pytest.mark.browser


@pytest.fixture
def listed(phone):
    """Give a page that shows the finished list of a restaurant in a residential building."""
    token, guide = steps.finished_guide(phone.site, "住宅楼里", "会")
    page = phone.open(f"/checklist/{guide}", token=token)
    page.get_by_role("heading", level=1).wait_for()
    return page


def sections(page):
    return page.locator("main > section").evaluate_all("all => all.map((section) => section.id)")


def test_vetoes_come_first(listed):
    assert sections(listed) == [
        "vetoes", "plan", "items", "perhaps", "materials", "duties", "unset", "notices", "background", "take-home",
    ]  # fmt: skip
    veto = listed.locator(".veto")
    expect(veto).to_contain_text("居民楼里不能开有油烟的饭店")
    expect(veto).to_contain_text("换一个有专用烟道的商铺")
    expect(veto.locator("svg").first).to_be_visible()


def test_without_vetoes_there_is_no_alarm(phone):
    page = phone.open()
    steps.open_checklist(page)
    assert sections(page)[0] == "plan"


def test_an_item_says_all_that_is_known(listed):
    card = listed.locator("#item-food-permit")
    for words in (
        "第 2 步", "食品经营许可（新办）", "因为您做热菜", "市行政审批局", "承诺 5 个工作日，法定 10 个工作日",
        "据报道", "不收费", "市民服务中心一楼综合窗口", "演示数据", "窗口受理后会有人上门看现场",
        "营业执照、经营者身份证、经营场所平面布局图、从业人员健康证明",
    ):  # fmt: skip
        expect(card).to_contain_text(words)
    expect(card.get_by_role("link", name="0719-8012345")).to_have_attribute("href", "tel:07198012345")
    card.get_by_text("法律依据").click()
    expect(card).to_contain_text("《中华人民共和国食品安全法》第三十五条")
    expect(card).to_contain_text("2026 年 11 月 22 日查")
    expect(card).to_contain_text("已核对")


def test_what_is_not_certain_is_folded_behind_what_it_hangs_on(listed):
    sign = listed.locator("#item-sign")
    expect(sign).to_contain_text("因为您可能要装门头招牌")
    expect(sign.get_by_text("市城市管理执法局")).to_be_hidden()
    sign.get_by_text("户外招牌设施设置").click()
    expect(sign.get_by_text("市城市管理执法局")).to_be_visible()


def test_every_grade_of_certainty_has_words(listed):
    listed.locator("details").evaluate_all("all => all.forEach((details) => (details.open = true))")
    for words in ("已确认", "据报道", "演示数据", "已核对", "凭经验，待核", "未核实"):
        expect(listed.get_by_text(words, exact=True).first).to_be_visible()


def test_the_plan_says_what_goes_together_and_when_it_ends(listed):
    plan = listed.locator("#plan")
    expect(plan).to_contain_text("最早 12 月 4 日 能开业")
    expect(plan.get_by_role("listitem").nth(1)).to_contain_text("这 2 件可以同时办")
    plan.get_by_role("link", name="食品经营许可（新办）").click()
    expect(listed.locator("#item-food-permit")).to_be_in_viewport()
    plan.get_by_role("link", name="户外招牌设施设置").click()
    expect(listed.locator("#item-sign")).to_be_in_viewport()
    expect(listed.get_by_text("市城市管理执法局")).to_be_visible()


def test_ticks_stay_on_the_phone(listed):
    listed.get_by_role("checkbox", name="经营者身份证").check()
    listed.get_by_role("checkbox", name="营业执照").check()
    listed.get_by_role("checkbox", name="营业执照").uncheck()
    expect(listed.locator(".progress")).to_have_text("备好一样勾一样：6 样里已备好 1 样。")
    listed.reload()
    expect(listed.get_by_role("checkbox", name="经营者身份证")).to_be_checked()
    expect(listed.get_by_role("checkbox", name="营业执照")).not_to_be_checked()
    expect(listed.locator(".progress")).to_have_text("备好一样勾一样：6 样里已备好 1 样。")


def told(city):
    """What the server knows to be ready, in the only guide."""
    return sorted(*city.ticked.values()) if city.ticked else []


def wait_until_told(page, city, *ready):
    """Wait until the server knows what is ready."""
    for _ in range(100):
        if told(city) == sorted(ready):
            return
        page.wait_for_timeout(50)
    raise AssertionError(f"the server knows of {told(city)}")


def test_ticks_wait_for_the_server_and_then_reach_the_server(phone, listed, city):
    phone.forgive("Failed to load resource")
    city.keeps_ticks = False
    box = listed.get_by_role("checkbox", name="经营者身份证")
    box.check()
    listed.reload()
    expect(box).to_be_checked()
    assert told(city) == []
    city.keeps_ticks = True
    listed.evaluate("dispatchEvent(new Event('online'))")
    wait_until_told(listed, city, box.get_attribute("data-material"))


@pytest.mark.parametrize("leave", [True, False])
def test_a_tick_while_the_page_still_asks_is_told(listed, city, leave):
    asked = []
    listed.route(
        "**/materials", lambda route: asked.append(route) if route.request.method == "GET" else route.continue_()
    )
    with listed.expect_request("**/materials"):
        listed.reload()
    box = listed.get_by_role("checkbox", name="经营者身份证")
    box.check()
    ready = box.get_attribute("data-material")
    assert told(city) == []
    if leave:
        listed.goto("about:blank")
    else:
        asked[0].continue_()
    wait_until_told(listed, city, ready)


def test_ticks_made_elsewhere_are_taken_over(listed, city):
    box = listed.get_by_role("checkbox", name="经营者身份证")
    box.check()
    wait_until_told(listed, city, box.get_attribute("data-material"))
    other = listed.get_by_role("checkbox", name="营业执照")
    for guide in city.ticked:
        city.ticked[guide] = [other.get_attribute("data-material")]
    listed.reload()
    expect(other).to_be_checked()
    expect(box).not_to_be_checked()
    expect(listed.locator(".progress")).to_contain_text("已备好 1 样")


def test_ticks_on_a_shared_list_stay_on_the_phone(phone, listed, city):
    listed.get_by_role("button", name="显示二维码").click()
    picture = listed.get_by_role("img", name="重新打开这份清单的二维码")
    shared = phone.open(picture.get_attribute("src").removesuffix("/qr.svg"))
    sent = []
    shared.on("request", lambda request: sent.append(request.method))
    shared.get_by_role("checkbox").first.check()
    shared.reload()
    expect(shared.get_by_role("checkbox").first).to_be_checked()
    assert set(sent) == {"GET"}
    assert told(city) == []


def test_what_is_done_at_a_hall_can_be_booked_from_ones_own_list(phone, listed, city):
    way = listed.get_by_role("link", name="预约去办")
    expect(way).to_have_count(0)
    item = listed.locator("#items .card").first.get_attribute("id").removeprefix("item-")
    city.services = [{"id": "a-service", "name": "一项服务", "minutes": 15, "items": [item], "bring": []}]
    listed.reload()
    guide = listed.url.rsplit("/", 1)[1]
    expect(way).to_have_attribute("href", f"/appointments/new?guide={guide}")
    expect(way).to_be_in_viewport(ratio=1)


def test_shared_materials_need_no_tick(listed):
    expect(listed.locator("#materials")).to_contain_text("不用您带，部门之间会查")
    expect(listed.get_by_role("checkbox", name="信用信息核验结果")).to_have_count(0)


def test_an_unfinished_list_says_what_is_open(guided):
    page = guided()
    page.get_by_role("link", name="我的清单").click()
    expect(page.locator(".unfinished")).to_contain_text("还有 3 个问题没有答")
    expect(page.get_by_role("region", name="可能要办，还没定")).to_contain_text("消防安全检查")
    page.get_by_role("link", name="接着回答").click()
    expect(page.get_by_role("button", name="不会", exact=True)).to_be_visible()


def test_what_is_not_needed_is_folded_with_its_reason(listed):
    reason = listed.get_by_text("饭馆、咖啡馆已经不用办这个证")
    expect(reason).to_be_hidden()
    listed.get_by_text("这 2 件不用办").click()
    expect(reason).to_be_visible()


def test_the_list_ends_with_what_it_is_worth(listed):
    expect(listed.locator(".foot")).to_contain_text("以窗口受理为准")
    expect(listed.locator(".foot")).to_contain_text("整理时间：2026 年 11 月 22 日 10:00")


def test_nothing_is_shared_before_it_is_asked_for(listed, city):
    assert city.shared == {}
    expect(listed.locator(".qr")).to_be_hidden()


def test_qr_reopens_the_list_on_another_phone(listed, phone, city):
    listed.get_by_role("button", name="显示二维码").click()
    expect(listed.get_by_role("img", name="重新打开这份清单的二维码")).to_be_visible()
    svg = listed.request.get(phone.site + listed.locator(".qr img").get_attribute("src")).text()
    (token,) = city.shared
    assert read_qr(svg) == f"{phone.site}/c/{token}"
    other = phone.open(f"/c/{token}")
    expect(other.get_by_role("heading", level=1)).to_have_text("开餐饮店办事清单")
    expect(other.get_by_role("link", name="我也要问")).to_be_visible()
    expect(other.get_by_role("link", name="接着回答")).to_have_count(0)
    expect(other.locator(".qr img")).to_be_visible()
    listed.reload()
    expect(listed.locator(".qr img")).to_be_visible()
    assert len(city.shared) == 1


def read_qr(svg):
    """Read a QR code out of its SVG, module by module, enlarged fourfold."""
    side = int(re.search(r'viewBox="0 0 (\d+) \d+"', svg)[1])
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+),(\d+)H", svg)}
    rows = [bytes(0 if (x // 4, y // 4) in dark else 255 for x in range(side * 4)) for y in range(side * 4)]
    image = memoryview(b"".join(rows)).cast("B", shape=[side * 4, side * 4])
    return zxingcpp.read_barcode(image).text


def test_qr_codes_can_be_read_at_any_length():
    for length in (10, 60, 150):
        address = "https://example.test/c/" + "a1_-" * length
        assert read_qr(draw(address[:300])) == address[:300]


def test_somebody_elses_list_is_not_shown(listed, phone):
    phone.forgive("Failed to load resource")
    path = listed.url.removeprefix(phone.site)
    other = phone.open()
    steps.start(other)
    steps.ready(other)
    other.goto(phone.site + path)
    expect(other.get_by_role("alert")).to_contain_text("只能在当初回答问题的手机上打开")
    stranger = phone.open(path)
    expect(stranger.get_by_role("alert")).to_contain_text("只能在当初回答问题的手机上打开")
    stranger.get_by_role("link", name="回到对话", exact=True).last.click()
    expect(stranger.get_by_role("button", name="我想开个饭店要办什么")).to_be_visible()


def test_a_dead_link_says_so(phone):
    phone.forgive("Failed to load resource")
    page = phone.open("/c/0123456789abcdef")
    expect(page.get_by_role("alert")).to_contain_text("没有找到您要的内容")


def test_a_list_that_cannot_be_fetched_can_be_fetched_again(listed, phone):
    phone.forgive("Failed to load resource")
    listed.route("**/checklist", lambda route: route.abort() if "/api/" in route.request.url else route.continue_())
    listed.reload()
    expect(listed.get_by_role("alert")).to_contain_text("没有连上")
    listed.unroute("**/checklist")
    listed.get_by_role("button", name="重试").click()
    expect(listed.get_by_role("heading", level=1)).to_have_text("开餐饮店办事清单")


def test_paper_has_everything_and_nothing_to_tap(listed):
    listed.get_by_role("checkbox", name="经营者身份证").check()
    listed.get_by_role("button", name="显示二维码").click()
    listed.locator(".qr img").wait_for()
    listed.emulate_media(media="print", color_scheme="dark")
    expect(listed.locator("details:not([open], .maybe, .maybe *)")).to_have_count(0)
    expect(listed.get_by_text("因为您可能要装门头招牌")).to_be_visible()
    for gone in listed.locator("button, .top, nav").all():
        expect(gone).to_be_hidden()
    expect(listed.locator(".qr img")).to_be_visible()
    expect(listed.get_by_text("饭馆、咖啡馆已经不用办这个证")).to_be_visible()
    colours = listed.locator("h1, .veto, .card, .card dd, .materials .name").evaluate_all(
        "all => [...new Set(all.flatMap((n) => [getComputedStyle(n).color, getComputedStyle(n).backgroundColor]))]"
    )
    assert set(colours) <= {"rgb(0, 0, 0)", "rgb(255, 255, 255)", "rgba(0, 0, 0, 0)"}
    code = listed.locator(".qr").bounding_box()
    title = listed.locator("h1").bounding_box()
    assert code["x"] >= title["x"] + title["width"]
    listed.emulate_media(media="screen")
    expect(listed.locator("details[open]")).to_have_count(0)


def test_paper_is_a_few_sheets_of_a4(listed):
    listed.get_by_role("button", name="显示二维码").click()
    listed.locator(".qr img").wait_for()
    pdf = listed.pdf(prefer_css_page_size=True)
    sheets = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {(round(float(w)), round(float(h))) for w, h in sheets} == {(595, 842)}
    assert len(sheets) <= 4


def test_printing_shares_first_so_that_the_code_is_on_the_paper(listed, city):
    listed.evaluate(
        "() => { window.print = () => (window.printed = document.querySelector('.qr img').naturalWidth > 0); }"
    )
    listed.get_by_role("button", name="打印这份清单").click()
    steps.until(listed, "window.printed === true")
    assert len(city.shared) == 1


def test_without_a_link_it_prints_all_the_same(listed, phone):
    phone.forgive("Failed to load resource")
    listed.route("**/share", lambda route: route.abort())
    listed.evaluate("() => { window.print = () => (window.printed = true); }")
    listed.get_by_role("button", name="打印这份清单").click()
    steps.until(listed, "window.printed === true")
