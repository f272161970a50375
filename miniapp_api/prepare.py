"""Bring halls and slots in line with the catalogue, now: `python -m miniapp_api.prepare [CITY]`.

The worker makes slots every hour by itself; this is for the first time, and after a change of the files.
"""

from __future__ import annotations

import sys

from guidance.documents import CatalogueError
from miniapp_api.appointments.generating import Report, generate_ahead, scheduled
from miniapp_api.appointments.service import SYSTEM, acting
from miniapp_api.casedesk.demo import ensure_demo
from miniapp_api.extensions import db, settings
from miniapp_api.sites.service import Pool, load_halls, sync
from miniapp_api.wsgi import app


def main(arguments: list[str]) -> int:
    """Serve the command line: the slots of one city, or of all.

    Returns:
        0; 1 if the files are not valid; 2 if it was not understood.
    """
    if len(arguments) > 1:
        print("用法：python -m miniapp_api.prepare [城市代号]")
        return 2
    with app.app_context():
        try:
            changes = sync(db.session, load_halls(settings().catalogue_dir))
        except CatalogueError as error:
            print(error)
            return 1
        db.session.commit()
        report = _make_slots(*arguments)
        examples = ensure_demo(db.session) if settings().daoban_demo else 0
        db.session.commit()
    print(f"大厅：{len(changes)} 处变动。")
    print(f"号：新增 {report.created} 段，改动 {report.changed} 段，关闭 {report.closed} 段。")
    if examples:
        print(f"办件：放进了 {examples} 个演示的件。")
    if report.revoked:
        print(f"有 {len(report.revoked)} 个预约不能保留，已通知本人改约。")
    if report.crowded:
        print(f"有 {len(report.crowded)} 个时段已约的人比现在的号多，请在工作台看那些天的预约。")
    return 0


def _make_slots(locality: str | None = None) -> Report:
    """Make slots, each pool in a transaction of its own."""
    report = Report()
    for pool_id in scheduled(db.session, locality):
        report.add(generate_ahead(acting(db.session, SYSTEM), [db.session.get_one(Pool, pool_id)]))
        db.session.commit()
    return report


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
