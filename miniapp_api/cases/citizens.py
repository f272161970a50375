"""What citizens are shown of cases, as the API sends it: one case, its papers, the lines of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from threading import Lock
from typing import Any

from cachetools import TTLCache, cached
from flask import Response
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.cases.acting import Act
from miniapp_api.cases.course import OVER, State
from miniapp_api.cases.looking_up import LookedUp
from miniapp_api.cases.models import Case
from miniapp_api.cases.policy import owned_by
from miniapp_api.cases.view import card, stage_of
from miniapp_api.errors import Problem
from miniapp_api.papers.service import papers_of, pdf

MOST = 50
"""Cases in a list; nobody has more on one telephone."""

MATERIALS = {"handed_in": "交来了", "lacking": "还缺", "owed": "容缺，后补", "shared": "部门共享，不用交"}


_recent: TTLCache[tuple[int, str, str], dict[str, Any]] = TTLCache(2000, ttl=30)
"""What was shown in the last half minute, by case and tag: people look again and again, at little that is new.

What does not change the tag, such as a hall's telephone number, is shown so much later; `as_of` tells when it was so.
"""

_lock = Lock()


def shown(act: Act, case: Case) -> dict[str, Any]:
    """What the owner of a case is shown (`schemas.CaseOut`)."""
    return dict(_shown(act, case))


@cached(_recent, key=lambda act, case: (case.id, case.public_id, etag(act, case)), lock=_lock)
def _shown(act: Act, case: Case) -> dict[str, Any]:
    fields = asdict(card(act, case))
    history = [{**line, "text": line["said"]} for line in fields["history"]]
    materials = [{**line, "state_text": MATERIALS[line["state"]]} for line in fields["materials"]]
    papers = _papers(act.session, case)
    return fields | {"id": case.public_id, "materials": materials, "history": history, "papers": papers}


def shown_to_whoever_looked(act: Act, found: LookedUp) -> dict[str, Any]:
    """What they are shown who looked a case up (`schemas.CaseOut`); withdrawing takes the owner's telephone.

    Papers name the applicant and hold the query code: four digits of a telephone do not open them.
    """
    fields = shown(act, found.case)
    fields["may"] = [what for what in fields["may"] if what != "withdraw"]  # a new list: what is kept stays as it is
    if found.way == "tail":
        fields["papers"] = []
    elif found.case.visitor_id is None:
        fields["may"].append("follow")
    return fields


def mine(session: Session, visitor: Visitor) -> list[dict[str, Any]]:
    """The cases that a visitor follows, those that go on first (`schemas.CaseLineOut`)."""
    ended = sql_case((Case.state.in_(state.value for state in OVER), 1), else_=0)
    wanted = owned_by(visitor).order_by(ended, Case.changed_at.desc(), Case.id.desc()).limit(MOST)
    cases: Sequence[Case] = session.scalars(wanted).all()
    return [_line(case) for case in cases]


def paper(session: Session, case: Case | None, paper_id: str) -> Response:
    """Give a paper of a case as PDF.

    Args:
        session: that only reads.
        case: whose paper it is to be; None if its papers are not for who asks.
        paper_id: its public id.

    Raises:
        Problem: 404 if the case has none like that, 410 if it was erased.
    """
    papers = papers_of(session, case.public_id) if case else []
    wanted = next((each for each in papers if each.public_id == paper_id), None)
    if wanted is None:
        raise Problem(404, "paper_not_found", "没有这份文书，请在办件页面里重新打开。")
    headers = {"Content-Disposition": 'inline; filename="paper.pdf"'}
    return Response(pdf(session, wanted), mimetype="application/pdf", headers=headers)


def etag(act: Act, case: Case) -> str:
    """What an answer about a case is good for: its version, and the day, as some of it changes at midnight."""
    synced = f".{case.synced_at.timestamp():.0f}" if case.synced_at else ""
    return f"{case.version}.{act.today:%Y%m%d}{synced}"


def _papers(session: Session, case: Case) -> list[dict[str, Any]]:
    """The papers that count, in the order in which they were issued (`schemas.PaperOut`)."""
    return [
        {"id": each.public_id, "name": each.title, "number": each.number, "issued_at": each.issued_at}
        for each in papers_of(session, case.public_id)
        if each.voided_at is None
    ]


def _line(case: Case) -> dict[str, Any]:
    return {
        "id": case.public_id,
        "number": case.number,
        "item": case.item_name,
        "state": case.state,
        "stage": stage_of(case),
        "over": State(case.state) in OVER,
        "promised": case.promised_due,
        "changed_at": case.changed_at,
    }
