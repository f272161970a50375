"""Patience, attempts, and everything that may go wrong between Tencent and the callback."""

import threading
import time

import pytest
from flask import Response

from wechat_simulator import APOLOGY, PushFaults, pushes

PATIENCE = 0.4
LATE = 0.3
"""Seconds that a busy machine may be late."""


@pytest.fixture
def started(start):
    return start(patience=PATIENCE)


def slow_until(attempt, seconds=PATIENCE * 2):
    """An answer that is too late before the given attempt, counted from 1."""
    count = iter(range(1, 100))

    def answer(heard):
        if next(count) < attempt:
            time.sleep(seconds)
        return "好"

    return answer


def test_the_third_attempt_is_the_last_and_each_a_new_envelope(callback, alice):
    callback.answer = slow_until(3)
    outcome = alice.text("你好")
    assert (outcome.kind, outcome.attempts) == ("passive", 3)
    starts = [heard.at - callback.heard[0].at for heard in callback.heard]
    assert starts == pytest.approx([0, PATIENCE, 2 * PATIENCE], abs=LATE)
    assert PATIENCE <= outcome.first_attempt_seconds < PATIENCE + LATE
    assert len({heard.query["nonce"] for heard in callback.heard}) == 3
    assert len({heard.body for heard in callback.heard}) == 3
    assert len({str(heard.inner) for heard in callback.heard}) == 1


def test_nothing_in_time_is_broken(callback, alice):
    callback.answer = slow_until(4)
    outcome = alice.text("你好")
    assert (outcome.kind, outcome.text, outcome.attempts) == ("broken", APOLOGY, 3)
    assert "秒内" in outcome.reason
    assert alice.inbox == []


def test_a_server_that_is_not_there_is_tried_again(start):
    sim, callback = start(retry_spacing=0.05)
    callback.close()
    outcome = sim.citizen("alice").text("你好")
    assert (outcome.kind, outcome.attempts) == ("broken", 3)
    assert outcome.reason == "连接失败：ConnectError"
    assert 0.1 <= outcome.seconds < 0.1 + LATE


def test_an_error_of_the_server_is_tried_again(start):
    sim, callback = start(retry_spacing=0.05, attempts=4)
    callback.answer = lambda heard: Response("", 503) if len(callback.heard) < 4 else "好"
    assert sim.citizen("alice").text("你好").attempts == 4


def test_a_trickle_does_not_stretch_our_patience(start):
    sim, callback = start(attempts=1, patience=PATIENCE)

    def trickle():
        for _ in range(20):
            time.sleep(PATIENCE / 5)
            yield b"s"

    callback.answer = lambda heard: Response(trickle(), content_type="text/plain")
    outcome = sim.citizen("alice").text("你好")
    assert outcome.kind == "broken"
    assert PATIENCE <= outcome.seconds < PATIENCE + LATE


def test_a_lost_reply_is_asked_for_again(callback, alice):
    callback.answer = lambda heard: "好"
    outcome = alice.text("你好", lost=1, cut=(PATIENCE, PATIENCE))
    assert (outcome.kind, outcome.attempts) == ("passive", 2)
    assert len(alice.inbox) == 1


def test_hanging_up_early(start):
    sim, callback = start(retry_spacing=0.1)
    count = iter(range(10))
    callback.answer = lambda heard: time.sleep(0.3 if next(count) == 0 else 0) or "好"
    outcome = sim.citizen("alice").text("你好", cut=(0.05,))
    assert (outcome.kind, outcome.attempts) == ("passive", 2)
    assert 0.05 <= outcome.first_attempt_seconds < 0.3


def test_copies_at_the_same_moment(start):
    sim, callback = start()
    alice = sim.citizen("alice")
    together = threading.Barrier(3)

    def answer(heard):
        together.wait(2)
        return "好"

    callback.answer = answer
    outcome = alice.text("你好", copies=3)
    assert (outcome.kind, outcome.attempts) == ("passive", 1)
    assert len(callback.heard) == 3
    assert len(alice.inbox) == 1
    assert sorted(delivery.duplicate for delivery in sim.deliveries) == [False, True, True]


def test_the_first_of_several_replies_is_seen_at_once(start):
    sim, callback = start()
    alice = sim.citizen("alice")
    first = threading.Event()

    def answer(heard):
        if heard is callback.heard[0]:
            return "好"
        first.wait(2)
        return b"success"

    callback.answer = answer
    future = alice.begin(pushes.text("你好"), copies=2)
    assert len(alice.wait_for(1, 2)) == 1
    assert not future.done()
    first.set()
    assert future.result().kind == "passive"


@pytest.mark.parametrize(
    ("answers", "kind"),
    [(["好", b"success"], "passive"), ([b"success", b"rubbish"], "acknowledged"), ([b"rubbish", "好"], "passive")],
)
def test_of_several_answers_a_reply_counts_most(start, answers, kind):
    sim, callback = start()
    alice = sim.citizen("alice")
    together = threading.Barrier(2)
    left = list(answers)

    def answer(heard):
        together.wait(2)
        return left.pop()

    callback.answer = answer
    assert alice.text("你好", copies=2).kind == kind


def test_faults_of_the_simulator_are_the_default_and_repeatable(start):
    def attempts(seed):
        sim, callback = start(seed=seed, retry_spacing=0.0, attempts=4)
        callback.answer = lambda heard: "好"
        sim.push_faults = PushFaults(lost_chance=0.5)
        return [sim.citizen("alice").text("你好").attempts for _ in range(12)]

    assert attempts(1) == attempts(1) != attempts(2)


def test_giving_up_at_random(start):
    sim, callback = start(patience=0.2, retry_spacing=0.0, attempts=4)
    callback.answer = lambda heard: time.sleep(0.1) or "好"
    sim.push_faults = PushFaults(cut_chance=1.0)
    outcomes = [sim.citizen("alice").text("你好") for _ in range(4)]
    assert max(outcome.attempts for outcome in outcomes) > 1


def test_many_citizens_at_once(start):
    sim, callback = start()
    callback.answer = lambda heard: heard.inner["Content"]
    citizens = [sim.citizen(f"c{number}") for number in range(30)]
    threads = [threading.Thread(target=citizen.text, args=(citizen.name,)) for citizen in citizens]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [[delivery.text for delivery in citizen.inbox] for citizen in citizens] == [[c.name] for c in citizens]


def test_closing_gives_up(start):
    sim, callback = start(patience=30)
    callback.answer = lambda heard: time.sleep(0.5) or b""
    future = sim.citizen("alice").begin(pushes.text("你好"))
    time.sleep(0.1)
    sim.close()
    assert future.cancelled()
