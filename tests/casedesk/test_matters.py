"""What waits for a superior's word: extensions, new demands, questions, commitments; on both databases."""

from dataclasses import replace
from datetime import datetime

import pytest

from miniapp_api.calendar.service import CHINA
from miniapp_api.casedesk.models import CaseMatter
from miniapp_api.cases import service as cases
from miniapp_api.cases.models import Case, CaseEvent
from miniapp_api.extensions import db
from miniapp_api.staff.service import Duty
from tests.casedesk.conftest import MATERIALS, do, page_of, press
from tests.casedesk.test_lists import listed
from tests.conftest import only_sqlite

WHY = "要请外地的专家来看"


def propose(client, case, workdays="5"):
    page = client.get(page_of(case)).text
    form = page[page.index('id="step-propose_extension"') :]
    shown = press(client, form, "先看看会怎样", workdays=workdays, reason=WHY)
    return press(client, shown.text, "就这样报") if shown.status_code == 200 else shown


@pytest.fixture
def running(received, happen, staff):
    case = received()
    happen(case, staff["counter"], "accepted")
    happen(case, staff["review"], "taken_up")
    return case


def test_an_extension_is_asked_for_and_counts_when_it_is_approved(app, staff, running, column):
    assert "报给领导了" in propose(staff["review"], running).text
    assert column(running, "version") == 3
    assert "已经有一个“申请延期”在等领导批" in propose(staff["review"], running).text
    office = staff["supervise"].get("/desk/cases/supervision").text
    assert all(text in office for text in (WHY, "延 5 个工作日", "11月16日"))
    other = staff["government"].get("/desk/cases/supervision").text
    assert "这一项要由分管领导批" in other
    done = press(staff["supervise"], office, "批准", answer="yes")
    assert "批准了，已经生效" in done.text
    assert column(running, "statutory_due").isoformat() == "2026-11-23"
    with app.app_context():
        fact = db.session.query(CaseEvent).filter_by(kind="extended").one().fact
        assert (fact["approved_by"], fact["level"]) == (staff["supervise"].staff, "head")
    again = press(staff["supervise"], office, "批准", answer="yes")
    assert (again.status_code, "已经批过了" in again.text) == (409, True)


@only_sqlite
def test_an_extension_that_is_refused_changes_nothing(staff, running, column):
    propose(staff["review"], running)
    office = staff["supervise"].get("/desk/cases/supervision").text
    assert "没有批" in press(staff["supervise"], office, "不批", answer="no").text
    assert column(running, "version") == 3
    assert "没有等着批的" in staff["supervise"].get("/desk/cases/supervision").text


@only_sqlite
def test_a_case_that_changed_meanwhile_is_looked_at_again_before_it_is_approved(staff, running, happen, column):
    propose(staff["review"], running)
    office = staff["supervise"].get("/desk/cases/supervision").text
    happen(running, staff["review"], "stopped", cause="hearing", workdays=3)
    stale = press(staff["supervise"], office, "批准", answer="yes")
    assert (stale.status_code, "刚刚有变化" in stale.text) == (409, True)
    assert column(running, "version") == 4
    assert "申请延期" in staff["supervise"].get("/desk/cases/supervision").text


@only_sqlite
def test_too_long_an_extension_is_refused_where_it_is_asked_for(staff, running):
    refused = propose(staff["review"], running, "11")
    assert (refused.status_code, "请填 0 到 10 的数" in refused.text) == (422, True)


@only_sqlite
def test_a_joint_case_needs_the_governments_word(app, staff, received, happen, work, column):
    case = received()
    work(lambda act: act.session.query(Case).update({"terms": {"handling": "joint", "statutory": {"days": 45}}}))
    happen(case, staff["counter"], "accepted")
    propose(staff["review"], case, "15")
    chief, government = staff["supervise"], staff["government"]
    assert "这一项要由本级政府负责人批" in chief.get("/desk/cases/supervision").text
    office = government.get("/desk/cases/supervision").text
    assert press(chief, office, "批准", answer="yes").status_code == 403
    assert press(government, office, "批准", answer="yes").status_code == 200
    assert column(case, "version") == 3


def test_a_second_notice_with_new_demands_waits_for_a_superior_who_answers_for_it(app, staff, received, happen, column):
    case = received()
    counter = staff["counter"]
    happen(case, counter, "correction_requested", items=["申请表"], until="2026-11-20")
    happen(case, counter, "corrected", items=["申请表"])
    new = {"items-more-0": "房东的身份证", "until": "2026-11-30"}
    refused = do(counter, case, "一次性告知补正", **new)
    assert (refused.status_code, "由分管领导负责：房东的身份证" in refused.text) == (409, True)
    asked = do(counter, case, "补正要加新要求，报领导批", **new, reason="租来的房子换了房东")
    assert "报给领导了" in asked.text
    assert column(case, "state") == "received"
    office = staff["supervise"].get("/desk/cases/supervision").text
    assert "房东的身份证" in office
    assert press(staff["supervise"], office, "批准", answer="yes").status_code == 200
    assert column(case, "state") == "correcting"
    with app.app_context():
        row = db.session.query(CaseEvent).filter_by(kind="correction_requested").order_by(CaseEvent.id.desc()).first()
        assert (row.by_id, row.fact["superior"]) == (counter.staff, staff["supervise"].staff)


def test_questions_of_the_applicant_wait_until_they_are_answered(staff, received, work, app):
    case = received()
    work(lambda act: cases.ask(act, act.session.query(Case).one(), "objection"))
    work(lambda act: cases.ask(act, act.session.query(Case).one(), "call"))
    office = staff["supervise"].get("/desk/cases/supervision").text
    assert listed(office) == [case, case]
    assert "记下了：已经答复" in do(staff["counter"], case, "答复了申请人", remark="打了电话").text
    assert listed(staff["supervise"].get("/desk/cases/supervision").text) == []
    with app.app_context():
        assert all(matter.settled_at for matter in db.session.query(CaseMatter))


@only_sqlite
def test_what_was_granted_on_a_commitment_waits_to_be_checked(staff, received, happen, clock):
    case = received("open-restaurant:fire-check", ())
    assert "受理了" in do(staff["counter"], case, "受理", commitment="yes").text
    happen(case, staff["review"], "granted")
    assert listed(staff["inspect"].get("/desk/cases/review?tab=check").text) == [case]
    clock.now = datetime(2026, 11, 10, 9, tzinfo=CHINA)
    assert "核查结果记下了" in do(staff["review"], case, "核查承诺", kept="no").text
    assert listed(staff["inspect"].get("/desk/cases/review?tab=check").text) == []
    assert "许可撤销了" in do(staff["supervise"], case, "撤销许可", reason="承诺的疏散门没有装。").text


def test_what_may_come_later_is_owed_until_it_comes(app, staff, received, happen, work, column):
    case = received()

    def allow(act):
        row = act.session.query(Case).one()
        row.terms = row.terms | {"provisional": ["店面布局图和操作流程图"], "inspection": False}

    work(allow)
    wrong = do(staff["counter"], case, "受理", owed=["店面布局图和操作流程图"])
    assert (wrong.status_code, "最晚哪天补齐" in wrong.text) == (409, True)
    owed = do(staff["counter"], case, "受理", owed=["店面布局图和操作流程图"], owed_until="2026-11-12")
    assert "受理了" in owed.text
    assert listed(staff["counter"].get("/desk/cases/counter?tab=owing").text) == [case]
    assert "容缺的材料还没补齐" in staff["review"].get(page_of(case)).text
    assert "容缺的材料收下了" in do(staff["counter"], case, "收容缺的材料", items=["店面布局图和操作流程图"]).text
    assert listed(staff["counter"].get("/desk/cases/counter?tab=owing").text) == []
    assert "准予许可" in do(staff["review"], case, "准予").text


@only_sqlite
def test_matters_of_another_site_are_not_there(app, staff, at, running):
    propose(staff["review"], running)
    stranger = at(Duty.SUPERVISE, site="branch")
    assert "没有等着批的" in stranger.get("/desk/cases/supervision").text
    with app.app_context():
        matter = db.session.query(CaseMatter).one().public_id
    answer = stranger.post(f"/desk/cases/matters/{matter}", data={"answer": "yes", "seen": "3"})
    assert answer.status_code == 404


@only_sqlite
def test_a_chief_ends_what_was_never_corrected(staff, received, happen, column):
    case = received(materials=[replace(line) for line in MATERIALS])
    happen(case, staff["counter"], "correction_requested", items=["申请表"], until="2026-11-20")
    assert "终止了" in do(staff["supervise"], case, "终止", reason="催过三次没有来补。").text
    assert column(case, "state") == "terminated"


@only_sqlite
def test_what_could_not_be_approved_cannot_be_asked_for(app, staff, running):
    demands = {"seen": "3", "items-more-0": "房东的身份证", "until": "2026-11-30", "reason": "漏说了"}
    refused = staff["counter"].post(f"{page_of(running)}/steps/demands", data=demands)
    assert (refused.status_code, "现在在审查，不能做这一步" in refused.text) == (409, True)
    with app.app_context():
        assert db.session.query(CaseMatter).count() == 0
