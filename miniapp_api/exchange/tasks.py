"""What the worker does for the exchange."""

from __future__ import annotations

from celery import shared_task

from miniapp_api.exchange import pushing
from miniapp_api.extensions import db, settings
from miniapp_api.queue import enqueue


@shared_task(name="exchange.push")
def push(name: str) -> None:
    """Send a system what is due to it."""
    for partner in settings().partners:
        if partner.name == name and partner.push:
            pushing.push(db.session, partner)


@shared_task(name="exchange.sweep")
def sweep() -> None:
    """Have every system told what it is owed; one that is slow holds up no other."""
    for partner in settings().partners:
        if partner.push:
            enqueue("exchange.push", partner.name)
