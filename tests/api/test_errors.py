"""Whatever goes wrong leaves as a problem that a citizen can act on."""

import re
from io import BytesIO

import pytest
from sqlalchemy import text

from miniapp_api.accounts.service import public
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from tests.conftest import only_sqlite

pytestmark = only_sqlite

CHAT = "/api/v1/chat/messages"
JSON = "application/json"


def check(answer, status, code):
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    problem = answer.json
    assert (problem["status"], problem["code"]) == (status, code)
    assert problem["type"] == f"urn:daoban:problem:{code}"
    assert problem["title"]
    assert re.search("[一-鿿].*。$", problem["detail"])
    assert problem["instance"] == f"urn:uuid:{answer.headers['X-Request-Id']}"
    return problem


@pytest.mark.parametrize(
    ("body", "kind", "status", "code"),
    [
        (b"{", JSON, 400, "bad_json"),
        (b'{"text": NaN}', JSON, 400, "bad_json"),
        (b"\xff\xfe", JSON, 400, "bad_json"),
        (b"[" * 60_000, JSON, 400, "bad_json"),
        (b'{"text": ' + b"1" * 6000 + b"}", JSON, 400, "bad_json"),
        (b"text=hi", "application/x-www-form-urlencoded", 415, "unsupported_media_type"),
        (b'{"text": "hi"}', "text/plain", 415, "unsupported_media_type"),
        (b'{"text": "hi"}', "", 415, "unsupported_media_type"),
        (b'{"text": "' + b"a" * 70_000 + b'"}', JSON, 413, "too_large"),
        (b"", JSON, 422, "invalid"),
        (b"[]", JSON, 422, "invalid"),
        (b"null", JSON, 422, "invalid"),
        (b'"hi"', JSON, 422, "invalid"),
        (b'{"text": 7}', JSON, 422, "invalid"),
        (b'{"text": null}', JSON, 422, "invalid"),
        (b'{"text": "hi", "more": 1}', JSON, 422, "invalid"),
    ],
)
def test_a_body_that_cannot_be_used(visitor, body, kind, status, code):
    check(visitor.post(CHAT, data=body, content_type=kind), status, code)


@pytest.mark.parametrize("extra", [0, 1, 100_000])
def test_the_largest_body_is_64_kib_also_when_it_comes_in_chunks(visitor, extra):
    body = b'{"text": "%s"}' % (b"a" * (64 * 1024 - 12 + extra))
    for sent in ({"data": body}, {"input_stream": BytesIO(body), "environ_overrides": {"wsgi.input_terminated": True}}):
        answer = visitor.post(CHAT, content_type=JSON, **sent)
        if extra:
            check(answer, 413, "too_large")
        else:
            assert answer.status_code == 200, answer.text


def test_a_refused_value_is_named_with_the_reason_and_not_repeated(visitor):
    answer = visitor.post(CHAT, json={"text": 420300199001011234, "more": "13812345678"})
    problem = check(answer, 422, "invalid")
    assert problem["invalid_params"] == [
        {"name": "text", "reason": "应当是文字"},
        {"name": "more", "reason": "没有这一项，请删掉"},
    ]
    assert "420300199001011234" not in answer.text
    assert "13812345678" not in answer.text


def test_a_place_in_broken_json_is_named(visitor):
    problem = check(visitor.post(CHAT, data=b'{"text":\n "hi",}', content_type=JSON), 400, "bad_json")
    assert "第 2 行" in problem["detail"]


def test_a_path_that_is_not_there(client):
    check(client.get("/api/v1/nothing"), 404, "not_found")


def test_a_method_that_is_not_there(client):
    answer = client.delete(CHAT)
    check(answer, 405, "method_not_allowed")
    assert "POST" in answer.headers["Allow"]


def test_an_unexpected_failure_says_nothing_of_its_inside(app, client, capsys):
    @app.get("/fails/<token>")
    @public
    def fail(token):
        raise RuntimeError("inner secret")

    app.testing = False
    answer = client.get("/fails/shared-token")
    check(answer, 500, "internal_error")
    assert "inner" not in answer.text
    logged = capsys.readouterr().out
    assert "inner secret" in logged
    assert "/fails/<token>" in logged
    assert "shared-token" not in logged


def test_a_lost_database_is_a_passing_fault(app, client):
    @app.get("/locked")
    @public
    def read():
        db.session.execute(text("SELECT * FROM a_table_that_is_not_there"))

    answer = client.get("/locked")
    check(answer, 503, "database_unavailable")
    assert answer.headers["Retry-After"] == "5"


def test_a_problem_raised_by_a_use_case_carries_its_own_words(app, client):
    @app.get("/stale")
    @public
    def stale():
        raise Problem(409, "stale_revision", "题目已经变了。", headers={"X-Way": "1"}, extra={"revision": 3})

    answer = client.get("/stale")
    assert check(answer, 409, "stale_revision")["revision"] == 3
    assert answer.headers["X-Way"] == "1"


def test_a_problem_rolls_back_what_was_written(app, client):
    @app.post("/writes-then-fails")
    @public
    def write():
        db.session.execute(
            text("INSERT INTO visitors (public_id, locality, created_at) VALUES ('x', 'y', '2026-01-01')")
        )
        raise Problem(409)

    assert client.post("/writes-then-fails").status_code == 409
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM visitors")) == 0


def test_security_headers_are_on_every_answer(client):
    for answer in (client.get("/healthz"), client.get("/nothing"), client.get("/openapi.json")):
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy
        assert "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "no-referrer"
        assert answer.headers["Cache-Control"] == "no-store"
