"""What the owner of a case sees and does over HTTP; to everybody else it does not exist."""

from datetime import UTC, datetime, timedelta

import pytest

from miniapp_api.calendar.service import today
from miniapp_api.cases import service
from miniapp_api.cases.citizens import etag
from miniapp_api.cases.events import Accepted, Asked, CorrectionRequested, Denied, Stopped, TakenUp
from miniapp_api.cases.models import Case
from miniapp_api.cases.service import APPLICANT, By
from miniapp_api.papers import service as papers
from tests.cases.conftest import APPLICANT_DATA, facts_of, hand_in
from tests.conftest import only_sqlite

CASES = "/api/v1/cases"
CLERK, REVIEWER = By("staff", "receiver"), By("staff", "reviewer")


def key(name="1"):
    """The header of a request that is done once."""
    return {"Idempotency-Key": name}


@pytest.fixture
def happen(work):
    """Let events happen to a case."""

    def do(case, *facts, by=CLERK):
        def job(act):
            row = act.session.get_one(Case, case.row)
            for fact in facts:
                service.record(act, row, fact)

        work(job, by=by)

    return do


def get(client, case, **headers):
    """Ask for a case."""
    return client.get(f"{CASES}/{case.id}", headers=headers)


def test_the_card_says_what_people_ask_for(visitor, owned):
    told = get(visitor, owned).json
    assert (told["number"], told["item"], told["stage"]) == (owned.number, "食品经营许可（新办）", "已收件，等待受理")
    assert told["turn"]["who"] == "bureau"
    assert (told["site"], told["phone"]) == ("政务服务中心", "0719-0000000")
    assert told["materials"][1] == {
        "name": "经营场所平面图",
        "state": "lacking",
        "state_text": "还缺",
        "note": None,
    }
    assert [line["text"] for line in told["history"]] == ["收到您交的材料：食品经营许可申请书。"]
    assert told["as_of"][:10] == str(today())
    assert told["may"] == ["withdraw", "object", "call"]
    assert told["version"] == owned.version == 1


def test_nothing_personal_is_in_an_answer(visitor, owned):
    for path in (f"{CASES}/{owned.id}", CASES):
        text = visitor.get(path).text
        for secret in (APPLICANT_DATA.name, APPLICANT_DATA.number, APPLICANT_DATA.mobile, owned.query, "receiver"):
            assert secret not in text


def test_a_date_that_moved_is_told_with_the_first_one_and_why(visitor, owned, happen):
    happen(owned, Accepted(), TakenUp(), Stopped(cause="testing", workdays=5), by=REVIEWER)
    told = get(visitor, owned).json
    assert told["promise"]["first"] < told["promise"]["day"]
    (why,) = told["promise"]["why"]
    assert why.endswith("检测，时限暂停")
    assert told["turn"]["who"] == "others"


def test_the_list_has_what_goes_on_first(visitor, owned, work, happen):
    def again(act):
        return facts_of(hand_in(act, visitor_id=act.session.get_one(Case, owned.row).visitor_id))

    ended, second = work(again, by=CLERK), work(again, by=CLERK)
    visitor.post(f"{CASES}/{ended.id}/withdraw", json={"seen": 1}, headers=key())
    happen(owned, Accepted())
    lines = visitor.get(CASES).json["cases"]
    assert [line["id"] for line in lines] == [owned.id, second.id, ended.id]
    assert [line["over"] for line in lines] == [False, False, True]
    assert [line["stage"] for line in lines] == ["已受理", "已收件，等待受理", "已撤回"]
    assert lines[0]["promised"] is not None


def test_anothers_case_is_as_if_it_were_not_there(other, owned):
    ways = [
        ("get", "", {}),
        ("post", "/withdraw", {"json": {"seen": 1}, "headers": key()}),
        ("post", "/ask", {"json": {"what": "call"}, "headers": key()}),
        ("get", f"/papers/{'0' * 32}.pdf", {}),
    ]
    for method, way, more in ways:
        theirs = other.open(f"{CASES}/{owned.id}{way}", method=method, **more)
        absent = other.open(f"{CASES}/{'0' * 32}{way}", method=method, **more)
        assert theirs.status_code == absent.status_code == 404
        assert {**theirs.json, "instance": 0} == {**absent.json, "instance": 0}
        assert len(theirs.data) == len(absent.data)
    assert other.get(CASES).json == {"cases": []}


def test_what_did_not_change_is_not_sent_again(visitor, owned, happen):
    first = get(visitor, owned)
    again = get(visitor, owned, **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    happen(owned, Accepted())
    changed = get(visitor, owned, **{"If-None-Match": first.headers["ETag"]})
    assert (changed.status_code, changed.json["stage"]) == (200, "已受理")
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_what_changes_at_midnight_is_sent_again_the_next_day(act):
    case = hand_in(act)
    tomorrow = service.acting(act.session, APPLICANT, act.now + timedelta(days=1))
    assert etag(act, case) != etag(tomorrow, case)
    case.synced_at = act.now
    assert etag(act, case) != etag(service.acting(act.session, APPLICANT), hand_in(act))


def test_withdrawing_is_done_once_under_one_key(visitor, owned):
    answers = [
        visitor.post(f"{CASES}/{owned.id}/withdraw", json={"seen": owned.version}, headers=key()) for _ in range(3)
    ]
    assert {answer.status_code for answer in answers} == {200}
    told = answers[-1].json
    assert (told["stage"], told["turn"]["who"]) == ("已撤回", "nobody")
    assert [line["kind"] for line in told["history"]] == ["received", "withdrawn"]
    assert "withdraw" not in told["may"]


def test_a_stale_page_withdraws_nothing_and_says_what_happened(visitor, owned, happen):
    happen(owned, CorrectionRequested(items=("经营场所平面图",), until=today() + timedelta(days=20)))
    answer = visitor.post(f"{CASES}/{owned.id}/withdraw", json={"seen": owned.version}, headers=key())
    assert (answer.status_code, answer.json["code"], answer.json["version"]) == (409, "case_changed", 2)
    assert "经营场所平面图" in answer.json["detail"]
    assert get(visitor, owned).json["state"] == "correcting"
    again = visitor.post(f"{CASES}/{owned.id}/withdraw", json={"seen": 2}, headers=key("2"))
    assert again.status_code == 200


def test_what_is_decided_cannot_be_withdrawn(visitor, owned, happen):
    happen(owned, Accepted())
    happen(owned, TakenUp(), Denied(reason="油烟管道不合格。", basis="规定。"), by=REVIEWER)
    told = get(visitor, owned).json
    assert "withdraw" not in told["may"]
    answer = visitor.post(f"{CASES}/{owned.id}/withdraw", json={"seen": told["version"]}, headers=key())
    assert (answer.status_code, answer.json["code"]) == (409, "not_now")


@pytest.mark.parametrize(("what", "said"), [("objection", "您提出了异议"), ("call", "您要求回电")])
def test_asking_is_done_once_under_one_key(visitor, owned, what, said):
    for _ in range(2):
        answer = visitor.post(f"{CASES}/{owned.id}/ask", json={"what": what}, headers=key())
    assert answer.status_code == 200
    asked = [line for line in answer.json["history"] if line["kind"] == "asked"]
    assert len(asked) == 1
    assert asked[0]["text"].startswith(said)


def test_who_has_asked_enough_is_given_the_telephone(visitor, owned, happen):
    happen(owned, *[Asked(what="call")] * 3, by=APPLICANT)
    answer = visitor.post(f"{CASES}/{owned.id}/ask", json={"what": "call"}, headers=key())
    assert (answer.status_code, answer.json["code"]) == (409, "asked_enough")


@pytest.mark.parametrize("way", ["withdraw", "ask"])
@only_sqlite
def test_what_changes_something_needs_a_key(visitor, owned, way):
    body = {"withdraw": {"seen": 1}, "ask": {"what": "call"}}[way]
    assert visitor.post(f"{CASES}/{owned.id}/{way}", json=body).status_code == 422


@only_sqlite
def test_one_key_is_good_for_one_request(visitor, owned):
    visitor.post(f"{CASES}/{owned.id}/ask", json={"what": "call"}, headers=key())
    other_wish = visitor.post(f"{CASES}/{owned.id}/ask", json={"what": "objection"}, headers=key())
    assert (other_wish.status_code, other_wish.json["code"]) == (422, "idempotency_key_reused")


def test_a_case_of_another_system_is_not_changed_here(visitor, owned, work):
    def move(act):
        case = act.session.get_one(Case, owned.row)
        case.outside, case.outside_number, case.synced_at = "省平台", "X1", act.now

    work(move)
    told = get(visitor, owned).json
    assert (told["may"], told["outside"]) == ([], "省平台")
    assert told["synced_at"] is not None
    for way, body in (("withdraw", {"seen": 1}), ("ask", {"what": "call"})):
        answer = visitor.post(f"{CASES}/{owned.id}/{way}", json=body, headers=key(way))
        assert (answer.status_code, answer.json["code"]) == (409, "kept_elsewhere")


def issue_receipt(act, case):
    """Issue a paper about a case."""
    return papers.issue(
        act.session,
        "receipt",
        {
            "case_number": case.number,
            "applicant": APPLICANT_DATA.name,
            "item": "食品经营许可",
            "query_code": case.query,
            "materials": [{"name": "食品经营许可申请书"}],
            "received_at": act.now,
            "received_by": "张三",
            "reply_by": today(),
            "contact": "0719-0000000",
        },
        subject=case.id,
        actor="receiver",
        now=act.now,
    ).public_id


def test_papers_are_listed_and_given_as_pdf_to_who_may_have_them(client, visitor, other, owned, work):
    paper = work(lambda act: issue_receipt(act, owned))
    listed = get(visitor, owned).json["papers"]
    assert paper in [each["id"] for each in listed]
    assert "收件凭证" in [each["name"] for each in listed]
    mine = visitor.get(f"{CASES}/{owned.id}/papers/{paper}.pdf")
    assert (mine.status_code, mine.mimetype, mine.data[:5]) == (200, "application/pdf", b"%PDF-")
    assert mine.headers["Cache-Control"] == "no-store"
    assert other.get(f"{CASES}/{owned.id}/papers/{paper}.pdf").status_code == 404
    assert visitor.get(f"{CASES}/{owned.id}/papers/{'0' * 32}.pdf").status_code == 404
    looked = {
        way: client.post("/api/v1/case-lookups", json={"number": owned.number, way: secret}).json["token"]
        for way, secret in (("query_code", owned.query), ("phone_tail", APPLICANT_DATA.mobile[-4:]))
    }
    path = f"/api/v1/looked-up-case/papers/{paper}.pdf"
    by_code, by_tail = (client.get(path, headers={"Authorization": f"Bearer {token}"}) for token in looked.values())
    assert (by_code.status_code, by_tail.status_code) == (200, 404)
    assert by_code.data == mine.data


def test_the_paper_of_another_case_is_not_given_in_the_name_of_ones_own(visitor, owned, case, work):
    foreign = work(lambda act: issue_receipt(act, case))
    assert visitor.get(f"{CASES}/{owned.id}/papers/{foreign}.pdf").status_code == 404


def test_a_paper_that_is_void_is_no_longer_offered(visitor, owned, work):
    paper = work(lambda act: issue_receipt(act, owned))
    work(lambda act: papers.void(act.session, papers.find(act.session, paper), "印错"))
    assert paper not in [each["id"] for each in get(visitor, owned).json["papers"]]


def test_times_are_told_in_full(visitor, owned):
    at = get(visitor, owned).json["history"][0]["at"]
    assert abs(datetime.now(UTC) - datetime.fromisoformat(at)) < timedelta(minutes=5)
