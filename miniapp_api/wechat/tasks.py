"""What the worker does for the WeChat door."""

from __future__ import annotations

from celery import shared_task

from miniapp_api.extensions import db, settings
from miniapp_api.queue import enqueue
from miniapp_api.wechat import delivering, sweeping
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.identities import learn_unionid
from miniapp_api.wechat.models import WeChatIdentity
from miniapp_api.wechat.turning import take_turns


@shared_task(name="wechat.send")
def send(identity_id: int) -> None:
    """Send what a citizen is owed."""
    door = Door.of_app()
    delivering.send_owed(db.session, door.api, door.receipts, settings(), identity_id)


@shared_task(name="wechat.typing")
def typing(identity_id: int) -> None:
    """Show a citizen that an answer is being written."""
    delivering.show_typing(db.session, Door.of_app().api, identity_id)


@shared_task(name="wechat.turns")
def turns(identity_id: int) -> None:
    """Take the turns of a citizen that nobody takes."""
    take_turns(identity_id, Door.of_app().signals)


@shared_task(name="wechat.learn_unionid")
def learn(identity_id: int) -> None:
    """Learn who a follower is on the Open Platform, and join them to whom they are already."""
    identity = db.session.get_one(WeChatIdentity, identity_id)
    db.session.commit()
    unionid = Door.of_app().api.follower_unionid(identity.openid)
    learn_unionid(db.session, identity, unionid)
    db.session.commit()


@shared_task(name="wechat.sweep")
def sweep() -> None:
    """Find what was left undone, and have it done."""
    if Door.of_app().account is None:
        return
    waiting, owed = sweeping.to_turn(db.session), sweeping.to_send(db.session)
    db.session.commit()
    for name, citizens in (("wechat.turns", waiting), ("wechat.send", owed)):
        for identity_id in citizens:
            enqueue(name, identity_id)


@shared_task(name="wechat.forget")
def forget() -> None:
    """Forget what need not be kept."""
    sweeping.forget(db.session)
    db.session.commit()
