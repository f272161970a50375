"""Use cases of the outbox, and the only module of it that others may import.

A message is a row, written in the transaction that caused it: `post` queues nothing. Within two
seconds after the commit a sweep finds it.
"""

from __future__ import annotations

from miniapp_api.outbox.consents import grant
from miniapp_api.outbox.inbox import Page, inbox, mark_read
from miniapp_api.outbox.notices import Notice, post, withdraw

__all__ = ["Notice", "Page", "grant", "inbox", "mark_read", "post", "withdraw"]
