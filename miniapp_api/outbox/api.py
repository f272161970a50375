"""Addresses of the inbox."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint
from flask import request

from miniapp_api.accounts.service import current_visitor, requires_visitor
from miniapp_api.extensions import db
from miniapp_api.outbox import figures, service
from miniapp_api.outbox.schemas import ConsentsIn, InboxIn, NoticesOut, ReadIn, UnreadOut

bp = APIBlueprint("outbox", __name__, url_prefix="/api/v1/notices", tag="消息")


@bp.before_app_request
def count() -> None:
    """Before the figures are shown, count."""
    if request.endpoint == "ops.figures":
        figures.count(db.session)


@bp.get("")
@requires_visitor
@bp.input(InboxIn, location="query")
@bp.output(NoticesOut)
@bp.doc(summary="我的消息", description="新的在前，一页 20 条；还没到通知时间的不在里面。")
def inbox(query_data: InboxIn) -> dict[str, Any]:
    """Give a page of the inbox."""
    page = service.inbox(db.session, current_visitor(), before=query_data.before)
    notices = [
        {
            "id": notice.public_id,
            "topic": notice.topic,
            "title": notice.title,
            "text": notice.text,
            "link": notice.link,
            "at": notice.not_before,
            "read": notice.read_at is not None,
        }
        for notice in page.notices
    ]
    return {"notices": notices, "unread": page.unread, "next": page.next}


@bp.post("/read")
@requires_visitor
@bp.input(ReadIn)
@bp.output(UnreadOut)
@bp.doc(summary="消息读过了")
def read(json_data: ReadIn) -> dict[str, int]:
    """Mark messages as read."""
    return {"unread": service.mark_read(db.session, current_visitor(), json_data.ids)}


@bp.post("/consents")
@requires_visitor
@bp.input(ConsentsIn)
@bp.output({}, status_code=204)
@bp.doc(
    summary="同意收订阅消息",
    description='小程序里 wx.requestSubscribeMessage 得到同意之后报上来，如 {"appointment.reminder": 1}。',
)
def consent(json_data: ConsentsIn) -> str:
    """Count what the citizen agreed to."""
    service.grant(db.session, current_visitor(), json_data.root)
    return ""
