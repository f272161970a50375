"""Logging in from the mini-program: a code becomes a session that says nothing."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, select, update

from miniapp_api import vault
from miniapp_api.accounts.models import Login, Visitor
from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.field_settings import INDEX, FieldKey, read_field_keys
from miniapp_api.wechat.logging_in import SESSION_KEY
from miniapp_api.wechat.models import WeChatIdentity
from tests.conftest import FIELD_KEYS, only_sqlite

LOGIN = "/api/v1/auth/wechat"
SESSION = "/api/v1/auth/session"
PRIVATE = "/api/v1/chat/messages"
CODE_TO_SESSION = "/sns/jscode2session"
CHECK = "/wxa/checksession"


@pytest.fixture
def log_in(client, wechat):
    """Log somebody in as the mini-program does; gives the answer."""
    return lambda name="alice": client.post(LOGIN, json={"code": wechat.login_code(name)})


@pytest.fixture
def caller(app):
    """Call with a token."""

    def call(method, path, token, **more):
        headers = {"Authorization": f"Bearer {token}"}
        return getattr(app.test_client(), method)(path, headers=headers, **more)

    return call


@pytest.fixture
def stored(app):
    """Read what a query finds."""

    def read(query):
        with app.app_context():
            return db.session.scalars(query).all()

    return read


def test_a_code_becomes_a_session(log_in, caller, stored):
    answer = log_in()
    assert answer.status_code == 200
    assert sorted(answer.json) == ["expires_at", "token"]
    assert re.fullmatch(r"s\.[0-9A-Za-z_-]{43}", answer.json["token"])
    assert caller("get", PRIVATE, answer.json["token"]).status_code == 200
    (login,) = stored(select(Login))
    assert timedelta(days=29) < login.expires_at - utc_now() <= timedelta(days=30)


def test_the_token_is_kept_nowhere_and_any_other_opens_nothing(log_in, caller, stored):
    token = log_in().json["token"]
    (login,) = stored(select(Login))
    assert token[2:] not in login.digest
    for other in (token[:-1], token + "A", token.upper(), "v" + token[1:], f"s.{login.digest}", "s.", "s"):
        assert caller("get", PRIVATE, other).status_code == 401


def test_a_visitor_who_logs_in_again_is_the_same_one(log_in, stored):
    tokens = {log_in().json["token"] for _ in range(3)}
    assert len(tokens) == 3
    assert len(stored(select(Visitor))) == 1
    log_in("bob")
    assert len(stored(select(Visitor))) == 2
    assert [visitor.locality for visitor in stored(select(Visitor))] == ["shiyan", "shiyan"]


def test_a_session_ends_at_its_time(app, log_in, caller):
    token = log_in().json["token"]
    for seconds, status in ((30, 200), (-1, 401)):
        with app.app_context():
            db.session.execute(update(Login).values(expires_at=utc_now() + timedelta(seconds=seconds)))
            db.session.commit()
        assert caller("get", PRIVATE, token).status_code == status


def test_logging_out_ends_this_session_and_no_other(log_in, caller, stored):
    here, there = log_in().json["token"], log_in().json["token"]
    answer = caller("delete", SESSION, here)
    assert (answer.status_code, answer.data) == (204, b"")
    assert [caller("get", PRIVATE, token).status_code for token in (here, there)] == [401, 200]
    assert caller("delete", SESSION, here).status_code == 401
    assert len(stored(select(Login))) == 1


@only_sqlite
def test_who_has_a_signed_token_has_no_session_to_end(visitor):
    assert visitor.delete(SESSION).status_code == 204
    assert visitor.get(PRIVATE).status_code == 200


@only_sqlite
def test_without_a_token_there_is_nothing_to_end(client):
    assert client.delete(SESSION).status_code == client.get(SESSION).status_code == 401


@only_sqlite
class TestRefused:
    def test_a_code_counts_once(self, client, wechat):
        code = wechat.login_code("alice")
        answers = [client.post(LOGIN, json={"code": code}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [200, 422]
        assert answers[1].json["code"] == "code_invalid"

    @pytest.mark.parametrize(
        ("errcode", "told"),
        [
            (40029, (422, "code_invalid")),
            (40163, (422, "code_invalid")),
            (40226, (403, "wechat_refused")),
            (45011, (429, "rate_limited")),
            (-1, (503, "wechat_unreachable")),
            (40013, (503, "wechat_unreachable")),
            (40125, (503, "wechat_unreachable")),
            (99999, (503, "wechat_unreachable")),
        ],
    )
    def test_what_wechat_says_becomes_what_the_citizen_can_do(self, wechat, log_in, stored, errcode, told):
        wechat.faults.always(CODE_TO_SESSION, errcode)
        answer = log_in()
        assert (answer.status_code, answer.json["code"]) == told
        assert answer.mimetype == "application/problem+json"
        assert str(abs(errcode)) not in answer.json["detail"]
        assert stored(select(WeChatIdentity)) == []

    def test_a_code_nobody_issued(self, client):
        answer = client.post(LOGIN, json={"code": "0" * 32})
        assert (answer.status_code, answer.json["code"]) == (422, "code_invalid")

    @pytest.mark.parametrize("code", ["", "x" * 129, "a b", "é", "a\n", "a&secret=1", 7, None, ["a"]])
    def test_what_is_no_code_is_not_shown_to_wechat(self, client, wechat, code):
        answer = client.post(LOGIN, json={"code": code})
        assert (answer.status_code, answer.json["code"]) == (422, "invalid")
        assert wechat.requests[CODE_TO_SESSION] == 0

    @pytest.mark.parametrize("body", [{}, {"code": "a", "openid": "oSIM"}, [], "a"])
    def test_nothing_but_a_code_is_taken(self, client, wechat, body):
        assert client.post(LOGIN, json=body).status_code == 422
        assert wechat.requests[CODE_TO_SESSION] == 0


@only_sqlite
class TestUnreachable:
    @pytest.fixture
    def settings(self, settings):
        program = settings.miniprogram.model_copy(update={"api_timeout": 0.3})
        return settings.model_copy(update={"miniprogram": program})

    def spoils(self, answer, capsys):
        assert (answer.status_code, answer.json["code"]) == (503, "wechat_unreachable")
        assert answer.headers["Retry-After"] == "3"
        logged = capsys.readouterr().out
        assert "Traceback" not in logged
        assert "ASSIM" not in logged + answer.text

    def test_a_slow_wechat(self, wechat, log_in, capsys):
        wechat.faults.slow(CODE_TO_SESSION, 1)
        self.spoils(log_in(), capsys)

    def test_a_wechat_that_hangs_up(self, wechat, log_in, capsys):
        wechat.faults.drop(CODE_TO_SESSION, 1)
        self.spoils(log_in(), capsys)
        assert log_in().status_code == 200

    def test_a_wechat_that_is_away(self, wechat, log_in, client, capsys):
        code = wechat.login_code("alice")
        wechat.close()
        self.spoils(client.post(LOGIN, json={"code": code}), capsys)

    def test_asking_whether_the_session_holds(self, wechat, log_in, caller, capsys):
        token = log_in().json["token"]
        wechat.faults.drop(CHECK, 1)
        self.spoils(caller("get", SESSION, token), capsys)
        assert caller("get", SESSION, token).json == {"alive": True}


class TestSession:
    def test_the_last_login_holds(self, log_in, caller):
        first, second = log_in().json["token"], log_in().json["token"]
        for token in (first, second):
            assert caller("get", SESSION, token).json == {"alive": True}

    def test_another_login_on_the_phone_ends_it(self, client, wechat, log_in, caller):
        token = log_in().json["token"]
        wechat.citizen("alice").session_key = "another"
        assert caller("get", SESSION, token).json == {"alive": False}

    def test_who_never_logged_in_has_none(self, wechat, visitor):
        assert visitor.get(SESSION).json == {"alive": False}
        assert wechat.requests[CHECK] == 0

    def test_a_key_that_is_gone_makes_it_unknown(self, app, log_in, caller):
        token = log_in().json["token"]
        (sealing,) = [key for key in read_field_keys(FIELD_KEYS) if key.may_seal]
        fresh = [FieldKey.new(2, "sm4-gcm"), FieldKey.new(0, INDEX)]
        app.extensions["vault"] = vault.Vault([sealing, *fresh])
        assert caller("get", SESSION, token).json == {"alive": True}
        app.extensions["vault"] = vault.Vault(fresh)
        assert caller("get", SESSION, token).json == {"alive": False}

    def test_it_is_of_the_own_login(self, log_in, caller, app, wechat):
        alice, bob = log_in("alice").json["token"], log_in("bob").json["token"]
        wechat.citizen("bob").session_key = "another"
        assert caller("get", SESSION, alice).json == {"alive": True}
        assert caller("get", SESSION, bob).json == {"alive": False}
        with app.app_context():
            db.session.execute(delete(WeChatIdentity))
            db.session.commit()
        assert caller("get", SESSION, alice).json == {"alive": False}


class TestSecrets:
    def test_the_session_key_is_kept_so_that_only_this_installation_reads_it(self, app, log_in, stored, wechat):
        log_in()
        (identity,) = stored(select(WeChatIdentity))
        key = wechat.citizen("alice").session_key
        assert key not in identity.session_key
        with app.app_context():
            assert vault.unseal(SESSION_KEY, str(identity.id), identity.session_key) == key

    def test_nothing_of_wechat_is_told_or_logged(self, log_in, caller, wechat, capsys):
        answers = [log_in(), log_in()]
        token = answers[0].json["token"]
        answers += [caller("get", SESSION, token), caller("get", PRIVATE, token), caller("delete", SESSION, token)]
        citizen = wechat.citizen("alice")
        told = "".join(answer.text + str(answer.headers) for answer in answers) + capsys.readouterr().out
        hidden = [citizen.session_key, citizen.mini_openid, "SKSIM", "ASSIM", "ATSIM"]
        assert [secret for secret in hidden if secret in told] == []
        assert told.count(token) == 1


@only_sqlite
class TestWithoutMiniProgram:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"miniprogram": None})

    def test_there_is_no_login(self, log_in, visitor):
        for answer in (log_in(), visitor.get(SESSION)):
            assert (answer.status_code, answer.json["code"]) == (404, "no_miniprogram")


@only_sqlite
class TestTooMany:
    @pytest.fixture
    def settings(self, settings):
        return settings.model_copy(update={"visitor_limit": "2 per minute"})

    def test_logins_from_one_place_are_limited(self, log_in, wechat):
        answers = [log_in() for _ in range(3)]
        assert [answer.status_code for answer in answers] == [200, 200, 429]
        assert answers[2].json["code"] == "rate_limited"
        assert int(answers[2].headers["Retry-After"]) > 0
        assert wechat.requests[CODE_TO_SESSION] == 2
