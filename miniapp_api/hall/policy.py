"""Who may see a ticket: one rule, for one and for lists."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select

from miniapp_api.accounts.service import Visitor
from miniapp_api.errors import Problem
from miniapp_api.hall.models import Ticket
from miniapp_api.sites.service import Pool, Site
from miniapp_api.staff.service import StaffMember, may_act_at


def visible_to(visitor: Visitor) -> ColumnElement[bool]:
    """The tickets that a visitor may see and give up: their own."""
    return Ticket.visitor_id == visitor.id


def visible_at_work(member: StaffMember) -> ColumnElement[bool]:
    """The tickets that a member of staff may see and move: those in queues of their site."""
    theirs = select(Pool.id).join(Site, Site.id == Pool.site_id)
    if member.site_code is not None:
        theirs = theirs.where(Site.code == member.site_code)
    return Ticket.pool_id.in_(theirs)


def require_at(member: StaffMember, site: Site) -> None:
    """Refuse whoever does not work at a site.

    Raises:
        Problem: 403.
    """
    if not may_act_at(member, site.code):
        raise Problem(403, "other_site", "您不在这个大厅工作，不能操作它的窗口和号码。请换到自己的大厅。")
