"""What the command line does inside the application."""

from __future__ import annotations

from argparse import Namespace
from typing import TextIO

from sqlalchemy import select

from miniapp_api.accounts.service import Visitor
from miniapp_api.database import utc_now
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.holdings import period_of, registered
from miniapp_api.privacy import resealing
from miniapp_api.privacy.erasure import erase as erase_visitor
from miniapp_api.privacy.erasure import retain as retain_all


def reseal(_options: Namespace, out: TextIO) -> int:
    """Seal everything anew under the newest key, telling how far it is.

    Returns:
        0; 1 if something could not be unsealed.
    """
    columns: dict[str, resealing.Progress] = {}
    for progress in resealing.reseal(db.session):
        columns[progress.column] = progress
        print(f"{progress.column}：看过 {progress.seen}，重新加密 {progress.resealed}", file=out, flush=True)
    broken = {name: progress.broken for name, progress in columns.items() if progress.broken}
    for name, count in broken.items():
        print(f"{name}：有 {count} 个打不开，没有动。请检查 FIELD_KEYS 里是不是少了旧密钥", file=out)
    if not broken:
        print("全部换好了，更早的加密密钥可以从 FIELD_KEYS 里拿掉（hmac-sha256 的检索密钥要一直留着）。", file=out)
    return 1 if broken else 0


def erase(options: Namespace, out: TextIO) -> int:
    """Erase a visitor.

    Raises:
        Problem: 404 if there is none; 409 if something is still going on.
    """
    visitor = db.session.scalar(select(Visitor).filter_by(public_id=options.visitor))
    if visitor is None:
        raise Problem(404, detail="没有这个访客，请核对编号。")
    for done in erase_visitor(db.session, visitor, dry_run=options.dry_run):
        print(f"{done.holding.name}：{done.rows}", file=out)
    print("只是数了数，什么都没有删。" if options.dry_run else "已经删掉。", file=out)
    return 0


def retain(options: Namespace, out: TextIO) -> int:
    """Let go what is older than its period."""
    for done in retain_all(db.session, utc_now(), dry_run=options.dry_run):
        print(f"{done.holding.name}：{done.rows}", file=out, flush=True)
    print("只是数了数，什么都没有删。" if options.dry_run else "到期的已经清理。", file=out)
    return 0


def holdings(_options: Namespace, out: TextIO) -> int:
    """List what is kept, and how long."""
    for holding in registered():
        period = period_of(holding.id)
        print(f"{holding.id}  {holding.name}：{holding.after} {period.days} 天（{period.why}）", file=out)
    return 0
