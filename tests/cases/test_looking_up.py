"""Looking a case up without an account: what opens it, what does not, and how often one may try."""

from datetime import timedelta

import pytest
from itsdangerous import URLSafeTimedSerializer

from miniapp_api.accounts.models import Visitor
from miniapp_api.cases import looking_up
from miniapp_api.cases.following import follow
from miniapp_api.cases.guessing import Guesses
from miniapp_api.cases.models import Case
from miniapp_api.extensions import db
from miniapp_api.numbering.service import check_digit
from tests.appointments.world import at_once
from tests.cases.conftest import MOBILE, facts_of, hand_in
from tests.conftest import only_sqlite
from tests.wechat.conftest import redis_url, valkey

__all__ = ["redis_url", "valkey"]

LOOK = "/api/v1/case-lookups"
SEEN = "/api/v1/looked-up-case"
ABSENT = "42030020261126999999"
ABSENT += check_digit(ABSENT)
TAIL = MOBILE[-4:]


@pytest.fixture
def look(client):
    """Look up, from an address of one's own if wanted."""

    def ask(number, address="127.0.0.1", **secret):
        return client.post(LOOK, json={"number": number, **secret}, environ_base={"REMOTE_ADDR": address})

    return ask


@pytest.fixture
def found(client, look, case):
    """Call as whoever has just looked the case up; `opened` is what they were told."""
    answer = look(case.number, query_code=case.query)
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {answer.json['token']}"
    client.opened = answer.json
    return client


def same(answer):
    """An answer without what differs in every answer."""
    headers = {name: text for name, text in answer.headers if name not in {"X-Request-Id", "Date"}}
    return answer.status_code, {**answer.json, "instance": None}, {**headers, "Content-Length": None}


def wrong(secret):
    """Another secret of the same form."""
    return f"{(int(secret) + 1) % 10 ** len(secret):0{len(secret)}}"


def test_number_and_query_code_open_the_card(look, case):
    answer = look(case.number, query_code=case.query)
    assert answer.status_code == 200
    told = answer.json["case"]
    assert (told["id"], told["number"], told["stage"]) == (case.id, case.number, "已收件，等待受理")
    assert told["may"] == ["object", "call", "follow"]


def test_digits_may_come_as_they_are_read_out(look, case):
    spaced = " ".join(case.number[at : at + 4] for at in range(0, 21, 4))
    assert look(spaced, query_code=f"{case.query[:4]}-{case.query[4:]}").status_code == 200
    wide = case.number.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert look(wide, query_code=case.query).status_code == 200


def test_the_end_of_the_telephone_number_opens_the_card_but_no_papers_and_no_way_to_follow(client, look, case):
    answer = look(case.number, phone_tail=TAIL)
    assert answer.status_code == 200
    assert answer.json["case"]["may"] == ["object", "call"]
    assert answer.json["case"]["papers"] == []
    token = answer.json["token"]
    visitor = client.post("/api/v1/visitors", json={}).json["token"]
    followed = client.post(
        "/api/v1/cases/follow", json={"token": token}, headers={"Authorization": f"Bearer {visitor}"}
    )
    assert (followed.status_code, followed.json["code"]) == (403, "query_code_needed")


@pytest.mark.parametrize("way", ["query_code", "phone_tail"])
def test_wrong_and_absent_are_the_same_answer(look, case, way):
    secret = {"query_code": case.query, "phone_tail": TAIL}[way]
    mistaken, absent = look(case.number, **{way: wrong(secret)}), look(ABSENT, **{way: secret})
    assert mistaken.status_code == 404
    assert mistaken.json["code"] == "lookup_failed"
    assert same(mistaken) == same(absent)


def test_the_query_code_of_another_case_opens_nothing(look, work, case):
    second = work(lambda act: facts_of(hand_in(act)))
    assert look(case.number, query_code=second.query).status_code == 404


def test_a_slip_in_the_number_is_told_at_once_and_counts_for_nothing(look, case):
    slips = [case.number[:at] + wrong(case.number[at]) + case.number[at + 1 :] for at in range(21)]
    for slip in slips:
        answer = look(slip, query_code=case.query)
        assert answer.status_code == 422
        assert answer.json["invalid_params"] == [
            {"name": "number", "reason": "编号好像输错了一位，请对照收件凭证再看一遍"}
        ]
    assert look(case.number, query_code=case.query).status_code == 200


@pytest.mark.parametrize(
    ("asked", "name", "reason"),
    [
        ({"number": "12"}, "number", "编号是 21 位数字，您输了 2 位"),
        ({"number": "四二"}, "number", "应当只有数字"),
        ({"number": 5}, "number", "应当是数字"),
        ({"number": "1" * 61}, "number", "应当是数字"),
        ({"query_code": "1"}, "query_code", "查询码是 8 位数字，您输了 1 位"),
        ({"query_code": None}, "body", "查询码和手机号后四位，填一个就行"),
        ({"phone_tail": "1234"}, "body", "查询码和手机号后四位，填一个就行"),
    ],
)
@only_sqlite
def test_what_cannot_be_right_is_said_in_words(client, asked, name, reason):
    answer = client.post(LOOK, json={"number": ABSENT, "query_code": "12345678"} | asked)
    assert answer.status_code == 422
    assert {"name": name, "reason": reason} in answer.json["invalid_params"]


def test_after_ten_tries_of_a_number_not_even_the_right_code_opens_it(look, case):
    for at in range(10):
        assert look(case.number, address=f"10.0.0.{at}", query_code=wrong(case.query)).status_code == 404
    refused = look(case.number, address="10.0.1.1", query_code=case.query)
    assert (refused.status_code, refused.json["code"]) == (429, "too_many_lookups")
    assert 0 < int(refused.headers["Retry-After"]) <= 3600
    assert "12345" in refused.json["detail"]


@only_sqlite
def test_a_number_that_does_not_exist_is_counted_like_one_that_does(look, city):
    codes = [look(ABSENT, address=f"10.0.0.{at}", query_code="12345678").status_code for at in range(11)]
    assert codes == [404] * 10 + [429]


@only_sqlite
def test_of_a_telephone_number_three_tries_a_day(look, case):
    codes = [look(case.number, address=f"10.0.0.{at}", phone_tail=wrong(TAIL)).status_code for at in range(4)]
    assert codes == [404] * 3 + [429]
    assert look(case.number, query_code=case.query).status_code == 200


@only_sqlite
def test_an_address_that_failed_thirty_times_finds_nothing_more_and_others_do(look, case):
    for count in range(30):
        digits = f"42030020261125{count:06}"
        assert look(digits + check_digit(digits), query_code="12345678").status_code == 404
    assert look(case.number, query_code=case.query).status_code == 429
    assert look(case.number, address="10.0.0.1", query_code=case.query).status_code == 200


@only_sqlite
def test_finding_something_costs_an_address_nothing(look, work):
    cases = [work(lambda act: facts_of(hand_in(act))) for _ in range(4)]
    for each in cases * 8:
        assert look(each.number, query_code=each.query).status_code == 200


class TestOnRedis:
    """Where there is a Redis, all processes count together."""

    @pytest.fixture
    def settings(self, settings, redis_url):
        return settings.model_copy(update={"redis_url": redis_url})

    @only_sqlite
    def test_another_process_goes_on_counting(self, settings, look, case):
        for at in range(7):
            assert look(case.number, address=f"10.0.0.{at}", query_code=wrong(case.query)).status_code == 404
        elsewhere = Guesses(settings)
        for _ in range(3):
            elsewhere.count("code", case.number, "10.0.1.1")
        assert look(case.number, address="10.0.2.1", query_code=case.query).status_code == 429


class TestWithoutTheCounts:
    """Where nobody can count, nothing is looked up."""

    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0"})

    @only_sqlite
    def test_the_door_stays_shut_and_says_where_to_go(self, look, case):
        for answer in (look(case.number, query_code=case.query), look(ABSENT, query_code=case.query)):
            assert (answer.status_code, answer.json["code"]) == (503, "lookup_unavailable")
            assert "12345" in answer.json["detail"]
            assert "窗口" in answer.json["detail"]


def test_the_token_lets_one_look_again(found, case):
    assert found.get(SEEN).json["id"] == case.id
    assert found.get(SEEN).json["version"] == case.version


def test_the_token_opens_nothing_else(found, case):
    assert found.get("/api/v1/cases").status_code == 401
    assert found.get(f"/api/v1/cases/{case.id}").status_code == 401
    body, headers = {"seen": case.version}, {"Idempotency-Key": "1"}
    assert found.post(f"/api/v1/cases/{case.id}/withdraw", json=body, headers=headers).status_code == 401


@pytest.mark.parametrize("token", ["", "l.", "l.x.y.z", "v.abc", "Bearer"])
def test_what_is_no_token_opens_nothing(client, token):
    answer = client.get(SEEN, headers={"Authorization": f"Bearer {token}"})
    assert (answer.status_code, answer.json["code"]) == (401, "lookup_expired")
    assert client.get(SEEN).status_code == 401


@only_sqlite
def test_without_a_token_nothing_of_a_request_is_read(client):
    answer = client.post(f"{SEEN}/ask", data=b"{broken", content_type="application/json")
    assert answer.status_code == 401


def test_a_token_of_another_purpose_opens_nothing(app, client, case):
    forged = URLSafeTimedSerializer(app.extensions["settings"].signing_key, salt="other").dumps([case.id, "code", "x"])
    assert client.get(SEEN, headers={"Authorization": f"Bearer l.{forged}"}).status_code == 401


def test_a_token_ends_after_half_an_hour(found, monkeypatch):
    assert found.get(SEEN).status_code == 200
    monkeypatch.setattr(looking_up, "LASTS", timedelta(seconds=-1))
    assert found.get(SEEN).status_code == 401


def test_a_new_query_code_ends_older_tokens(found, work, case):
    def renew(act):
        act.session.get_one(Case, case.row).query_index = "0" * 64

    work(renew)
    assert found.get(SEEN).status_code == 401


def test_whoever_looked_can_ask_for_a_call_and_asks_once_however_often_it_arrives(found, case):
    for _ in range(3):
        answer = found.post(f"{SEEN}/ask", json={"what": "call", "seen": case.version})
        assert answer.status_code == 200
        assert [line["kind"] for line in answer.json["history"]] == ["received", "asked"]
    later = found.post(f"{SEEN}/ask", json={"what": "objection", "seen": case.version + 1})
    assert later.json["history"][-1]["text"].startswith("您提出了异议")


def test_a_visitor_takes_a_case_to_their_telephone_and_no_other_can(found, visitor, other, case):
    token = found.opened["token"]
    for _ in range(2):
        followed = visitor.post("/api/v1/cases/follow", json={"token": token})
        assert followed.status_code == 200
        assert followed.json["may"] == ["withdraw", "object", "call"]
    assert [line["id"] for line in visitor.get("/api/v1/cases").json["cases"]] == [case.id]
    refused = other.post("/api/v1/cases/follow", json={"token": token})
    assert (refused.status_code, refused.json["code"]) == (409, "followed_already")
    assert "窗口" in refused.json["detail"]
    assert other.get("/api/v1/cases").json["cases"] == []
    assert found.get(SEEN).json["may"] == ["object", "call"]


def test_no_two_visitors_follow_one_case_that_they_take_at_once(app, found, case):
    token = found.opened["token"]

    def take(which):
        def job(session):
            visitor = session.query(Visitor).order_by(Visitor.id).offset(which).first()
            return follow(session, visitor, token).visitor_id

        return job

    results = at_once(app, take(0), take(1))
    assert sorted(isinstance(result, Exception) for result in results) == [False, True]
    with app.app_context():
        kept = db.session.query(Case).filter_by(public_id=case.id).one().visitor_id
    assert kept in results


def test_follow_needs_a_token_of_a_look_up(visitor, city):
    answer = visitor.post("/api/v1/cases/follow", json={"token": "l.nothing"})
    assert (answer.status_code, answer.json["code"]) == (401, "lookup_expired")
