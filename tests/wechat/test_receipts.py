"""A process dies between WeChat's word and the row's: what was given does not come again."""

import threading
from datetime import timedelta

import pytest
import redis as redis_client

from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.wechat import delivering, sending
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.models import WeChatIdentity
from miniapp_api.wechat.receipts import Receipts, receipt_of


class _DiesError(Exception):
    """Ends a sender where a kill would."""


@pytest.fixture
def send(app):
    """Send what the only citizen is owed, as the worker does."""

    def once():
        with app.app_context():
            identity = db.session.query(WeChatIdentity).one()
            db.session.commit()
            door = Door.of_app()
            delivering.send_owed(db.session, door.api, door.receipts, app.extensions["settings"], identity.id)

    return once


@pytest.fixture
def lease_ends(monkeypatch):
    """Let as much time pass as a sender may take."""

    def now():
        monkeypatch.setattr(sending, "utc_now", lambda: utc_now() + timedelta(minutes=1))

    return now


@pytest.fixture
def taken(alice, rasa, rows, until, send, monkeypatch):
    """Have WeChat take an answer from a sender that dies before it is written down."""

    def die(*_arguments, **_more):
        raise _DiesError

    rasa.behave = "late"
    alice.text("一")
    rasa.release.set()
    until(lambda: rows()[0].state == "answered")
    with monkeypatch.context() as patch, pytest.raises(_DiesError):
        patch.setattr(sending, "end_sending", die)
        send()
    assert len(alice.inbox) == 1
    assert rows()[0].delivered_at is None


@pytest.mark.usefixtures("taken")
def test_the_next_sender_knows_that_it_was_taken(alice, rows, send, lease_ends):
    send()
    lease_ends()
    send()
    assert len(alice.inbox) == 1
    assert rows()[0].delivered_at is not None


@pytest.mark.usefixtures("taken")
def test_a_reply_does_not_give_it_again(alice, lease_ends):
    lease_ends()
    outcome = alice.text("二")
    assert outcome.kind == "passive"
    assert "「一」" not in outcome.text


@pytest.mark.usefixtures("taken")
def test_without_its_receipt_it_would_come_again(alice, redis_url, send, lease_ends):
    """A negative control; and a message that nobody heard WeChat take is not lost."""
    with redis_client.Redis.from_url(redis_url) as client:
        client.flushall()
    lease_ends()
    send()
    assert len(alice.inbox) == 2


@pytest.fixture
def replied(alice, rows, until, monkeypatch):
    """Have a reply written by a process that dies before that is written down."""

    ended = threading.Event()

    def die(*_arguments):
        ended.set()
        raise _DiesError

    with monkeypatch.context() as patch:
        patch.setattr(sending, "end_replying", die)
        outcome = alice.text("一")
        assert outcome.kind == "passive"
        until(ended.is_set)
    assert rows()[0].delivered_at is None
    return outcome


@pytest.mark.usefixtures("replied")
def test_the_next_sender_knows_that_the_reply_was_written(alice, rows, send, lease_ends):
    send()
    lease_ends()
    send()
    assert len(alice.inbox) == 1
    assert rows()[0].delivered_at is not None


@pytest.mark.usefixtures("replied")
def test_the_next_reply_does_not_give_it_again(alice, lease_ends):
    lease_ends()
    outcome = alice.text("二")
    assert outcome.kind == "passive"
    assert "「一」" not in outcome.text


def test_a_reply_of_which_nobody_knows_is_sent(alice, replied, redis_url, rows, send, lease_ends):
    """A negative control; and a reply that was claimed and never written is not lost."""
    with redis_client.Redis.from_url(redis_url) as client:
        client.flushall()
    lease_ends()
    send()
    assert [delivery.via for delivery in alice.inbox] == ["passive", "custom"]
    assert alice.inbox[1].text == replied.text


def test_a_receipt_is_of_one_lease_alone(redis_url):
    """What was written, not heard, claimed anew and not written then is not delivered."""
    receipts, first = Receipts(redis_url), utc_now()
    receipts.keep(receipt_of("a", first))
    again = receipt_of("a", first + timedelta(seconds=5))
    assert receipts.kept([again]) == set()


def test_receipts_tell_what_was_kept(redis_url):
    receipts = Receipts(redis_url)
    receipts.keep("a")
    assert receipts.kept(["a", "b"]) == {"a"}
    assert receipts.kept([]) == set()


def test_without_redis_nothing_is_known_and_nothing_raised():
    away = Receipts("redis://127.0.0.1:9/0")
    away.keep("a")
    assert away.kept(["a"]) is None
    assert Receipts(None).kept(["a"]) == set()
