"""Where somebody's word counts: at their site and all sites under it (中心, 分中心, 乡镇、街道, 村、社区)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.sites.service import Site
from miniapp_api.staff.models import StaffMember


def reach(session: Session, member: StaffMember) -> frozenset[str] | None:
    """Give the codes of the sites whose cases somebody may see: their own and all under it, closed ones too.

    Returns:
        None if it is all of them: for administrators without a site.
    """
    if member.site_code is None:
        return None
    under = select(Site.code).where(Site.parent == member.site_code).cte("under", recursive=True)
    under = under.union(select(Site.code).join(under, Site.parent == under.c.code))
    return frozenset(session.scalars(select(under.c.code))) | {member.site_code}
