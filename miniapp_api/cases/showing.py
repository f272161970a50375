"""What whoever scans a paper of a case is told of the case: hardly anything, and nothing that is somebody's.

That the paper is genuine, of which kind and day, `signed_codes` says. Here is how far the case is, in a
word; not what it is about, nor its number (backend.md 4.2). Half a year after its end even that is over.
"""

from __future__ import annotations

from datetime import timedelta
from functools import partial

from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.calendar.service import today
from miniapp_api.cases.course import OPEN, State
from miniapp_api.cases.models import Case
from miniapp_api.papers.service import by_code
from miniapp_api.signed_codes.service import Kind, PublicView, register

TOLD_AFTER_THE_END = timedelta(days=180)
LOOK_UP = "/cases"
"""Where anybody may look a case up who has its number and a secret."""

_TITLE = "办件进度"

STAGES = dict.fromkeys(OPEN, "办理中") | {
    State.DECIDED: "已作出决定",
    State.CONCLUDED: "已办结",
    State.NOT_ACCEPTED: "没有受理",
    State.WITHDRAWN: "已终止",
    State.TERMINATED: "已终止",
    State.REVOKED: "许可已撤销",
}

_IN_BETWEEN = frozenset({Kind.RECEIVED, Kind.ACCEPTANCE, Kind.PROVISIONAL, Kind.COMMITMENT, Kind.CORRECTION})
_GRANTS = frozenset({Kind.GRANT, Kind.DEEMED})
_BROKEN_OFF = frozenset({State.NOT_ACCEPTED, State.WITHDRAWN, State.TERMINATED})


def init_app(app: Flask) -> None:
    """Answer for the papers of cases: all that are signed, save what is another domain's."""
    for kind in Kind:
        if kind is not Kind.APPOINTMENT:
            register(app, kind, partial(_show, kind))


def _show(kind: Kind, session: Session, code_id: str, visitor: Visitor | None) -> PublicView | None:
    paper = by_code(session, code_id)
    case = session.scalar(select(Case).filter_by(public_id=paper.subject)) if paper else None
    if case is None or _long_over(case):
        return None
    state = State(case.state)
    own = visitor is not None and case.visitor_id == visitor.id
    return PublicView(
        _TITLE,
        STAGES[state],
        () if own else ("您是申请人的话，用编号和查询码可以看全部进展。",),
        "void" if _useless(kind, state) else "good",
        f"{LOOK_UP}/{case.public_id}" if own else LOOK_UP,
    )


def _long_over(case: Case) -> bool:
    return case.closed_on is not None and today() - case.closed_on > TOLD_AFTER_THE_END


def _useless(kind: Kind, state: State) -> bool:
    """A paper that promises what will not come: of a case that broke off, or of a licence that is revoked."""
    return (kind in _IN_BETWEEN and state in _BROKEN_OFF) or (kind in _GRANTS and state is State.REVOKED)
