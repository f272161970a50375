"""Who may see a guide: one rule, for one guide and for lists."""

from __future__ import annotations

from sqlalchemy import ColumnElement

from miniapp_api.accounts.service import Visitor
from miniapp_api.guides.models import Guide


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """The guides that a visitor may see and change: their own."""
    return Guide.visitor_id == visitor.id
