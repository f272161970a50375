"""Addresses of the WeChat door: the callback of the official account, and logging in."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial

import structlog
from apiflask import APIBlueprint
from flask import Response, current_app, request
from flask.ctx import AppContext

from miniapp_api.accounts.service import close_login, current_visitor, public, requires_visitor, signed
from miniapp_api.errors import Problem
from miniapp_api.extensions import db, limiter, settings
from miniapp_api.wechat import service
from miniapp_api.wechat.connection import listening
from miniapp_api.wechat.envelope import MAX_BODY, ForgedError
from miniapp_api.wechat.schemas import JoinIn, LoginIn, LoginOut, SessionOut

bp = APIBlueprint("wechat", __name__, tag="微信")

ACKNOWLEDGED = "success"
"""What WeChat takes for: received, ask no more; never sealed (Tencent: 被动回复用户消息)."""

_NO_MINIPROGRAM = {404: "没有开通小程序"}

log = structlog.get_logger()


@bp.errorhandler(ForgedError)
def refuse(error: ForgedError) -> Response:
    """Refuse what is not WeChat's; why, only the log says."""
    log.warning("push_refused", why=str(error))
    return Problem(403, "forbidden", "签名不对，或请求已过期。").render()


@bp.get("/wechat")
@signed
@bp.doc(hide=True)
def verify_address() -> Response:
    """Prove to WeChat that this address is ours."""
    return Response(service.verify_address(request.args), mimetype="text/plain")


@bp.post("/wechat")
@signed
@bp.doc(hide=True)
def receive() -> Response:
    """Take a push of the official account and answer it."""
    started = time.monotonic()
    body = request.get_data()
    if len(body) > MAX_BODY:
        raise Problem(413)
    heard = partial(listening, request.environ)
    answer = service.receive(db.session, request.args, body, started, heard)
    if answer is None:
        return Response(ACKNOWLEDGED, mimetype="text/plain")
    document = answer.document.encode()
    written = _written(document, heard, partial(_note, current_app.app_context(), answer))
    return Response(written, mimetype="application/xml", headers={"Content-Length": str(len(document))})


def _written(document: bytes, heard: Callable[[], bool], note: Callable[[], None]) -> Iterator[bytes]:
    """Write a document, and note that it was; a server goes on when it has written what it had (PEP 3333)."""
    listens = heard()
    yield document
    if listens:
        note()


def _note(context: AppContext, answer: service.Answer) -> None:
    with context:  # that of the request is over
        service.replied(db.session, answer)


@bp.post("/api/v1/auth/wechat")
@public
@limiter.limit(lambda: settings().visitor_limit)
@bp.input(LoginIn)
@bp.output(LoginOut)
@bp.doc(
    summary="小程序登录",
    description="用 wx.login 的 code 换取身份；session_key 和 openid 都不会给出。",
    responses={403: "微信不许这个账号登录", **_NO_MINIPROGRAM},
)
def log_in(json_data: LoginIn) -> dict[str, str | datetime]:
    """Exchange a code for a session."""
    token, expires_at = service.log_in(db.session, json_data.code)
    return {"token": token, "expires_at": expires_at}


@bp.get("/api/v1/auth/session")
@requires_visitor
@bp.output(SessionOut)
@bp.doc(summary="微信登录还有没有效", responses=_NO_MINIPROGRAM)
def session_state() -> dict[str, bool]:
    """Say whether the login still holds at WeChat."""
    return {"alive": service.wechat_session_is_alive(db.session, current_visitor())}


@bp.delete("/api/v1/auth/session")
@requires_visitor
@bp.output({}, status_code=204)
@bp.doc(summary="退出登录")
def log_out() -> str:
    """End the session that this request came with."""
    close_login(db.session, request.headers.get("Authorization"))
    return ""


@bp.post("/api/v1/auth/wechat/join")
@requires_visitor
@limiter.limit(lambda: settings().visitor_limit, key_func=lambda: current_visitor().public_id)
@bp.input(JoinIn)
@bp.output({}, status_code=204)
@bp.doc(summary="和公众号里的自己对上", description="两边的导办从此是同一份。")
def join(json_data: JoinIn) -> str:
    """Make the caller and the citizen of a code one."""
    service.join_by_code(db.session, current_visitor(), json_data.code)
    return ""
