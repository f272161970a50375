"""Login to the mini-program: codes, session keys, phone numbers."""

import base64
import hashlib
import hmac

import pytest

from tests.simulator.conftest import API


@pytest.fixture
def login(sim, api):
    def login(code, **changes):
        query = {
            "appid": sim.account.mini_app_id,
            "secret": sim.account.mini_app_secret,
            "js_code": code,
            "grant_type": "authorization_code",
        }
        return api.get("/sns/jscode2session", **query | changes)

    return login


def test_a_code_is_exchanged_once(sim, login, alice):
    code = sim.login_code("alice")
    answer = login(code)
    assert answer.headers["content-type"].startswith("text/plain")
    assert set(answer.json()) == {"openid", "session_key"}
    assert answer.json()["openid"] == alice.mini_openid
    assert answer.json()["session_key"].startswith("SKSIM")
    assert len(base64.b64decode(answer.json()["session_key"], validate=True)) == 16
    assert login(code).json()["errcode"] == 40163


def test_codes_that_are_none(sim, login, clock):
    assert login("nonsense").json()["errcode"] == 40029
    assert login("").json()["errcode"] == 41008
    code = sim.login_code("alice")
    clock.now += 300
    assert login(code).json()["errcode"] == 40029


def test_only_the_mini_program_logs_in(sim, login):
    code = sim.login_code("alice")
    assert login(code, appid=sim.account.app_id, secret=sim.account.app_secret).json()["errcode"] == 40013
    assert login(code, secret="x").json()["errcode"] == 40125
    assert login(code, grant_type="client_credential").json()["errcode"] == 40002
    assert "openid" in login(code).json()


@pytest.mark.parametrize("errcode", [40226, 45011, -1])
def test_refusals_on_demand(sim, login, errcode):
    sim.faults.always("/sns/jscode2session", errcode)
    assert login(sim.login_code("alice")).json()["errcode"] == errcode


def test_with_an_open_platform_there_is_a_unionid(start):
    sim, _ = start(open_platform=True)
    account = sim.account
    query = {"appid": account.mini_app_id, "secret": account.mini_app_secret, "js_code": sim.login_code("alice")}
    answer = API(sim).get("/sns/jscode2session", grant_type="authorization_code", **query)
    assert answer.json()["unionid"] == sim.citizen("alice").unionid


def test_only_the_last_session_key_is_valid(sim, api, login, alice):
    def check(key, **changes):
        signed = hmac.new(key.encode(), b"", hashlib.sha256).hexdigest()
        query = {"openid": alice.mini_openid, "signature": signed, "sig_method": "hmac_sha256"} | changes
        return api.get("/wxa/checksession", "mini", **query).json()["errcode"]

    assert check("none yet") == 87009
    first = login(sim.login_code("alice")).json()["session_key"]
    assert check(first) == 0
    assert check(first, sig_method="md5") == 87009
    second = login(sim.login_code("alice")).json()["session_key"]
    assert [check(first), check(second)] == [87009, 0]
    assert check(second, openid=alice.openid) == 40003


def test_a_phone_number(sim, api, alice):
    path = "/wxa/business/getuserphonenumber"
    code = sim.phone_code("alice", "13900001111")
    bob = sim.citizen("bob")
    assert api.post(path, {"code": code, "openid": bob.mini_openid}, "mini").json()["errcode"] == 40029
    answer = api.post(path, {"code": code, "openid": alice.mini_openid}, "mini").json()
    assert (answer["errcode"], answer["phone_info"]["purePhoneNumber"]) == (0, "13900001111")
    assert answer["phone_info"]["watermark"]["appid"] == sim.account.mini_app_id
    assert api.post(path, {"code": code}, "mini").json()["errcode"] == 40029
    assert api.post(path, {"code": sim.login_code("alice")}, "mini").json()["errcode"] == 40029
    assert api.post(path, {"code": ["x"]}, "mini").json()["errcode"] == 40029
