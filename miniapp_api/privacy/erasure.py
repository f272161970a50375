"""Erasing what somebody has left, and what is older than its period."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.holdings import Holding, registered

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Done:
    """What was done with a holding: how many rows were erased or expired."""

    holding: Holding
    rows: int


def erase(session: Session, visitor: Visitor, *, dry_run: bool = False) -> list[Done]:
    """Erase all that a visitor has left, and the visitor. Commits, or leaves all as it was.

    Args:
        session: without anything unfinished.
        visitor: who.
        dry_run: only count.

    Returns:
        By holding, in the order in which it was done.

    Raises:
        Problem: 409 if something is still going on for which it is needed; nothing was erased.
    """
    who = visitor.id
    session.execute(select(Visitor.id).where(Visitor.id == who).with_for_update())  # whoever writes waits
    done = [Done(holding, holding.erase(session, who)) for holding in reversed(registered())]
    if dry_run:
        session.rollback()
        return done
    session.commit()
    log.info("visitor_erased", rows=sum(part.rows for part in done))
    return done


def retain(session: Session, now: datetime, *, dry_run: bool = False) -> Iterator[Done]:
    """Let go what is older than its period, holding by holding, in short transactions.

    What was registered later goes first, as with `erase`: a visitor goes after all that refers to them.

    Args:
        session: without anything unfinished.
        now: by which periods are over.
        dry_run: only count; each holding is then one transaction, which is rolled back.
    """
    for holding in reversed(registered()):
        rows = 0
        while some := holding.expire(session, now):
            rows += some
            if not dry_run:
                session.commit()
        session.rollback()
        if rows and not dry_run:
            log.info("expired", holding=holding.id, rows=rows)
        yield Done(holding, rows)
