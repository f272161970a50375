"""What is done at the halls without anybody asking."""

from __future__ import annotations

from celery import shared_task

from miniapp_api.database import utc_now
from miniapp_api.extensions import db
from miniapp_api.hall import closing
from miniapp_api.hall.times import day_of


@shared_task(name="hall.sweep")
def sweep() -> None:
    """Settle missed tickets that nobody came back for, and days that are over."""
    now = utc_now()
    closing.end_returns(db.session, now)
    db.session.commit()
    closing.close_days(db.session, day_of(now), now)
    db.session.commit()
