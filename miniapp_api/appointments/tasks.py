"""What is done about appointments without anybody asking. Each part is a transaction of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import structlog
from celery import shared_task

from miniapp_api.appointments import booking as making
from miniapp_api.appointments import changing, claiming, generating, running, waiting
from miniapp_api.appointments.acting import SYSTEM, Act
from miniapp_api.appointments.service import acting
from miniapp_api.extensions import db
from miniapp_api.sites.service import Pool

log = structlog.get_logger()


@shared_task(name="appointments.sweep")
def sweep() -> None:
    """End holds and cooling that are over, and serve the waiting list."""
    for part in (making.end_holds, _end_cooling, waiting.settle):
        _in_transaction(part)
    for entry_id in _in_transaction(waiting.queue):
        _in_transaction(lambda act, id_=entry_id: waiting.serve(act, id_))


@shared_task(name="appointments.settle")
def settle() -> None:
    """Mark who did not come, and decide which sessions take place."""
    for part in (changing.mark_missed, running.decide):
        while _in_transaction(part):  # some at a time, so that nobody waits long for their locks
            pass


@shared_task(name="appointments.generate")
def generate() -> None:
    """Make the slots of the days to come, pool by pool, so that nobody waits long for the one writer."""
    for pool_id in _in_transaction(lambda act: generating.scheduled(act.session)):
        report = _in_transaction(lambda act, id_=pool_id: _generate(act, id_))
        if report.crowded or report.revoked:
            log.warning("slots_changed", pool=pool_id, crowded=len(report.crowded), revoked=len(report.revoked))


def _generate(act: Act, pool_id: int) -> generating.Report:
    return generating.generate_ahead(act, [act.session.get_one(Pool, pool_id)])


def _end_cooling(act: Act) -> None:
    claiming.end_cooling(act.session, act.now)


def _in_transaction(part: Callable[[Act], Any]) -> Any:
    result = part(acting(db.session, SYSTEM))
    db.session.commit()
    return result
