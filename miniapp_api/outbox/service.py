"""Use cases of the outbox, and the only module of it that others may import.

A message is a row, written in the transaction that caused it: `post` queues nothing. Within two
seconds after the commit a sweep finds it.
"""

from __future__ import annotations

from flask import Flask

from miniapp_api import holdings
from miniapp_api.outbox import erasing
from miniapp_api.outbox.claims import BACKOFF
from miniapp_api.outbox.consents import grant
from miniapp_api.outbox.inbox import Page, inbox, mark_read
from miniapp_api.outbox.notices import Notice, Owed, post, post_all, withdraw

__all__ = [
    "BACKOFF",
    "Notice",
    "Owed",
    "Page",
    "grant",
    "inbox",
    "init_app",
    "mark_read",
    "post",
    "post_all",
    "withdraw",
]


def init_app(app: Flask) -> None:
    """Say what is kept of somebody."""
    holdings.register(app, erasing.HOLDING)
