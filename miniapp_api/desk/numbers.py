"""A number just given, as it is shown and printed."""

from __future__ import annotations

from typing import Any

from miniapp_api.desk import at_work
from miniapp_api.extensions import db
from miniapp_api.hall import service as hall
from miniapp_api.hall.service import Ticket


def shown(ticket: Ticket) -> dict[str, Any]:
    """A ticket as its citizen sees it (`hall.schemas.TicketOut`), with the moment."""
    return hall.citizen_view(db.session, ticket, at_work.now()) | {"at": at_work.now()}
