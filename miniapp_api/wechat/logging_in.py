"""Logging in from the mini-program: a one-time code becomes a session of our own.

The session_key stays here, encrypted; what the mini-program gets says nothing (Tencent: 小程序登录).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from miniapp_api import vault
from miniapp_api.accounts.service import Visitor, open_login
from miniapp_api.errors import Problem
from miniapp_api.extensions import settings
from miniapp_api.wechat.door import Door
from miniapp_api.wechat.identities import identity_of, learn_unionid, visitor_of
from miniapp_api.wechat.models import WeChatIdentity
from miniapp_api.wechat.platform.client import WeChatError
from miniapp_api.wechat.platform.miniprogram import Login, MiniProgram

SESSION_KEY = "wechat_identities.session_key"
"""What the vault calls it."""

_REFUSALS = {
    40029: (422, "code_invalid", "登录凭证不对或已过期，请退出小程序再打开一次。"),
    40163: (422, "code_invalid", "登录凭证已经用过，请退出小程序再打开一次。"),
    40226: (403, "wechat_refused", "微信暂时不允许这个账号登录，请到窗口办理或拨打 12345。"),
    45011: (429, "rate_limited", "登录太频繁了，请过一分钟再试。"),
}
"""By error code of jscode2session (Tencent: code2Session), what the citizen is told."""


def log_in(session: Session, code: str) -> tuple[str, datetime]:
    """Exchange a code of `wx.login` for a session.

    Returns:
        Its token and its end.

    Raises:
        Problem: 404 without a mini-program; 422, 403, 429 as WeChat says; 503 if it cannot be reached.
    """
    login = _ask_wechat(code)
    identity = identity_of(session, settings().miniprogram.app_id, login.openid, settings().default_locality)
    identity.session_key = vault.seal(SESSION_KEY, str(identity.id), login.session_key)
    learn_unionid(session, identity, login.unionid)
    lasting = timedelta(days=settings().miniprogram.session_days)
    return open_login(session, visitor_of(session, identity), lasting)


def wechat_session_is_alive(session: Session, visitor: Visitor) -> bool:
    """Ask WeChat whether the citizen's last login still holds there.

    Raises:
        Problem: 404 without a mini-program; 503 if WeChat cannot be reached.
    """
    program = _program()
    wanted = select(WeChatIdentity).filter_by(visitor_id=visitor.id, app_id=settings().miniprogram.app_id)
    identity = session.scalar(wanted.order_by(WeChatIdentity.id.desc()).limit(1))
    if identity is None or not identity.session_key:
        return False
    try:
        key = vault.unseal(SESSION_KEY, str(identity.id), identity.session_key)
    except vault.BrokenSealError:  # its key is gone: the citizen logs in again
        return False
    session.commit()
    try:
        return program.session_is_valid(identity.openid, key)
    except WeChatError:
        raise _unreachable() from None


def _ask_wechat(code: str) -> Login:
    program = _program()
    try:
        return program.login(code)
    except WeChatError as fault:
        refusal = _REFUSALS.get(fault.errcode or 0)
        raise (Problem(*refusal) if refusal else _unreachable()) from None


def _program() -> MiniProgram:
    program = Door.of_app().miniprogram
    if program is None:
        raise Problem(404, "no_miniprogram", "这里还没有开通小程序。")
    return program


def _unreachable() -> Problem:
    detail = "现在连不上微信，请过几秒再试。"
    return Problem(503, "wechat_unreachable", detail, headers={"Retry-After": "3"})
