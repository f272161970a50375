"""What the WeChat door keeps of somebody, and how it goes."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from miniapp_api.holdings import BATCH, Holding, SealedColumn, changed, kept
from miniapp_api.wechat.models import WeChatExchange, WeChatIdentity

REPEATED_FOR = timedelta(days=7)
"""A push that is older is refused, so that none has to be remembered longer."""


def erase(session: Session, visitor_id: int) -> int:
    """Forget a visitor's openids; their exchanges and codes go with them."""
    return changed(session, delete(WeChatIdentity).where(WeChatIdentity.visitor_id == visitor_id))


def erase_exchanges(session: Session, visitor_id: int) -> int:
    """Delete a visitor's exchanges."""
    own = select(WeChatIdentity.id).where(WeChatIdentity.visitor_id == visitor_id)
    return changed(session, delete(WeChatExchange).where(WeChatExchange.identity_id.in_(own)))


def expire(session: Session, now: datetime) -> int:
    """Forget who left the account long ago and has not come back."""
    busy = exists().where(WeChatExchange.identity_id == WeChatIdentity.id)
    old = (
        select(WeChatIdentity.id)
        .where(WeChatIdentity.created_at < now - kept(HOLDING.id), ~WeChatIdentity.subscribed, ~busy)
        .order_by(WeChatIdentity.id)
        .limit(BATCH)
    )
    return changed(session, delete(WeChatIdentity).where(WeChatIdentity.id.in_(old)))


def expire_exchanges(session: Session, now: datetime) -> int:
    """Delete exchanges that WeChat will not send again."""
    old = select(WeChatExchange.id).where(WeChatExchange.received_at < now - kept(EXCHANGES.id)).limit(BATCH)
    return changed(session, delete(WeChatExchange).where(WeChatExchange.id.in_(old)))


HOLDING = Holding(
    id="wechat",
    name="微信身份",
    what="微信给的代号（openid、unionid），是否关注；登录密钥加密保存。没有微信号、昵称和头像",
    why="认出是同一位，把回复和通知发给您",
    basis="通过微信提供服务所必需（个人信息保护法第六条）",
    after="第一次使用后，并且已经取消关注、没有新消息时",
    gone="整条删除；再来时当作新朋友",
    erase=erase,
    expire=expire,
    sealed_columns=(SealedColumn(WeChatIdentity.session_key, WeChatIdentity.id),),
)

EXCHANGES = Holding(
    id="wechat_exchanges",
    name="微信收发记录",
    what="微信推送来的一次提问处理到哪一步；回答送到后一分钟就删去正文",
    why="微信会重发，靠它不重复回答、不漏答",
    basis="通过微信提供服务所必需（个人信息保护法第六条）",
    after="收到后",
    gone="整条删除",
    erase=erase_exchanges,
    expire=expire_exchanges,
    least=REPEATED_FOR.days,
)
