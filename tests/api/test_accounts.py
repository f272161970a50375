"""Who is who, and for how long."""

import base64

import pytest
from sqlalchemy import select

from miniapp_api.accounts import service, tokens
from miniapp_api.accounts.service import Visitor
from miniapp_api.extensions import db
from tests.conftest import SECRET

PRIVATE = "/api/v1/chat/messages"


def ask(client, token):
    return client.get(PRIVATE, headers={"Authorization": f"Bearer {token}"}).status_code


def the_visitor():
    return db.session.scalars(select(Visitor)).one()


def test_a_visitor_gets_a_token_that_opens_their_routes(client):
    answer = client.post("/api/v1/visitors", json={"locality": "jinan"})
    assert answer.status_code == 201
    assert list(answer.json) == ["token"]
    assert ask(client, answer.json["token"]) == 200


@pytest.mark.parametrize(("body", "locality"), [({}, "shiyan"), (None, "shiyan"), ({"locality": "jinan"}, "jinan")])
def test_a_visitor_asks_about_the_default_city_or_the_one_named(app, client, body, locality):
    assert client.post("/api/v1/visitors", json=body).status_code == 201
    with app.app_context():
        assert the_visitor().locality == locality


@pytest.mark.parametrize("locality", ["atlantis", "", "A", "x" * 65, 7, ["shiyan"], "shiyan\n"])
def test_an_unknown_city_is_refused_with_the_reason(app, client, locality):
    answer = client.post("/api/v1/visitors", json={"locality": locality})
    assert answer.status_code == 422
    assert [param["name"] for param in answer.json["invalid_params"]] == ["locality"]
    with app.app_context():
        assert db.session.scalars(select(Visitor)).all() == []


def test_the_token_holds_a_random_id_and_nothing_else(app, visitor):
    token = visitor.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    payload = token.split(".")[1]
    content = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)).decode()
    with app.app_context():
        public_id = the_visitor().public_id
    assert content == f'"{public_id}"'
    assert len(bytes.fromhex(public_id)) == 16


def test_every_change_of_a_token_makes_it_worthless(client, visitor):
    token = visitor.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    assert ask(client, token) == 200
    for place in range(len(token)):
        # the last character carries two bits of padding, so a neighbour may decode to the same
        other = "A" if token[place] not in "ABCD" else "z"
        assert ask(client, token[:place] + other + token[place + 1 :]) == 401, place


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer x", "Bearer v.", "Basic dTpw", "Bearer ...", "Bearer v.é"]
)
def test_what_is_no_token_opens_nothing_and_says_what_is_wanted(client, header):
    answer = client.get(PRIVATE, headers={"Authorization": header.encode().decode("latin-1")})
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json["code"] == "unauthorized"


def test_a_token_signed_with_another_key_opens_nothing(app, client, visitor):
    with app.app_context():
        public_id = the_visitor().public_id
    assert ask(client, tokens.for_visitor(SECRET, public_id)) == 200
    assert ask(client, tokens.for_visitor(SECRET[::-1], public_id)) == 401


def test_a_delegated_token_acts_for_the_visitor_until_its_time_is_over(app, client, visitor, monkeypatch):
    with app.app_context():
        token = service.delegate(the_visitor(), seconds=60)
    assert ask(client, token) == 200
    start = tokens.time.time()
    monkeypatch.setattr(tokens.time, "time", lambda: start + 58)
    assert ask(client, token) == 200
    monkeypatch.setattr(tokens.time, "time", lambda: start + 61)
    assert ask(client, token) == 401


def test_one_kind_of_token_is_never_taken_for_another(app, client, visitor):
    with app.app_context():
        delegated = service.delegate(the_visitor(), seconds=60)
        lasting = service.token_for(the_visitor())
    assert ask(client, "v" + delegated[1:]) == 401
    assert ask(client, "d" + lasting[1:]) == 401


def test_revoking_a_visitor_ends_all_their_tokens_and_no_others(app, client, visitor):
    other = client.post("/api/v1/visitors", json={}).json["token"]
    with app.app_context():
        first = db.session.scalars(select(Visitor).order_by(Visitor.id)).first()
        own = [service.token_for(first), service.delegate(first)]
        service.revoke(first)
        db.session.commit()
    assert [ask(client, token) for token in [*own, other]] == [401, 401, 200]


def test_a_visitor_whose_row_is_gone_is_nobody(app, client, visitor):
    with app.app_context():
        token = service.token_for(the_visitor())
        db.session.delete(the_visitor())
        db.session.commit()
    assert ask(client, token) == 401
