"""A worker dies between WeChat's word and the row's: what was taken does not come again."""

from datetime import timedelta

import pytest
import redis as redis_client

from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.wechat import delivering, sending
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.models import WeChatIdentity
from miniapp_api.wechat.receipts import Receipts


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
def lease_ends(app):
    """Let as much time pass as a sender may take."""

    def now():
        with app.app_context():
            db.session.query(WeChatIdentity).one().sending_until = utc_now() - timedelta(seconds=1)
            db.session.commit()

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
