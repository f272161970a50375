"""Links to what does not fit into a message: the checklist page, in the mini-program or on the web."""

from __future__ import annotations

from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.chat.service import Turn, share
from miniapp_api.extensions import settings
from miniapp_api.wechat.text.rendering import Link

CHECKLIST = "我的清单"


def checklist_links(session: Session, visitor: Visitor, turn: Turn) -> list[Link]:
    """The link to the checklist, after a turn that told it in short.

    Its address is a capability to read this one checklist: in WeChat nobody is signed in to the web.
    """
    if turn.guide is None or not any(message.kind == "checklist" for message in turn.messages):
        return []
    token = share(session, visitor, turn.guide.id)
    url = f"{settings().public_url}/c/{token}"
    wechat, miniprogram = settings().wechat, settings().miniprogram
    if wechat and wechat.card_page and miniprogram:
        return [Link(CHECKLIST, url, miniprogram.app_id, f"{wechat.card_page}?id={turn.guide.id}")]
    return [Link(CHECKLIST, url)]
