"""A slice of what `make bench` sends to the door, and a look at whether it would notice."""

from benchmarks.wechat import fuzz as wechat_fuzz
from miniapp_api.wechat.envelope import Envelope


def test_nothing_gets_in_and_nothing_breaks():
    count = wechat_fuzz.fuzz(300, seed=1)
    assert sum(count.statuses.values()) == 300
    assert set(count.statuses) == {403, 405, 413}
    assert +count.errors == +count.accepted == {}
    assert (count.rows, count.reached, count.control) == (0, 0, 2)


def test_a_door_that_checks_no_signature_is_noticed(monkeypatch):
    monkeypatch.setattr(Envelope, "_check", lambda *_arguments: None)
    count = wechat_fuzz.fuzz(100, seed=1)
    assert {kind for kind, times in count.accepted.items() if times} >= {"old", "shuffled", "another_token"}
    assert count.rows > 0
    assert count.reached > 0
