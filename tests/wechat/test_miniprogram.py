"""The mini-program's API: login without a token, phone numbers, codes, subscribe messages."""

import json
import logging
import math

import pytest

from miniapp_api.wechat.platform.miniprogram import Login, MiniProgram
from tests.wechat.client_fixtures import (
    ACCOUNT,
    TOKEN,
    TOKEN_ANSWER,
    failure,
    http,
    miniprogram_settings,
    odd_server,
    shown,
)
from wechat_simulator import Account, Simulator

OPENID = "oMINIoMINIoMINIoMINIoMINIoMI"
SESSION_KEY = "U0VTU0lPTktFWVNFU1NJT04="
CODE = "0c1LoginCodeLoginCodeLoginCodeLo"
SECRETS = (ACCOUNT.mini_app_secret, TOKEN, OPENID, SESSION_KEY, CODE)
TEMPLATE = "TEMPLATE"
FIELDS = {"thing1": "食品经营许可", "phrase2": "已受理", "time3": "2026年11月1日 15:01", "character_string4": "SY-1"}


@pytest.fixture
def sim():
    with Simulator(ACCOUNT) as sim:
        yield sim


@pytest.fixture
def program(sim):
    return MiniProgram(miniprogram_settings(sim.url), None)


def bodies(received):
    return [json.loads(request.partition(b"\r\n\r\n")[2]) for request in received[1:]]


def test_a_login_needs_no_token(sim, program):
    alice = sim.citizen("alice")
    login = program.login(sim.login_code("alice"))
    assert (login.openid, login.session_key, login.unionid) == (alice.mini_openid, alice.session_key, alice.unionid)
    assert dict(sim.requests) == {"/sns/jscode2session": 1}


def test_a_login_without_open_platform_has_no_unionid():
    with Simulator(Account()) as sim:
        assert MiniProgram(miniprogram_settings(sim.url), None).login(sim.login_code("alice")).unionid is None


def test_a_login_does_not_show():
    login = Login(OPENID, SESSION_KEY, "unionid")
    assert repr(login) == str(login) == "Login()"


def test_a_login_works_while_tokens_do_not(sim, program):
    sim.faults.always("/cgi-bin/stable_token", 40164)
    assert program.login(sim.login_code("alice")).openid


def test_a_code_works_once(sim, program):
    code = sim.login_code("alice")
    program.login(code)
    error = failure(lambda: program.login(code))
    assert (error.errcode, error.kind) == (40163, "refused")
    assert failure(lambda: program.login("made up")).errcode == 40029


@pytest.mark.parametrize("errcode", [40001, 40029, 40226, 45011, -1])
def test_a_refused_login_is_one_request(sim, program, errcode):
    sim.faults.always("/sns/jscode2session", errcode)
    assert failure(lambda: program.login(sim.login_code("alice"))).errcode == errcode
    assert dict(sim.requests) == {"/sns/jscode2session": 1}


ODD_LOGINS = {
    "nothing": (b"", "unreachable"),
    "a page": (http("<html>"), "broken"),
    "no openid": (http(f'{{"session_key": "{SESSION_KEY}"}}'), "broken"),
    "no session key": (http(f'{{"openid": "{OPENID}", "session_key": null}}'), "broken"),
    "server error": (http(SESSION_KEY, "500 Internal Server Error"), "busy"),
    "refused": (http(f'{{"errcode": 40029, "errmsg": "invalid code {CODE}"}}'), "refused"),
    "a redirect": (http("", "301 Moved Permanently", ["Location: http://127.0.0.1:9/"]), "broken"),
    "broken header": (http("[]", headers=["broken header", "Content-Type: text/plain"]), "broken"),
    "no gzip": (http("{}", headers=["Content-Encoding: gzip"]), "unreachable"),
}


@pytest.mark.parametrize("odd", ODD_LOGINS)
def test_a_failed_login_shows_no_secret(odd, caplog, capsys):
    for name in ("", "urllib3", "wechatpy"):
        caplog.set_level(logging.DEBUG, logger=name)
    answer, kind = ODD_LOGINS[odd]
    with odd_server(answer) as (url, received):
        error = failure(lambda: MiniProgram(miniprogram_settings(url, api_timeout=1), None).login(CODE))
    assert (error.kind, len(received)) == (kind, 1)
    assert b"secret=" in received[0]
    logged = caplog.text + "".join(capsys.readouterr())
    assert not [secret for secret in (*SECRETS, "127.0.0.1") if secret in shown(error)]
    assert not [secret for secret in SECRETS if secret in logged]


def test_a_login_that_nobody_answers_shows_no_secret(caplog):
    caplog.set_level(logging.DEBUG, logger="urllib3")
    program = MiniProgram(miniprogram_settings("http://127.0.0.1:9", api_timeout=1), None)
    error = failure(lambda: program.login(CODE))
    assert error.kind == "unreachable"
    assert not [secret for secret in SECRETS if secret in shown(error) + caplog.text]


def test_a_phone_number_belongs_to_whom_asks(sim, program):
    alice, code = sim.citizen("alice"), sim.phone_code("alice", "13800138000")
    assert failure(lambda: program.phone_number(code, sim.citizen("bob").mini_openid)).kind == "refused"
    assert program.phone_number(code, alice.mini_openid) == "13800138000"
    assert failure(lambda: program.phone_number(code, alice.mini_openid)).kind == "refused"


@pytest.mark.parametrize(
    ("info", "number"),
    [
        ({"purePhoneNumber": "13800138000", "countryCode": "86"}, "13800138000"),
        ({"purePhoneNumber": "13800138000", "countryCode": 86}, "13800138000"),
        ({"purePhoneNumber": "13800138000"}, "13800138000"),
        ({"purePhoneNumber": "51234567", "countryCode": 852}, "+85251234567"),
        ({"purePhoneNumber": "51234567", "countryCode": "+852"}, "+85251234567"),
    ],
)
def test_country_codes_come_as_they_like(info, number):
    with odd_server(TOKEN_ANSWER, http(json.dumps({"errcode": 0, "phone_info": info}))) as (url, received):
        assert MiniProgram(miniprogram_settings(url), None).phone_number("code", OPENID) == number
    assert bodies(received) == [{"code": "code", "openid": OPENID}]


@pytest.mark.parametrize(
    "info", [None, [], {}, {"purePhoneNumber": ""}, {"purePhoneNumber": "1x"}, {"purePhoneNumber": 1}]
)
def test_a_phone_number_that_is_none_is_broken(info):
    with odd_server(TOKEN_ANSWER, http(json.dumps({"errcode": 0, "phone_info": info}))) as (url, _):
        assert failure(lambda: MiniProgram(miniprogram_settings(url), None).phone_number("c", OPENID)).kind == "broken"


def test_a_session_holds_until_the_next_login(sim, program):
    first = program.login(sim.login_code("alice"))
    assert program.session_is_valid(first.openid, first.session_key) is True
    program.login(sim.login_code("alice"))
    assert program.session_is_valid(first.openid, first.session_key) is False


def test_whether_a_session_holds_is_not_guessed(sim, program):
    sim.faults.always("/wxa/checksession", -1)
    assert failure(lambda: program.session_is_valid(OPENID, SESSION_KEY)).kind == "busy"


def test_checking_a_session_shows_no_secret(caplog):
    caplog.set_level(logging.DEBUG, logger="urllib3")
    with odd_server(TOKEN_ANSWER, http("<html>")) as (url, received):
        program = MiniProgram(miniprogram_settings(url), None)
        error = failure(lambda: program.session_is_valid(OPENID, SESSION_KEY))
    assert OPENID.encode() in received[1]
    assert SESSION_KEY.encode() not in received[1]
    assert not [secret for secret in SECRETS if secret in shown(error) + caplog.text]


def test_a_code_is_a_picture(program):
    assert program.code_image("s=1", "pages/case/case").startswith(b"\x89PNG")


def test_a_code_is_asked_for_as_wished():
    with odd_server(TOKEN_ANSWER, http(b"\xff\xd8\xff\xe0jpeg", headers=["Content-Type: image/jpeg"])) as (
        url,
        received,
    ):
        program = MiniProgram(miniprogram_settings(url), None)
        assert (
            program.code_image("a" * 32, "pages/a", env="trial", check_path=False, width=280) == b"\xff\xd8\xff\xe0jpeg"
        )
    assert bodies(received) == [
        {"scene": "a" * 32, "page": "pages/a", "env_version": "trial", "check_path": False, "width": 280}
    ]


@pytest.mark.parametrize(
    ("scene", "page", "width"),
    [
        ("", "pages/a", 430),
        ("a" * 33, "pages/a", 430),
        ("100%", "pages/a", 430),
        ("场景", "pages/a", 430),
        ("a b", "pages/a", 430),
        ("a\n", "pages/a", 430),
        ("a", "/pages/a", 430),
        ("a", "pages/a?b=1", 430),
        ("a", "", 430),
        ("a", "pages/a", 279),
        ("a", "pages/a", 1281),
    ],
)
def test_a_code_out_of_bounds_is_not_asked_for(sim, program, scene, page, width):
    with pytest.raises(ValueError, match="must"):
        program.code_image(scene, page, width=width)
    assert not sim.requests


def test_a_code_for_a_page_that_is_not_published_is_refused():
    with Simulator(Account(pages=("pages/a",))) as sim:
        program = MiniProgram(miniprogram_settings(sim.url), None)
        assert failure(lambda: program.code_image("s", "pages/b")).errcode == 41030
        assert program.code_image("s", "pages/b", check_path=False)


@pytest.mark.parametrize("body", ["<html>", "", '{"errcode": 0}'])
def test_what_is_no_picture_is_broken(body):
    with odd_server(TOKEN_ANSWER, http(body, headers=["Content-Type: image/jpeg"])) as (url, _):
        assert failure(lambda: MiniProgram(miniprogram_settings(url), None).code_image("s", "pages/a")).kind == "broken"


def test_a_refused_token_is_put_right_for_pictures_too(sim, program):
    sim.faults.always("/wxa/getwxacodeunlimit", 42001, times=1)
    assert program.code_image("s=1", "pages/case/case")
    assert sim.requests["/wxa/getwxacodeunlimit"] == 2


def test_a_subscribe_message_arrives_within_its_limits(sim, program):
    alice = sim.citizen("alice")
    sim.add_template(TEMPLATE, *FIELDS)
    sim.accept("alice", TEMPLATE, math.inf)
    program.send_subscribe_message(alice.mini_openid, TEMPLATE, FIELDS | {"thing1": "食品经营许可\n(新申请)" * 3})
    program.send_subscribe_message(alice.mini_openid, TEMPLATE, FIELDS, page="pages/case/case?n=1", state="developer")
    first, second = [delivery.raw for delivery in alice.inbox]
    assert first["data"]["thing1"] == {"value": "食品经营许可 (新申请)食品经营许可…"}
    assert (first["miniprogram_state"], first["lang"], "page" in first) == ("formal", "zh_CN", False)
    assert (second["miniprogram_state"], second["page"]) == ("developer", "pages/case/case?n=1")


def test_a_subscribe_message_without_consent_is_refused(sim, program):
    sim.add_template(TEMPLATE, *FIELDS)
    error = failure(lambda: program.send_subscribe_message(sim.citizen("bob").mini_openid, TEMPLATE, FIELDS))
    assert (error.errcode, error.kind) == (43101, "refused")


def test_a_subscribe_message_that_cannot_fit_is_not_sent(sim, program):
    with pytest.raises(ValueError, match="number5 must be"):
        program.send_subscribe_message(OPENID, TEMPLATE, FIELDS | {"number5": "9" * 33})
    assert not sim.requests


def test_no_secret_in_any_repr(sim):
    settings = miniprogram_settings(sim.url)
    assert ACCOUNT.mini_app_secret not in repr((settings, vars(MiniProgram(settings, None))))
