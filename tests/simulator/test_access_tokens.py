"""Tokens are issued, replaced, renewed and refused as Tencent does it."""

import pytest

from tests.simulator.conftest import HTTP

PATH = "/cgi-bin/user/info"


@pytest.fixture
def fetch(sim):
    """Fetch a token by GET /token."""

    def fetch(**changes):
        account = sim.account
        query = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret} | changes
        return HTTP.get(f"{sim.url}/cgi-bin/token", params=query).json()

    return fetch


@pytest.fixture
def fetch_stable(sim):
    def fetch(**changes):
        account = sim.account
        body = {"grant_type": "client_credential", "appid": account.app_id, "secret": account.app_secret} | changes
        return HTTP.post(f"{sim.url}/cgi-bin/stable_token", json=body).json()

    return fetch


@pytest.fixture
def check(sim, alice):
    """The errcode of a call with a token; 0 if it is accepted."""

    def check(**query):
        return HTTP.get(sim.url + PATH, params={"openid": alice.openid} | query).json().get("errcode", 0)

    return check


def test_a_new_token_leaves_the_old_one_five_minutes(fetch, check, clock):
    first = fetch()
    assert first["expires_in"] == 7200
    assert first["access_token"].startswith("ATSIM")
    second = fetch()
    assert second["access_token"] != first["access_token"]
    clock.now += 299
    assert check(access_token=first["access_token"]) == 0
    clock.now += 2
    assert check(access_token=first["access_token"]) == 40001
    assert check(access_token=second["access_token"]) == 0


def test_tokens_end(fetch, check, clock):
    token = fetch()["access_token"]
    clock.now += 7199
    assert check(access_token=token) == 0
    clock.now += 1
    assert check(access_token=token) == 42001


def test_all_tokens_can_be_made_to_end(sim, fetch_stable, check):
    token = fetch_stable()["access_token"]
    sim.expire_tokens()
    assert check(access_token=token) == 42001
    assert fetch_stable()["access_token"] != token


def test_tokens_that_are_none(check):
    assert check() == 41001
    assert check(access_token="") == 41001
    assert check(access_token="ATSIMnever") == 40014


def test_the_stable_token_stays_until_its_last_five_minutes(fetch_stable, check, clock):
    first = fetch_stable()
    clock.now += 6899
    again = fetch_stable()
    assert (again["access_token"], again["expires_in"]) == (first["access_token"], 301)
    clock.now += 1
    renewed = fetch_stable()
    assert renewed["access_token"] != first["access_token"]
    assert check(access_token=first["access_token"]) == check(access_token=renewed["access_token"]) == 0


def test_the_two_ways_know_nothing_of_each_other(fetch, fetch_stable, check, clock):
    stable = fetch_stable()["access_token"]
    plain = fetch()["access_token"]
    clock.now += 400
    assert check(access_token=stable) == check(access_token=plain) == 0
    assert fetch_stable()["access_token"] == stable


def test_force_refresh(fetch_stable, check, clock):
    first = fetch_stable()["access_token"]
    forced = fetch_stable(force_refresh=True)["access_token"]
    assert check(access_token=first) == 40001
    assert check(access_token=forced) == 0
    assert fetch_stable(force_refresh=True)["errcode"] == 45011
    for _ in range(19):
        clock.now += 30
        assert "access_token" in fetch_stable(force_refresh=True)
    clock.now += 30
    assert fetch_stable(force_refresh=True)["errcode"] == 45009
    assert "access_token" in fetch_stable()
    clock.now += 86_400
    assert "access_token" in fetch_stable(force_refresh=True)


def test_a_short_life_is_for_tests(start):
    sim, _ = start(token_ttl=10)
    account = sim.account
    tokens = sim._world.tokens
    assert tokens.fetch_stable(account.app_id, force=False) == tokens.fetch_stable(account.app_id, force=False)


@pytest.mark.parametrize(
    ("changes", "errcode"),
    [
        ({"grant_type": "password"}, 40002),
        ({"appid": ""}, 41002),
        ({"secret": ""}, 41004),
        ({"appid": "wx0000000000000000"}, 40013),
        ({"secret": "wrong"}, 40125),
    ],
)
def test_refused(fetch, fetch_stable, changes, errcode):
    assert fetch(**changes)["errcode"] == fetch_stable(**changes)["errcode"] == errcode


def test_the_stable_way_takes_json_by_post_only(sim):
    url = f"{sim.url}/cgi-bin/stable_token"
    assert HTTP.get(url).json()["errcode"] == 43002
    assert HTTP.post(url, data={"grant_type": "client_credential"}).json()["errcode"] == 47001
    assert HTTP.post(url, json=[]).json()["errcode"] == 47001
    assert HTTP.post(f"{sim.url}/cgi-bin/token").json()["errcode"] == 43001


def test_the_other_app_has_other_tokens(fetch, check, sim):
    token = fetch(appid=sim.account.mini_app_id, secret=sim.account.mini_app_secret)["access_token"]
    assert check(access_token=token) == 48001


def test_every_error_has_another_request_id(fetch):
    first, second = fetch(appid="x")["errmsg"], fetch(appid="x")["errmsg"]
    assert first.startswith("invalid appid rid: ")
    assert first != second


def test_fetches_are_counted(sim, fetch, fetch_stable):
    fetch()
    fetch_stable()
    fetch_stable(secret="wrong")
    assert sim.token_fetches == 3
    assert sim.requests == {"/cgi-bin/token": 1, "/cgi-bin/stable_token": 2}
