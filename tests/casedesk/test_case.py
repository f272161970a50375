"""The page of a case: what each duty may see and do, step by step to the end, on both databases."""

from datetime import datetime

import pytest

from miniapp_api.calendar.service import CHINA
from miniapp_api.extensions import db
from miniapp_api.privacy.service import PersonalRead
from miniapp_api.staff.service import Duty
from tests.casedesk.conftest import MOBILE, NAME, NUMBER, do, labels, page_of, press
from tests.conftest import only_sqlite

PERSONAL = (NAME, NUMBER, MOBILE)


def test_from_the_counter_to_the_applicants_hands(staff, received, clock, column):
    case = received()
    counter, reviewer = staff["counter"], staff["review"]
    told = do(
        counter,
        case,
        "一次性告知补正",
        **{"items": ["店面布局图和操作流程图"], "items-note-1": "要写明面积", "until": "2026-11-20"},
    )
    assert "补正通知发出去了" in told.text
    clock.now = datetime(2026, 11, 3, 9, tzinfo=CHINA)
    assert "补的材料收下了" in do(counter, case, "收补正的材料", items=["店面布局图和操作流程图：要写明面积"]).text
    assert "受理了" in do(counter, case, "受理").text
    assert column(case, "state") == "accepted"
    assert "归您审查" in do(reviewer, case, "开始审查").text
    assert column(case, "review_by") == reviewer.staff
    refused = reviewer.get(page_of(case)).text
    assert "还没有勘验合格的记录" in refused
    both = [staff["inspect"].staff]
    alone = do(staff["inspect"], case, "记勘验结果", inspectors=both, passed="yes")
    assert (alone.status_code, "两名以上" in alone.text) == (409, True)


@only_sqlite
def test_inspection_stop_decision_delivery(staff, at, received, happen, clock, column):
    case = received()
    happen(case, staff["counter"], "accepted")
    happen(case, staff["review"], "taken_up")
    second = at(Duty.INSPECT, name="勘验二")
    done = do(staff["inspect"], case, "记勘验结果", inspectors=[staff["inspect"].staff, second.staff], passed="yes")
    assert "勘验结果记下了" in done.text
    assert "准予许可，交给出件了" in do(staff["review"], case, "准予", valid_until="2031-11-02").text
    assert "送达了，这个件办结了" in do(staff["deliver"], case, "送达", way="counter").text
    assert column(case, "state") == "concluded"


@only_sqlite
def test_a_stop_is_shown_before_it_is_made(staff, received, happen, clock, column):
    case = received()
    happen(case, staff["counter"], "accepted")
    clock.now = datetime(2026, 11, 4, 10, tzinfo=CHINA)
    asked = do(staff["review"], case, "先看看会怎样", cause="testing", workdays="5")
    assert all(day in asked.text for day in ("11月9日", "11月16日", "11月23日"))
    assert column(case, "version") == 2
    done = press(staff["review"], asked.text, "就这样办")
    assert "停钟了" in done.text
    assert "受理 11月2日，承诺 5 个工作日，检测最多停 5 个工作日 → 11月16日" in done.text
    assert column(case, "version") == 3


def test_two_clerks_on_one_case_the_second_is_told_and_keeps_what_was_typed(staff, received, happen):
    case = received()
    old = staff["counter"].get(page_of(case)).text
    happen(case, staff["counter"], "correction_requested", items=["申请表"], until="2026-11-20")
    refused = press(
        staff["counter"],
        old,
        "一次性告知补正",
        **{"items-more-0": "房东的身份证", "until": "2026-11-20", "remark": "打过电话"},
    )
    assert refused.status_code == 409
    assert "这个件刚刚有变化" in refused.text
    assert "您打开页面以后，发生了" in refused.text
    assert "补齐：申请表" in refused.text
    assert "房东的身份证" in refused.text
    assert "打过电话" in refused.text


@only_sqlite
def test_what_is_refused_stays_in_the_form_with_its_fault_beside_it(staff, received, happen):
    case = received()
    refused = do(staff["counter"], case, "不予受理：不归我们办", go_to="", reason="要到税务局办")
    assert refused.status_code == 422
    assert "请填该去哪里" in refused.text
    assert "要到税务局办</textarea>" in refused.text
    assert 'id="step-not_ours" open' in refused.text


@only_sqlite
def test_htmx_puts_a_refused_form_where_it_was(staff, received):
    case = received()
    page = staff["counter"].get(page_of(case)).text
    staff["counter"].environ_base["HTTP_HX_REQUEST"] = "true"
    refused = press(staff["counter"], page, "不受理：不需要许可", reason="")
    assert (refused.status_code, refused.headers["HX-Retarget"], refused.headers["HX-Reselect"]) == (
        422,
        "#case",
        "#case",
    )
    done = press(staff["counter"], page, "不受理：不需要许可", reason="家庭自用，不用办。")
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"/desk/cases/{case}?done=not_required")


@only_sqlite
def test_each_duty_is_offered_its_own_steps_only(staff, received, happen):
    case = received()

    def offered(duty):
        return [label for label in labels(staff[duty].get(page_of(case)).text) if label not in {"看完整的", "谁看过"}]

    assert {duty: offered(duty) for duty in staff} == {
        "counter": ["受理", "一次性告知补正", "不受理：不需要许可", "不予受理：不归我们办", "申请人要撤回"],
        "review": [],
        "inspect": [],
        "deliver": [],
        "supervise": [],
        "government": [],
    }
    happen(case, staff["counter"], "accepted")
    assert {duty: offered(duty) for duty in staff} == {
        "counter": ["申请人要撤回"],
        "review": ["开始审查", "记勘验结果", "特别程序，停钟", "不予许可", "申请延期"],
        "inspect": ["记勘验结果"],
        "deliver": [],
        "supervise": ["延期"],
        "government": [],
    }


@only_sqlite
def test_a_step_of_another_duty_is_refused_and_changes_nothing(staff, received, column):
    case = received()
    for duty in ("review", "inspect", "deliver", "supervise", "government"):
        answer = staff[duty].post(f"{page_of(case)}/steps/accepted", data={"seen": "1"})
        assert answer.status_code == 403, duty
    assert column(case, "version") == 1
    assert staff["counter"].post(f"{page_of(case)}/steps/deemed_accepted", data={"seen": "1"}).status_code == 404


def test_a_case_of_another_site_is_not_there(at, received, column):
    case = received()
    for duty in Duty:
        stranger = at(duty, site="branch")
        assert stranger.get(page_of(case)).status_code == 404
        assert stranger.post(f"{page_of(case)}/steps/withdrawn", data={"seen": "1"}).status_code in {403, 404}
        assert stranger.post(f"{page_of(case)}/applicant", data={"reason": "核对姓名用"}).status_code == 404
    assert column(case, "version") == 1


@only_sqlite
def test_who_has_no_duty_sees_no_case(at, received):
    case = received()
    nobody = at()
    assert nobody.get(page_of(case)).status_code == 403
    assert "办件" not in nobody.get("/desk/").text


@pytest.mark.parametrize("duty", ["review", "inspect", "government"])
@only_sqlite
def test_who_reviews_does_not_know_whose_case_it_is(staff, received, duty):
    page = staff[duty].get(page_of(received())).text
    assert "审查的人不知道申请人是谁" in page
    assert not any(text in page for text in (*PERSONAL, "王**", "1101****", "139****"))


@only_sqlite
def test_the_counter_sees_it_masked(staff, received):
    page = staff["counter"].get(page_of(received())).text
    assert all(text in page for text in ("王**", "139****5678"))
    assert not any(text in page for text in PERSONAL)


def test_whose_case_it_is_is_shown_for_a_reason_that_stays(app, staff, received):
    case = received()
    refused = do(staff["review"], case, "看", reason="看")
    assert (refused.status_code, "请写清楚为什么要看" in refused.text) == (422, True)
    assert not any(text in refused.text for text in PERSONAL)
    shown = do(staff["review"], case, "看", reason="核对勘验地址用")
    assert all(text in shown.text for text in PERSONAL)
    assert not any(text in staff["review"].get(page_of(case)).text for text in PERSONAL)
    with app.app_context():
        (trace,) = db.session.query(PersonalRead)
        assert (trace.staff_public_id, trace.subject, trace.reason) == (
            staff["review"].staff,
            f"case:{case}",
            "核对勘验地址用",
        )
    chief = staff["supervise"].get(page_of(case)).text
    assert "后台审查人：核对勘验地址用" in chief
    log = staff["supervise"].get("/desk/cases/reads").text
    assert "核对勘验地址用" in log
    assert NAME not in log


@only_sqlite
def test_a_remark_is_for_colleagues(staff, received, app):
    case = received()
    page = do(staff["counter"], case, "受理", remark="申请人会来电话")
    assert "申请人会来电话" in page.text
    assert "申请人会来电话" in staff["review"].get(page_of(case)).text


@only_sqlite
def test_the_papers_of_a_case_are_printed_with_a_trace(app, staff, received, happen):
    case = received()
    opened = do(staff["counter"], case, '打印<span class="sr">收件凭证</span>')
    assert (opened.mimetype, opened.data[:5]) == ("application/pdf", b"%PDF-")
    with app.app_context():
        assert [trace.reason for trace in db.session.query(PersonalRead)] == ["打印文书：收件凭证"]
    reviewer = staff["review"].get(page_of(case)).text
    assert "收件凭证" in reviewer
    assert "打印<" not in reviewer
