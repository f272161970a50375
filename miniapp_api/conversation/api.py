"""Addresses of the conversation."""

from __future__ import annotations

from typing import Any

from apiflask import APIBlueprint

from miniapp_api.accounts.service import current_visitor, requires_visitor
from miniapp_api.chat.service import Turn
from miniapp_api.conversation import service
from miniapp_api.conversation.schemas import TurnIn
from miniapp_api.extensions import db

bp = APIBlueprint("conversation", __name__, url_prefix="/api/v1", tag="对话引擎")


@bp.post("/turns")
@requires_visitor
@bp.input(TurnIn)
@bp.output(Turn)
@bp.doc(summary="对话里的一句话", description="供对话引擎调用；同一个 turn_id 只做一次，再问还是同样的回答。")
def turn(json_data: TurnIn) -> dict[str, Any]:
    """Answer what a citizen said."""
    said = json_data
    likely = {guess.id: guess.confidence for guess in said.themes}
    hints = service.Hints(said.intent, said.confidence, said.theme, likely.get(said.theme or ""))
    return service.turn(db.session, current_visitor(), said.text, hints, said.turn_id)
