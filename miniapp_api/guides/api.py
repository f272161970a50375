"""Addresses of guides."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import url_for

from miniapp_api.accounts.service import current_visitor, public, requires_visitor
from miniapp_api.extensions import db
from miniapp_api.guides import service
from miniapp_api.guides.schemas import (
    AnswerStepIn,
    ChecklistOut,
    ExplainIn,
    ExplanationOut,
    GuideOut,
    ReadyIn,
    ReadyOut,
    ShareOut,
    StartIn,
    StepIn,
    WhatIfIn,
    WhatIfOut,
)

bp = APIBlueprint("guides", __name__, url_prefix="/api/v1", tag="导办")


@bp.post("/guides")
@requires_visitor
@bp.input(StartIn)
@bp.output(GuideOut, status_code=201)
@bp.doc(summary="开始一次导办")
def start(json_data: StartIn) -> dict[str, Any]:
    """Begin a guide."""
    return service.start(db.session, current_visitor(), json_data.theme, json_data.locality)


@bp.get("/guides/<opaque:guide_id>")
@requires_visitor
@bp.output(GuideOut)
@bp.doc(summary="看一次导办问到哪了")
def get(guide_id: str) -> dict[str, Any]:
    """Give a guide."""
    return service.get(db.session, current_visitor(), guide_id)


@bp.post("/guides/<opaque:guide_id>/answers")
@requires_visitor
@bp.input(AnswerStepIn)
@bp.output(GuideOut)
@bp.doc(summary="回答，或者改一个回答", description="同一个回答发两次，只算一次。")
def answer(guide_id: str, json_data: AnswerStepIn) -> dict[str, Any]:
    """Answer a fact."""
    body = json_data.model_dump()
    return service.answer(
        db.session, current_visitor(), guide_id, body["fact"], body["value"], revision=body["revision"]
    )


@bp.post("/guides/<opaque:guide_id>/back")
@requires_visitor
@bp.input(StepIn)
@bp.output(GuideOut)
@bp.doc(summary="退回上一步")
def back(guide_id: str, json_data: StepIn) -> dict[str, Any]:
    """Take the latest answers back."""
    return service.back(db.session, current_visitor(), guide_id, json_data.revision)


@bp.post("/guides/<opaque:guide_id>/continue")
@requires_visitor
@bp.input(StepIn)
@bp.output(GuideOut)
@bp.doc(summary="有红灯，仍然往下问")
def go_on(guide_id: str, json_data: StepIn) -> dict[str, Any]:
    """Look past the red lights that stand."""
    return service.pass_vetoes(db.session, current_visitor(), guide_id, json_data.revision)


@bp.get("/guides/<opaque:guide_id>/checklist")
@requires_visitor
@bp.output(ChecklistOut)
@bp.doc(summary="到现在为止的清单", description="任何时候都可以看；status 为 perhaps 的，要等问题答完才能定。")
def checklist(guide_id: str) -> dict[str, Any]:
    """Give the checklist."""
    return service.checklist(db.session, current_visitor(), guide_id)


@bp.get("/guides/<opaque:guide_id>/materials")
@requires_visitor
@bp.output(ReadyOut)
@bp.doc(summary="哪些材料备好了")
def ready(guide_id: str) -> dict[str, Any]:
    """Give the materials that are ticked off."""
    return {"ready": service.ticked(db.session, current_visitor(), guide_id)}


@bp.put("/guides/<opaque:guide_id>/materials")
@requires_visitor
@bp.input(ReadyIn)
@bp.output(ReadyOut)
@bp.doc(summary="勾选备好了的材料", description="预约成功后，要带的材料里会标出已备好的。")
def tick(guide_id: str, json_data: ReadyIn) -> dict[str, Any]:
    """Tick materials off."""
    return {"ready": service.tick(db.session, current_visitor(), guide_id, json_data.ready)}


@bp.get("/guides/<opaque:guide_id>/explanations")
@requires_visitor
@bp.input(ExplainIn, location="query")
@bp.output(ExplanationOut)
@bp.doc(summary="为什么要办，为什么不用办")
def explain(guide_id: str, query_data: ExplainIn) -> dict[str, Any]:
    """Say why an outcome stands as it does."""
    return service.explain(db.session, current_visitor(), guide_id, query_data.item)


@bp.post("/guides/<opaque:guide_id>/what-if")
@requires_visitor
@bp.input(WhatIfIn)
@bp.output(WhatIfOut)
@bp.doc(summary="假如换个回答，清单会怎样", description="只是试算，不会改动您的回答。")
def what_if(guide_id: str, json_data: WhatIfIn) -> dict[str, Any]:
    """Say what other answers would change."""
    return service.what_if(db.session, current_visitor(), guide_id, json_data.model_dump()["changes"])


@bp.post("/guides/<opaque:guide_id>/share")
@requires_visitor
@bp.output(ShareOut, status_code=201)
@bp.doc(summary="生成只读链接", description="拿到链接的人只能看这份清单，不能改。")
def share(guide_id: str) -> dict[str, str]:
    """Give a link for reading."""
    token = service.share(db.session, current_visitor(), guide_id)
    page = url_for("web.shared_checklist", token=token)
    return {"path": page, "url": url_for("web.shared_checklist", token=token, _external=True)}


@bp.get("/shared-checklists/<string(maxlength=200):token>")
@public
@bp.output(ChecklistOut)
@bp.doc(summary="打开分享的清单")
def shared_checklist(token: str) -> dict[str, Any]:
    """Give the checklist behind a shared link."""
    return service.shared_checklist(db.session, token)
