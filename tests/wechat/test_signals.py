"""Who waits for an answer in this process is handed the reply that was claimed for them."""

import pytest

from miniapp_api.wechat import answering
from miniapp_api.wechat.exchanges import Reply
from miniapp_api.wechat.signals import Signals

REPLY = Reply(7, 1, "0" * 32, "好", None)


@pytest.fixture
def signals():
    return Signals(places=2)


def test_all_copies_that_wait_are_called_with_the_reply(signals):
    with signals.waiting(7, lambda: True) as first, signals.waiting(7, lambda: True) as copy:
        signals.answered(7, REPLY)
        assert first.called.is_set() and copy.called.is_set()
        assert first.reply is copy.reply is REPLY


def test_those_who_wait_for_something_else_are_left_alone(signals):
    with signals.waiting(8, lambda: True) as other:
        signals.answered(7, REPLY)
        assert not other.called.is_set()
        assert other.reply is None


def test_an_answer_without_a_reply_calls_too(signals):
    with signals.waiting(7, lambda: True) as waiter:
        signals.answered(7, None)
        assert waiter.called.is_set()
        assert waiter.reply is None


@pytest.mark.parametrize(("listening", "awaited"), [([True], True), ([False], False), ([False, True], True)])
def test_only_those_who_can_be_replied_to_are_replied_to(signals, listening, awaited):
    with signals.waiting(7, lambda: listening[0]), signals.waiting(7, lambda: listening[-1]):
        assert signals.awaited(7) == awaited
    assert not signals.awaited(7)


def test_there_are_so_many_places(signals):
    with signals.waiting(7, lambda: True), signals.waiting(8, lambda: True):
        with signals.waiting(9, lambda: True) as third:
            assert third is None
        assert not signals.awaited(9)
    with signals.waiting(9, lambda: True) as third:
        assert third is not None


def test_a_reply_is_claimed_with_its_answer(alice, monkeypatch):
    """So that whoever waits writes nothing more before it is theirs."""
    handed = []
    look = answering._look

    def noted(session, received, waiter, *, called):
        handed.append(waiter.reply.text if waiter.reply else None)
        return look(session, received, waiter, called=called)

    monkeypatch.setattr(answering, "_look", noted)
    text = alice.text("一").text
    assert handed[-1] == text
