"""Links to what does not fit into a message: the checklist, and pages where something personal is done."""

from __future__ import annotations

from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor, delegate
from miniapp_api.chat.service import Turn, share
from miniapp_api.extensions import settings
from miniapp_api.wechat.text.rendering import Link

CHECKLIST = "我的清单"
PAGE_SECONDS = 3600
"""How long a page behind a link acts as the citizen: in WeChat nobody is signed in to the web."""


def links_of(session: Session, visitor: Visitor, turn: Turn) -> list[Link]:
    """The links that go with a turn."""
    pages = [Link(each.link.label, page_address(visitor, each.link.path)) for each in turn.messages if each.link]
    return [*pages, *checklist_links(session, visitor, turn)]


def page_address(visitor: Visitor, path: str) -> str:
    """The address of a page that acts as the citizen for a while; what does so stands in the fragment.

    A browser sends no fragment to anybody, so it reaches no log.
    """
    return f"{settings().public_url}{path}#as={delegate(visitor, PAGE_SECONDS)}"


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
