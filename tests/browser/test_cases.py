"""The pages of cases in a real Chromium, on the real API: from the number on the receipt to every screen."""

import re
import shutil
from datetime import timedelta
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from miniapp_api.calendar.service import today
from miniapp_api.cases import service as cases
from miniapp_api.cases.events import Accepted, CorrectionRequested, Stopped, TakenUp
from miniapp_api.cases.models import Case
from miniapp_api.cases.service import Applicant, Application, By, HandedIn
from miniapp_api.extensions import db
from tests.browser.bookable_city import HALLS, open_halls, serve
from tests.browser.screens import low_contrast, sticking_out, too_small
from tests.browser.test_access import SCREENS

pytestmark = pytest.mark.browser

CLERK, REVIEWER = By("staff", "receiver"), By("staff", "reviewer")
PLAN = "经营场所平面图"
ITEM = "食品经营许可（新办）"


@pytest.fixture(scope="module")
def town(sqlite_template, tmp_path_factory):
    """The application for all tests of this module, as each has a case of its own."""
    database = shutil.copy(sqlite_template, tmp_path_factory.mktemp("city") / "daoban.sqlite3")
    open_halls(database)
    with serve(database) as town:
        yield town


@pytest.fixture
def site(town):
    return town.address


@pytest.fixture
def case(town):
    """A case that was handed in at the center: its `id`, `number` and `query` code."""

    def hand_in():
        application = Application(
            item="open-restaurant:food-licence",
            locality="shiyan",
            site_code=HALLS[0],
            applicant=Applicant("person", "王小明", "11010519491231002X", "13912345678"),
            materials=(HandedIn("食品经营许可申请书"), HandedIn(PLAN, "lacking"), HandedIn("营业执照", "shared")),
        )
        made = cases.receive(cases.acting(db.session, CLERK), application)
        return SimpleNamespace(id=made.public_id, number=made.number, query=cases.personal(made)["query"])

    return town.do(hand_in)


@pytest.fixture
def happen(town, case):
    """Let events happen to the case behind the citizen's back."""

    def do(*facts, by=CLERK):
        def job():
            row = db.session.query(Case).filter_by(public_id=case.id).one()
            for fact in facts:
                cases.record(cases.acting(db.session, by), row, fact)

        town.do(job)

    return do


@pytest.fixture
def citizen(town, case):
    """Somebody who follows the case."""
    with town.caller() as client:
        token = client.post("/case-lookups", json={"number": case.number, "query_code": case.query}).json()["token"]
        client.post("/cases/follow", json={"token": token}).raise_for_status()
        client.token = client.headers["Authorization"].removeprefix("Bearer ")
        yield client


def heading(page, words):
    expect(page.get_by_role("heading", level=1, name=words, exact=True)).to_be_visible()


def look_up(page, number, secret, label="查询码"):
    page.get_by_label("办件编号").fill(number)
    page.get_by_label(label).fill(secret)
    page.get_by_role("button", name="查进度").click()


def test_from_the_chat_by_number_to_ones_own_telephone(phone, case):
    page = phone.open()
    page.get_by_role("link", name="查办件进度").click()
    heading(page, "办件进度")
    look_up(page, case.number, case.query)
    heading(page, "已收件，等待受理")
    assert page.url.endswith("/cases/found")
    expect(page.get_by_role("region", name="轮到谁")).to_contain_text("我们在办")
    expect(page.get_by_role("link", name="0719-0000101")).to_have_attribute("href", "tel:07190000101")
    expect(page.get_by_role("button", name="撤回申请")).to_have_count(0)
    page.get_by_role("button", name="放到这台手机上").click()
    expect(page).to_have_url(re.compile(f"/cases/{case.id}$"))
    heading(page, "已收件，等待受理")
    page.get_by_role("link", name="返回").click()
    heading(page, "办件进度")
    page.get_by_role("link", name=ITEM).click()
    expect(page.get_by_role("button", name="撤回申请")).to_be_visible()


def test_the_number_is_shown_in_fours_as_it_is_typed(phone, case):
    page = phone.open("/cases")
    box = page.get_by_label("办件编号")
    expect(box).to_have_attribute("inputmode", "numeric")
    box.press_sequentially(case.number)
    expect(box).to_have_value(" ".join(case.number[at : at + 4] for at in range(0, 21, 4)))
    expect(page.get_by_text("21 位数字，够了")).to_be_visible()
    for _ in range(6):
        box.press("Backspace")
    expect(box).to_have_value(re.compile(f"^{case.number[:4]} .* {case.number[12:15]}$"))
    expect(page.get_by_text("21 位数字，还差 6 位")).to_be_visible()
    for _ in range(5):
        box.press("ArrowLeft")
    box.press("9")
    digits = box.input_value().replace(" ", "")
    assert digits == case.number[:11] + "9" + case.number[11:15]
    assert box.evaluate("(box) => box.value.slice(0, box.selectionStart).replaceAll(' ', '').length") == 12


def test_a_slip_is_told_beside_the_number(phone, case):
    phone.forgive("422")
    page = phone.open("/cases")
    slip = case.number[:-1] + str((int(case.number[-1]) + 1) % 10)
    look_up(page, slip, case.query)
    box = page.get_by_label("办件编号")
    expect(box).to_be_focused()
    expect(box).to_have_accessible_description(re.compile("编号好像输错了一位"))
    page.get_by_role("button", name="用手机号后四位查").click()
    heading(page, "用编号查")
    page.get_by_role("button", name="查进度").click()
    expect(page.get_by_label("办件编号")).to_have_accessible_description(re.compile("请照收件凭证输"))


def test_what_opens_nothing_says_what_to_do(phone, case):
    phone.forgive("404|429")
    page = phone.open("/cases?view=look&way=tail")
    look_up(page, case.number, "0000", "申请人手机号的后四位")
    expect(page.get_by_role("alert")).to_contain_text("没有查到")
    for _ in range(3):
        page.get_by_role("button", name="查进度").click()
        expect(page.get_by_role("button", name="查进度")).not_to_have_class(re.compile("busy"))
    expect(page.get_by_role("alert")).to_contain_text("小时再查")
    expect(page.get_by_role("alert").get_by_role("link", name="12345")).to_be_visible()


def test_by_the_telephone_number_one_sees_the_card_only(phone, case):
    page = phone.open("/cases?view=look&way=tail")
    look_up(page, case.number, "5678", "申请人手机号的后四位")
    heading(page, "已收件，等待受理")
    expect(page.get_by_role("button", name="文书")).to_have_count(0)
    expect(page.get_by_role("button", name="放到这台手机上")).to_have_count(0)


def test_what_was_looked_up_is_gone_with_the_tab_and_after_its_time(phone, town, case):
    phone.forgive("401")
    page = phone.open("/cases")
    look_up(page, case.number, case.query)
    heading(page, "已收件，等待受理")
    page.reload()
    heading(page, "已收件，等待受理")
    page.evaluate("sessionStorage.setItem('daoban.looked', 'l.past')")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("请再输一次编号和查询码")
    other = phone.open("/cases/found")
    heading(other, "请先查一次")


def test_followed_elsewhere_leads_to_the_counter(phone, case, citizen):
    page = phone.open("/cases")
    look_up(page, case.number, case.query)
    heading(page, "已收件，等待受理")
    expect(page.get_by_role("button", name="放到这台手机上")).to_have_count(0)


def test_it_is_ones_turn_when_something_lacks(phone, case, citizen, happen):
    happen(CorrectionRequested(items=(PLAN,), until=today() + timedelta(days=20)))
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    heading(page, "等您补材料")
    turn = page.get_by_role("region", name="轮到谁")
    expect(turn).to_contain_text("轮到您了")
    expect(turn).to_contain_text(PLAN)


def test_a_date_that_moved_is_shown_with_the_first_one_and_why(phone, case, citizen, happen):
    happen(Accepted(), TakenUp(), Stopped(cause="testing", workdays=5), by=REVIEWER)
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    promise = page.get_by_role("region", name="什么时候办好")
    expect(promise).to_contain_text("日子变过：原来是")
    expect(promise).to_contain_text("检测，时限暂停")
    page.get_by_text("办理经过（4）").click()
    expect(page.get_by_text("开始审查")).to_be_visible()


def test_asking_for_a_call_is_noted_once(phone, case, citizen):
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    page.get_by_role("button", name="请我们回电").click()
    heading(page, "要我们做什么？")
    page.get_by_role("button", name="请给我回电").click()
    expect(page.get_by_role("status")).to_contain_text("记下了，工作人员会打给您")
    asked = [line for line in citizen.get(f"/cases/{case.id}").json()["history"] if line["kind"] == "asked"]
    assert len(asked) == 1


def test_withdrawing_is_asked_twice(phone, case, citizen):
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    page.get_by_role("button", name="撤回申请").click()
    heading(page, "真的不办了吗？")
    page.get_by_role("button", name="不撤回，接着办").click()
    page.get_by_role("button", name="撤回申请").click()
    page.get_by_role("button", name="撤回这个申请").click()
    heading(page, "已撤回")
    expect(page.get_by_role("button", name="撤回申请")).to_have_count(0)


def test_a_stale_page_withdraws_nothing(phone, case, citizen, happen):
    phone.forgive("409")
    page = phone.open(f"/cases/{case.id}?view=withdraw", token=citizen.token)
    heading(page, "真的不办了吗？")
    happen(Accepted())
    page.get_by_role("button", name="撤回这个申请").click()
    expect(page.get_by_role("alert")).to_contain_text("已经受理")
    page.get_by_role("button", name="看看有什么变化").click()
    heading(page, "已受理")


def test_papers_can_be_kept(phone, case, citizen):
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    page.get_by_role("button", name="文书").click()
    heading(page, "文书")
    with page.expect_download() as download:
        page.get_by_role("button", name="打开收件凭证").click()
    assert download.value.suggested_filename == "收件凭证.pdf"
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_what_was_sent_is_listed(phone, case, citizen, happen):
    happen(Accepted())
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    page.get_by_role("button", name="给您发过的消息").click()
    heading(page, "给您发过的消息")
    expect(page.locator(".messages")).to_contain_text("已经受理")


def test_somebody_elses_case_is_not_shown(phone, town, case, citizen):
    phone.forgive("404")
    with town.caller() as other:
        token = other.headers["Authorization"].removeprefix("Bearer ")
    page = phone.open(f"/cases/{case.id}", token=token)
    expect(page.get_by_role("alert")).to_contain_text("没有找到这个办件")
    expect(page.get_by_role("link", name="回办件进度")).to_have_attribute("href", "/cases")


@pytest.fixture
def screens(case, citizen, happen):
    """Addresses of all sorts of screens, with the words that tell that they are there."""
    happen(Accepted(), TakenUp(), Stopped(cause="testing", workdays=5), by=REVIEWER)
    return {
        "/cases": "办件进度",
        "/cases?view=look": "用编号查",
        "/cases?view=look&way=tail": "用编号查",
        "/cases/found": "请先查一次",
        f"/cases/{case.id}": "正在审查",
        f"/cases/{case.id}?view=ask": "要我们做什么？",
        f"/cases/{case.id}?view=withdraw": "真的不办了吗？",
        f"/cases/{case.id}?view=papers": "文书",
        f"/cases/{case.id}?view=messages": "给您发过的消息",
    }


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_contrast_is_aa(phone, citizen, site, screens, scheme):
    page = phone.open("/cases", token=citizen.token, color_scheme=scheme, reduced_motion="reduce")
    assert low_contrast(page, site, screens, heading) == {path: [] for path in screens}


@pytest.mark.parametrize(("large", "least"), [(False, 48), (True, 60)])
def test_all_is_easily_tapped(phone, citizen, site, screens, large, least):
    page = phone.open("/cases", token=citizen.token, large=large)
    assert too_small(page, site, screens, heading, least) == {path: [] for path in screens}


@pytest.mark.parametrize(("width", "height", "large"), SCREENS)
def test_nothing_sticks_out_sideways(phone, citizen, site, screens, width, height, large):
    page = phone.open("/cases", token=citizen.token, width=width, height=height, large=large)
    assert sticking_out(page, site, screens, heading) == {path: {0} for path in screens}


def test_on_paper_nothing_is_folded_and_nothing_is_to_be_tapped(phone, case, citizen):
    page = phone.open(f"/cases/{case.id}", token=citizen.token)
    heading(page, "已收件，等待受理")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    expect(page.get_by_text(PLAN).first).to_be_visible()
    expect(page.get_by_role("button", name="撤回申请")).to_be_hidden()
    expect(page.get_by_role("link", name="返回")).to_be_hidden()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("details[open]").count() == 0


def test_looking_up_by_keyboard(phone, case):
    page = phone.open("/cases", reduced_motion="reduce")
    heading(page, "办件进度")
    page.get_by_label("办件编号").focus()
    page.keyboard.type(case.number)
    page.keyboard.press("Tab")
    page.keyboard.type(case.query)
    page.keyboard.press("Enter")
    heading(page, "已收件，等待受理")
