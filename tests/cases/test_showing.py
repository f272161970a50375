"""What whoever scans a paper of a case is told, on the page and by the API."""

from datetime import timedelta

import pytest

from miniapp_api.calendar.service import today
from miniapp_api.cases import service
from miniapp_api.cases.events import Accepted, Denied, NotOurs, TakenUp, Withdrawn
from miniapp_api.cases.models import Case
from miniapp_api.cases.service import APPLICANT, By
from miniapp_api.cases.showing import STAGES, TOLD_AFTER_THE_END
from miniapp_api.papers import service as papers
from miniapp_api.signed_codes import service as codes
from miniapp_api.signed_codes.service import Kind, SignedCode
from tests.cases.conftest import APPLICANT_DATA
from tests.cases.test_api import issue_receipt
from tests.conftest import only_sqlite

CLERK, REVIEWER = By("staff", "receiver"), By("staff", "reviewer")


@pytest.fixture
def link(work, owned):
    """The path that the code on the receipt of the case leads to."""

    def issue(act):
        paper = papers.find(act.session, issue_receipt(act, owned))
        address = codes.link_of(act.session.get_one(SignedCode, paper.code_id))
        return address[address.index("/r/") :]

    return work(issue)


@pytest.fixture
def happen(work, owned):
    """Let something happen to the case."""

    def do(*facts, by=CLERK):
        def job(act):
            for fact in facts:
                service.record(act, act.session.get_one(Case, owned.row), fact)

        work(job, by=by)

    return do


def view(client, link):
    """What the API tells of a code."""
    return client.get(link.replace("/r/", "/api/v1/codes/")).json["view"]


def test_a_stranger_learns_that_it_is_genuine_and_how_far_it_is_in_a_word(client, link):
    page = client.get(link)
    assert page.status_code == 200
    for words in ("是真的", "收件凭证", "办理中", 'href="/cases"'):
        assert words in page.text
    assert view(client, link) == {
        "title": "办件进度",
        "stage": "办理中",
        "lines": ["您是申请人的话，用编号和查询码可以看全部进展。"],
        "tone": "good",
        "link": "/cases",
    }


def test_nothing_that_is_somebodys_is_told(client, other, owned, link):
    told = [client.get(link).text, client.get(link.replace("/r/", "/api/v1/codes/")).text]
    told.append(other.get(link.replace("/r/", "/api/v1/codes/")).text)
    secrets = (owned.number, owned.id, owned.query, "食品", "open-restaurant", "政务服务中心")
    for text in told:
        for secret in (*secrets, APPLICANT_DATA.name, APPLICANT_DATA.number, APPLICANT_DATA.mobile):
            assert secret not in text


def test_the_owner_is_led_to_the_whole_page_and_others_to_the_look_up(visitor, other, owned, link):
    assert view(visitor, link)["link"] == f"/cases/{owned.id}"
    assert view(other, link)["link"] == "/cases"


def test_the_stage_follows_the_case_and_stays_coarse(client, link, happen):
    happen(Accepted())
    assert view(client, link)["stage"] == "办理中"
    happen(TakenUp(), Denied(reason="油烟管道不合格。", basis="规定。"), by=REVIEWER)
    assert view(client, link)["stage"] == "已作出决定"
    assert "不予" not in client.get(link).text


@pytest.mark.parametrize(
    ("facts", "stage"),
    [
        ([NotOurs(reason="归市里办。", go_to="市局")], "没有受理"),
        ([Withdrawn()], "已终止"),
    ],
)
def test_a_receipt_of_what_broke_off_is_genuine_and_of_no_use(client, link, happen, facts, stage):
    happen(*facts)
    told = view(client, link)
    assert (told["stage"], told["tone"]) == (stage, "void")
    assert "真的，但不能用了" in client.get(link).text


def test_long_after_the_end_it_is_only_genuine(client, work, owned, link, happen):
    happen(Withdrawn(), by=APPLICANT)

    def close(days):
        def job(act):
            act.session.get_one(Case, owned.row).closed_on = today() - timedelta(days=days)

        work(job)

    close(TOLD_AFTER_THE_END.days)
    assert view(client, link)["stage"] == "已终止"
    close(TOLD_AFTER_THE_END.days + 1)
    assert view(client, link) is None
    assert "是真的" in client.get(link).text


def test_a_paper_that_was_declared_void_tells_nothing_of_its_case(client, work, owned, link):
    def void(act):
        papers.void(act.session, papers.papers_of(act.session, owned.id)[-1], "印错")

    work(void)
    answer = client.get(link.replace("/r/", "/api/v1/codes/")).json
    assert (answer["state"], answer["view"]) == ("revoked", None)


@only_sqlite
def test_every_kind_of_paper_but_an_appointments_is_answered_for(app):
    shows = codes.codes_of(app).shows
    assert set(shows) == set(Kind)
    assert STAGES.keys() == set(service.State)


@only_sqlite
def test_a_code_that_stands_on_no_paper_is_only_genuine(client, work):
    def issue(act):
        address = codes.link_of(codes.issue(act.session, Kind.GRANT))
        return address[address.index("/r/") :]

    assert view(client, work(issue)) is None
