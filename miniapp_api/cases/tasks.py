"""What happens to cases without anybody asking. Each case is a transaction of its own."""

from __future__ import annotations

from collections.abc import Sequence

import structlog
from celery import shared_task
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.cases.acting import Act, acting
from miniapp_api.cases.course import RUNNING, State
from miniapp_api.cases.events import DeemedAccepted, DeemedRenewed, Fact, Terminated
from miniapp_api.cases.explaining import why_not
from miniapp_api.cases.models import Case
from miniapp_api.cases.recording import bring_up_to_date, course_of, hold, record
from miniapp_api.extensions import db

BATCH = 200

NOT_COMPLETED = "承诺的期限过了，容缺的材料没有补齐。可以备齐以后重新申请。"

log = structlog.get_logger()


@shared_task(name="cases.night")
def night() -> None:
    """Record what the law makes of silence: deemed acceptance, deemed renewal, and what was owed too long."""
    last = 0
    while ids := due_after(db.session, last):
        last = ids[-1]
        db.session.rollback()
        for case_id in ids:
            settle(acting(db.session), case_id)
            db.session.commit()


def due_after(session: Session, last: int) -> Sequence[int]:
    """Some cases to look at, by number of the row, after one of them."""
    looked_at = {State.RECEIVED, *RUNNING}
    wanted = select(Case.id).where(Case.id > last, Case.state.in_(state.value for state in looked_at))
    return session.scalars(wanted.where(Case.outside.is_(None)).order_by(Case.id).limit(BATCH)).all()


def settle(act: Act, case_id: int) -> None:
    """Record what became of one case by itself."""
    case = act.session.get_one(Case, case_id)
    hold(act.session, case)
    facts: tuple[Fact, ...] = (DeemedAccepted(), DeemedRenewed(), Terminated(reason=NOT_COMPLETED))
    course = course_of(act, case)
    for fact in facts:
        if why_not(act, course, fact) is None:
            record(act, case, fact)
            log.warning("case_settled_by_itself", case=case.public_id, what=fact.kind)
            course = course_of(act, case)
    bring_up_to_date(act, case, course)  # days off may have been published since
