"""Addresses of the chat."""

from __future__ import annotations

from apiflask import APIBlueprint

from miniapp_api.accounts.service import current_visitor, requires_visitor
from miniapp_api.chat import service
from miniapp_api.chat.schemas import Conversation, TextIn, Turn
from miniapp_api.extensions import db, limiter, settings

bp = APIBlueprint("chat", __name__, url_prefix="/api/v1/chat", tag="对话")


@bp.post("/messages")
@requires_visitor
@limiter.limit(lambda: settings().chat_limit, key_func=lambda: current_visitor().public_id)
@bp.input(TextIn)
@bp.output(Turn)
@bp.doc(summary="说一句话", description="把选项的 value 当作文字发来，和点选它是一样的。")
def say(json_data: TextIn) -> Turn:
    """Answer what the visitor says."""
    return service.say(db.session, current_visitor(), json_data.text)


@bp.get("/messages")
@requires_visitor
@bp.output(Conversation)
@bp.doc(summary="到现在为止的对话", description="最近 200 条，旧的在前；证件号和手机号已隐去。")
def conversation() -> Conversation:
    """Give the conversation so far."""
    return service.conversation(db.session, current_visitor())
