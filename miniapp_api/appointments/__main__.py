"""`python -m miniapp_api.appointments generate [CITY]`: make the slots of the days to come, now.

The worker does it every hour by itself; this is for the first time, and after a change of the files.
"""

from __future__ import annotations

import sys

from sqlalchemy import select

from miniapp_api.appointments import generating
from miniapp_api.appointments.generating import Report
from miniapp_api.appointments.service import SYSTEM, acting
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool, Site
from miniapp_api.wsgi import app

USAGE = "用法：python -m miniapp_api.appointments generate [城市代号]"


def generate(locality: str | None) -> Report:
    """Make the slots of a city, or of all; each pool is a transaction of its own."""
    wanted = select(Pool.id).join(Site).where(Pool.active, Site.active, Pool.schedule.is_not(None))
    if locality:
        wanted = wanted.where(Site.locality == locality)
    report = Report()
    for pool_id in db.session.scalars(wanted.order_by(Pool.id)).all():
        report.add(generating.generate_ahead(acting(db.session, SYSTEM), [db.session.get_one(Pool, pool_id)]))
        db.session.commit()
    return report


def main(arguments: list[str]) -> int:
    """Serve the command line.

    Returns:
        0; 2 if it was not understood.
    """
    match arguments:
        case ["generate", *rest] if len(rest) <= 1:
            with app.app_context():
                report = generate(rest[0] if rest else None)
            told = f"新增 {report.created} 个号段，改动 {report.changed} 个，关闭 {report.closed} 个"
            print(told + (f"，{len(report.revoked)} 个预约不能保留，已通知本人" if report.revoked else ""))
            if report.crowded:
                print(f"有 {len(report.crowded)} 个时段已约的人比现在的号多，请在工作台看当天的预约")
            return 0
        case _:
            print(USAGE)
            return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
