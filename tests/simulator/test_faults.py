"""Faults of the API that a test asks for."""

import time

import httpx
import pytest

SEND = "/cgi-bin/message/custom/send"


@pytest.fixture
def ready(api, alice):
    """A citizen who may be written to, and a token in hand."""
    alice.text("你好")
    api.token()


def test_always_and_reset(sim, api, alice, ready):
    sim.faults.always(SEND, 48001)
    assert [api.say(alice), api.say(alice)] == [48001, 48001]
    sim.faults.reset()
    assert api.say(alice) == 0


def test_so_many_times(sim, api, alice, ready):
    sim.faults.always(SEND.lstrip("/"), -1, times=2)
    assert [api.say(alice) for _ in range(3)] == [-1, -1, 0]


def test_slow(sim, api, alice, ready):
    sim.faults.slow(SEND, 0.2)
    began = time.monotonic()
    assert api.say(alice) == 0
    assert time.monotonic() - began >= 0.2


def test_dropped_before_anything_is_done(sim, api, alice, ready):
    sim.faults.drop(SEND, 2)
    for _ in range(2):
        with pytest.raises(httpx.RemoteProtocolError):
            api.say(alice)
    assert alice.inbox == []
    assert api.say(alice) == 0
    assert sim.requests[SEND] == 3


def test_dropped_after_it_was_done(sim, api, alice, ready, capsys):
    sim.faults.drop(SEND, 1, after=True)
    with pytest.raises(httpx.RemoteProtocolError):
        api.say(alice)
    assert len(alice.inbox) == 1
    assert capsys.readouterr() == ("", "")
