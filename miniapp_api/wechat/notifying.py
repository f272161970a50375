"""Telling a citizen something of our own accord, by the best way that WeChat leaves open.

First a subscribe message of the mini-program (订阅消息), for which they gave their consent; then a
customer-service message of the official account (客服消息), for 48 hours after they said something.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Literal, Protocol
from urllib.parse import quote

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor
from miniapp_api.config import Settings
from miniapp_api.database import utc_now
from miniapp_api.extensions import settings
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.links import page_address
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity
from miniapp_api.wechat.platform.client import WeChatError
from miniapp_api.wechat.platform.miniprogram import MiniProgram
from miniapp_api.wechat.text.markup import Link, web_link, words
from miniapp_api.wechat_settings import SubscribeTemplate

Way = Literal["subscribe", "custom"]

CUSTOM_WINDOW = timedelta(hours=48)
"""After something the citizen said (Tencent: 发送客服消息, 下发额度)."""

DETAILS = "查看详情"

_NO_CONSENT = 43101
_PASSING = {"busy", "unreachable", "broken"}
"""Kinds of failure after which the same way is tried again: WeChat may take the message yet, or has."""

log = structlog.get_logger()


class Notice(Protocol):
    """What is told: `outbox.Notice`, or whatever looks like it."""

    topic: str
    title: str
    text: str
    link: str | None
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Told:
    """How it went.

    Attributes:
        way: by which the notice reached WeChat; None: by none, and none is worth trying again.
        consent_gone: WeChat says that there is no consent to such messages (43101).
    """

    way: Way | None
    consent_gone: bool = False


class NotNowError(Exception):
    """WeChat could not be asked, or its answer not heard: to be tried again later."""


def notify(session: Session, visitor_id: int, notice: Notice, *, consented: bool, still: Callable[[], bool]) -> Told:
    """Send a notice by the first way that works.

    Args:
        session: its transaction ends here: none is open while WeChat is waited for.
        visitor_id: whom to tell.
        notice: what to tell.
        consented: they agreed to a subscribe message of this topic.
        still: asked right before each way is tried; if it says no, nothing is sent any more.

    Returns:
        How it went.

    Raises:
        NotNowError: to be tried again later.
    """
    ways = [*_subscribe(session, visitor_id, notice, consented), *_custom(session, visitor_id, notice)]
    session.commit()
    consent_gone = shut = False
    for way, send in ways:
        if not still():
            break
        try:
            send()
        except ValueError as fault:  # it tells the field, not what is in it
            log.warning("notice_does_not_fit", topic=notice.topic, why=str(fault))
        except WeChatError as fault:
            log.warning("notice_not_sent", topic=notice.topic, way=way, kind=fault.kind, errcode=fault.errcode)
            if fault.kind in _PASSING:
                raise NotNowError from None
            consent_gone |= fault.errcode == _NO_CONSENT
            shut |= fault.kind == "token"
        else:
            return Told(way, consent_gone)
    if shut:  # our own account is amiss, which an operator mends
        raise NotNowError
    return Told(None, consent_gone)


def _subscribe(
    session: Session, visitor_id: int, notice: Notice, consented: bool
) -> Iterator[tuple[Way, Callable[[], None]]]:
    miniprogram, program = settings().miniprogram, Door.of_app().miniprogram
    template = miniprogram.templates.get(notice.topic) if miniprogram else None
    if not (consented and miniprogram and program and template):
        return
    known = select(WeChatIdentity.openid).filter_by(visitor_id=visitor_id, app_id=miniprogram.app_id)
    if openid := session.scalar(known.order_by(WeChatIdentity.id.desc()).limit(1)):
        yield "subscribe", partial(_send_subscribe, program, openid, template, notice, _page(settings(), notice))


def _send_subscribe(
    program: MiniProgram, openid: str, template: SubscribeTemplate, notice: Notice, page: str | None
) -> None:
    """Fill the template.

    Raises:
        ValueError: The notice has not what it shows, or not in a form that fits.
        WeChatError: as always.
    """
    given = {"title": notice.title, "text": notice.text, **notice.fields}
    if missing := sorted(set(template.fields.values()) - given.keys()):
        raise ValueError(f"no {', '.join(missing)}")
    data = {name: given[keyword] for name, keyword in template.fields.items()}
    program.send_subscribe_message(openid, template.id, data, page=page)


def _custom(session: Session, visitor_id: int, notice: Notice) -> Iterator[tuple[Way, Callable[[], None]]]:
    door = Door.of_app()
    if door.account is None:
        return
    lately = (
        select(WeChatIdentity.openid)
        .join(WeChatExchange, WeChatExchange.identity_id == WeChatIdentity.id)
        .where(
            WeChatIdentity.visitor_id == visitor_id,
            WeChatIdentity.app_id == door.account.app_id,
            WeChatIdentity.subscribed,
            WeChatExchange.received_at > utc_now() - CUSTOM_WINDOW,
        )
        .order_by(WeChatExchange.received_at.desc())
        .limit(1)
    )
    if openid := session.scalar(lately):
        visitor = session.get_one(Visitor, visitor_id)
        yield "custom", partial(door.api.send_text, openid, _text(settings(), notice, visitor))


def _page(config: Settings, notice: Notice) -> str | None:
    """The page of the mini-program that shows what the notice is about."""
    page = config.miniprogram and config.miniprogram.notice_page
    if not page:
        return None
    return f"{page}?link={quote(notice.link, safe='')}" if notice.link else page


def _text(config: Settings, notice: Notice, visitor: Visitor) -> str:
    """The notice as one text message."""
    said = f"【{words(notice.title)}】\n{words(notice.text)}"
    if notice.link is None:
        return said
    url, page = page_address(visitor, notice.link), _page(config, notice)
    link = Link(DETAILS, url, config.miniprogram.app_id, page) if config.miniprogram and page else Link(DETAILS, url)
    return f"{said}\n\n{web_link(link)}"
