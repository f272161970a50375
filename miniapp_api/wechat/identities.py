"""Whom an app knows by which openid, and how two of them turn out to be one citizen."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from miniapp_api.accounts.service import Visitor, create_visitor, merge
from miniapp_api.wechat.models import WeChatIdentity


def hold(session: Session, identity_id: int) -> WeChatIdentity:
    """Hold a citizen's row until the end of the transaction."""
    return session.get_one(WeChatIdentity, identity_id, with_for_update={"key_share": True}, populate_existing=True)


def identity_of(session: Session, app_id: str, openid: str, locality: str) -> WeChatIdentity:
    """Find the identity of an openid, and hold it; somebody new becomes a visitor of the city."""
    wanted = select(WeChatIdentity).filter_by(app_id=app_id, openid=openid).with_for_update(key_share=True)
    known = session.scalar(wanted)
    if known is not None:
        return known
    try:
        with session.begin_nested():
            visitor = create_visitor(session, locality)
            fresh = WeChatIdentity(app_id=app_id, openid=openid, visitor_id=visitor.id, rest=[])
            session.add(fresh)
    except IntegrityError:  # another process met them at the same moment
        return session.scalars(wanted).one()
    return fresh


def visitor_of(session: Session, identity: WeChatIdentity) -> Visitor:
    """The citizen behind an identity."""
    return session.get_one(Visitor, identity.visitor_id)


def learn_unionid(session: Session, identity: WeChatIdentity, unionid: str | None) -> None:
    """Keep a unionid; whoever has the same one is the same citizen (Tencent: UnionID 机制说明).

    Whoever of them was here first stays, and gets all that was the others'. It is looked every time,
    for two who learn it at one moment do not see each other.
    """
    if not unionid:
        return
    identity.unionid = unionid
    session.flush()
    same = select(WeChatIdentity.visitor_id).filter_by(unionid=unionid).distinct()
    kept, *others = sorted(session.scalars(same))
    for gone in others:
        merge(session, into=session.get_one(Visitor, kept), gone=session.get_one(Visitor, gone))
    session.refresh(identity)
