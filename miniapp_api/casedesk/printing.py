"""The papers of a case, for staff who meet the applicant."""

from __future__ import annotations

from flask import Response

from miniapp_api import database
from miniapp_api.cases.service import Case
from miniapp_api.errors import Problem
from miniapp_api.extensions import db
from miniapp_api.papers import service as issued
from miniapp_api.papers.service import Paper
from miniapp_api.privacy.service import reveal
from miniapp_api.staff.service import current_staff


def papers(case: Case) -> list[Paper]:
    """The papers of a case, in the order in which they were issued."""
    return issued.papers_of(db.session, case.public_id)


def pdf(case: Case, paper_id: str) -> Response:
    """Give one as PDF; leaves a trace first, and commits it.

    Raises:
        Problem: 404 if the case has no such paper.
    """
    paper = next((paper for paper in papers(case) if paper.public_id == paper_id), None)
    if paper is None:
        raise Problem(404, "paper_not_found", "这个件没有这份文书，请刷新页面。")
    reveal(db.session, current_staff(), f"case:{case.public_id}", ["paper"], f"打印文书：{paper.title}")
    db.session.bind = db.engine.execution_options(**database.READ_ONLY)  # drawing takes long: nothing is locked
    drawn = issued.pdf(db.session, paper)
    name = f"inline; filename={paper.public_id}.pdf"
    return Response(drawn, mimetype="application/pdf", headers={"Content-Disposition": name})
