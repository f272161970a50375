"""Receiving a case at the counter: the checklist, what is wrong beside its field, nothing lost, nothing twice."""

import re

import pytest

from miniapp_api.cases import service as cases
from miniapp_api.cases.casework import Handling
from miniapp_api.cases.models import Case, CaseMaterial
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.numbering.service import check_digit
from miniapp_api.privacy.service import PersonalRead
from tests.casedesk.conftest import ITEM, MOBILE, NAME, NUMBER, press
from tests.conftest import only_sqlite

FORM = f"/desk/cases/receive?item={ITEM}"
GOOD = {"kind": "person", "name": NAME, "number": NUMBER, "mobile": MOBILE, "agent": ""}
THERE = {
    "material-0": "handed_in",
    "material-2": "handed_in",
    "material-3": "unneeded",
    "material-4": "lacking",
    "material-5": "unneeded",
    "material-6": "handed_in",
}


def hand_in(client, **more):
    return press(client, client.get(FORM).text, "收件，出编号", **(GOOD | THERE | more))


def count(app):
    with app.app_context():
        return db.session.query(Case).count()


def test_a_case_is_received_and_its_number_told_once(app, staff):
    done = hand_in(staff["counter"])
    assert done.status_code == 200
    number = re.search(r'<dd class="number">(420300 20261102 000001 \d)</dd>', done.text)[1]
    assert re.search(r'<dd class="number">\d{4} \d{4}</dd>', done.text)
    assert "收件凭证" in done.text
    assert "缺：食品安全管理制度目录" in done.text
    with app.app_context():
        case = db.session.query(Case).one()
        assert case.number == number.replace(" ", "")
        assert case.site_code == "center"
        materials = {row.name: row.state for row in db.session.query(CaseMaterial)}
        assert materials["营业执照"] == "shared"
        assert materials["食品安全管理制度目录"] == "lacking"
        assert "自动设备清单和摆放地点" not in materials
        assert [trace.fields for trace in db.session.query(PersonalRead)] == [["query"]]


@only_sqlite
def test_all_that_is_wrong_is_told_beside_its_field_and_nothing_is_lost(app, staff):
    wrong = {"number": "110105194912310021", "mobile": "12345", "name": "", "agent": "李代办"}
    refused = hand_in(staff["counter"], **wrong, **{"material-0": "", "material-2": "unneeded"})
    assert refused.status_code == 422
    assert len(re.findall(r'class="fault"', refused.text)) == 5
    assert 'id="number-fault">身份证号不对' in refused.text
    assert 'aria-describedby="number-fault"' in refused.text
    assert 'value="110105194912310021"' in refused.text
    assert 'value="李代办"' in refused.text
    assert re.search(r'name="material-4" value="lacking" required checked', refused.text)
    assert count(app) == 0


@only_sqlite
def test_a_company_gives_its_credit_code(app, staff):
    company = {"kind": "company", "name": "十堰小明餐饮有限公司"}
    assert "统一社会信用代码不对" in hand_in(staff["counter"], **company).text
    assert hand_in(staff["counter"], **company, number="91110000600037341L").status_code == 200


@only_sqlite
def test_the_same_application_twice_is_asked_about(app, staff):
    hand_in(staff["counter"])
    again = hand_in(staff["counter"])
    assert (again.status_code, "刚刚收过一件一样的" in again.text) == (409, True)
    assert f'value="{NAME}"' in again.text
    assert count(app) == 1
    assert hand_in(staff["counter"], again="yes").status_code == 200
    assert count(app) == 2


@only_sqlite
def test_a_list_of_materials_that_changed_meanwhile_is_looked_at_again(app, staff):
    refused = hand_in(staff["counter"], release="old")
    assert (refused.status_code, "材料清单刚刚更新了" in refused.text) == (422, True)
    assert count(app) == 0


@only_sqlite
def test_items_are_found_by_words_of_their_name(staff):
    counter = staff["counter"]
    assert "食品经营许可（新办）" in counter.get("/desk/cases/receive").text
    found = counter.get("/desk/cases/receive?q=招牌 审批").text
    assert "户外招牌设置审批" in found
    assert "食品经营许可" not in found
    assert "没有名称里带“火箭”的事项" in counter.get("/desk/cases/receive?q=火箭").text
    assert counter.get("/desk/cases/receive?item=open-restaurant:rocket").status_code == 404


@only_sqlite
def test_only_the_counter_receives(staff):
    for duty in staff.keys() - {"counter"}:
        assert staff[duty].get(FORM).status_code == 403
        assert staff[duty].post("/desk/cases/receive", data=GOOD).status_code == 403


JOINT = "open-restaurant:fire-check"
NOBODYS = "42030020261102999999" + check_digit("42030020261102999999")


@pytest.fixture
def whole(app, received, monkeypatch):
    """Receive a joint handling; gives its public id and number."""
    with app.app_context():
        monkeypatch.setitem(cases.casework().items, JOINT, Handling(joint=True))
    public_id = received(item=JOINT, materials=())
    with app.app_context():
        return public_id, db.session.query(Case).filter_by(public_id=public_id).one().number


def test_a_part_is_tied_to_its_joint_handling_which_waits_for_it(app, staff, whole, happen):
    public_id, number = whole
    assert "是联办里的一件" in staff["counter"].get(FORM).text
    assert hand_in(staff["counter"], parent=f" {number[:6]} {number[6:]} ").status_code == 200
    page = staff["counter"].get(f"/desk/cases/{public_id}").text
    assert "联办的子件" in page
    with app.app_context():
        part = db.session.query(Case).filter_by(item=ITEM).one()
        assert part.parent_id == db.session.query(Case).filter_by(public_id=public_id).one().id
    assert f"/desk/cases/{public_id}" in staff["counter"].get(f"/desk/cases/{part.public_id}").text
    happen(public_id, staff["counter"], "accepted")
    with pytest.raises(Problem) as refused:
        happen(public_id, staff["review"], "granted")
    assert refused.value.kind == "parts_open"


@only_sqlite
@pytest.mark.parametrize(("parent", "why"), [("420300202611020000010", "办件编号不对"), (NOBODYS, "没有找到这个办件")])
def test_a_number_that_is_no_joint_handling_is_told_beside_its_field(app, staff, whole, parent, why):
    refused = hand_in(staff["counter"], parent=parent)
    assert refused.status_code == 422
    assert why in refused.text
    assert f'value="{parent}"' in refused.text
    assert count(app) == 1


@only_sqlite
def test_a_single_case_has_no_parts(app, staff, whole, received):
    with app.app_context():
        single = db.session.query(Case).filter_by(public_id=received()).one().number
    refused = hand_in(staff["counter"], parent=single, again="yes")
    assert (refused.status_code, "不是本市的联办总件" in refused.text) == (422, True)


@only_sqlite
def test_a_joint_handling_that_is_over_takes_no_more_parts(staff, whole, happen):
    public_id, number = whole
    happen(public_id, staff["counter"], "withdrawn")
    refused = hand_in(staff["counter"], parent=number)
    assert (refused.status_code, "已经办完了" in refused.text) == (422, True)


@only_sqlite
def test_without_joint_items_nobody_is_asked_for_one(staff):
    assert "联办" not in staff["counter"].get(FORM).text
