"""What the worker does for the outbox."""

from __future__ import annotations

from celery import shared_task

from miniapp_api.extensions import db, settings
from miniapp_api.outbox import delivering, sweeping
from miniapp_api.queue import enqueue


@shared_task(name="outbox.deliver")
def deliver(visitor_id: int) -> None:
    """Send a citizen what they are owed."""
    delivering.deliver(db.session, settings(), visitor_id)


@shared_task(name="outbox.sweep")
def sweep() -> None:
    """Find what is due, and have it sent."""
    sweeping.drop_late(db.session)
    citizens = sweeping.to_deliver(db.session)
    db.session.commit()
    for visitor_id in citizens:
        enqueue("outbox.deliver", visitor_id)


@shared_task(name="outbox.forget")
def forget() -> None:
    """Forget what need not be kept."""
    sweeping.forget(db.session)
    db.session.commit()
