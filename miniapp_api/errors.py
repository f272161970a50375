"""Every error leaves as application/problem+json (RFC 9457), in words a citizen can act on."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

import structlog
from apiflask import APIFlask, HTTPError
from flask import Response, current_app, g
from pydantic import BaseModel, Field, ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException

from miniapp_api.extensions import limiter
from miniapp_api.masking import mask
from miniapp_api.wording import reason

log = structlog.get_logger()

# status -> (stable code, title, what to do)
_KNOWN = {
    400: ("bad_request", "请求有误", "请求的写法不对，请检查后再试。"),
    401: ("unauthorized", "需要身份", "身份无效或已过期，请刷新页面，重新开始。"),
    403: ("forbidden", "不允许", "您不能做这件事，需要的话请打 12345 或到窗口咨询。"),
    404: ("not_found", "没有找到", "没有找到您要的内容，请检查地址，或者回到首页重新开始。"),
    405: ("method_not_allowed", "方法不对", "这个地址不能这样访问，请看 Allow 里列出的方法。"),
    409: ("conflict", "内容已有变化", "内容刚刚有变化，请刷新后再试。"),
    413: ("too_large", "内容太大", "发送的内容太大，一次最多 64 KiB，请缩短后再试。"),
    415: ("unsupported_media_type", "格式不支持", "请用 JSON 发送内容。"),
    422: ("invalid", "内容不符合要求", "有的内容不符合要求，请按 invalid_params 里的说明改正。"),
    429: ("rate_limited", "太频繁", "操作太频繁了，请稍等片刻再试。"),
    500: ("internal_error", "系统出错", "系统出错了，不是您的问题。请稍后再试，或者到窗口咨询。"),
    503: ("unavailable", "暂时不可用", "服务暂时不可用，请稍后再试。"),
}


class InvalidParam(BaseModel):
    """One value that was refused."""

    name: str = Field(description="哪一项，嵌套的用点隔开")
    reason: str = Field(description="为什么不行")


class ProblemOut(BaseModel):
    """An error as it is sent."""

    type: str = Field(description="错误种类，不变的 URN")
    title: str = Field(description="错误种类的名称")
    status: int = Field(ge=400, le=599)
    code: str = Field(pattern="^[a-z_]+$", description="错误代码，不变")
    detail: str = Field(description="出了什么事，怎么办")
    instance: str = Field(description="这一次的编号，报修时请提供")
    invalid_params: list[InvalidParam] = Field(default=[], description="哪几项不符合要求")


class Problem(HTTPException):
    """Raise it anywhere in a request to answer with an error; the transaction is rolled back.

    Args:
        status: HTTP status, 400 to 599.
        kind: Stable snake_case name of the kind of error, for programs; `code` in the answer.
        detail: A Chinese sentence: what happened and what to do.
        invalid_params: Pairs (name, reason), for 422.
        headers: Further response headers, such as Retry-After.
        extra: Further members of the body.
    """

    def __init__(
        self,
        status: int,
        kind: str | None = None,
        detail: str | None = None,
        *,
        invalid_params: Sequence[tuple[str, str]] = (),
        headers: Mapping[str, str] | None = None,
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        usual_kind, self.title, usual_detail = _KNOWN.get(status) or _KNOWN[status // 100 * 100]
        super().__init__(detail or usual_detail)
        self.code = status
        self.kind = kind or usual_kind
        self.invalid_params = invalid_params
        self.headers = dict(headers or {})
        self.extra = dict(extra or {})

    def render(self) -> Response:
        """Render the error."""
        body: dict[str, Any] = {
            "type": f"urn:daoban:problem:{self.kind}",
            "title": self.title,
            "status": self.code,
            "code": self.kind,
            "detail": self.description,
            "instance": f"urn:uuid:{g.request_id}",
        }
        if self.invalid_params:
            body["invalid_params"] = [{"name": name, "reason": why} for name, why in self.invalid_params]
        return Response(
            current_app.json.dumps(body | self.extra),
            self.code,
            self.headers,
            mimetype="application/problem+json",
        )


def init_app(app: APIFlask) -> None:
    """Answer every kind of exception with a problem."""
    app.register_error_handler(Problem, Problem.render)
    app.register_error_handler(HTTPError, _from_apiflask)
    app.register_error_handler(HTTPException, _from_werkzeug)
    for lost_database in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(lost_database, _from_database)


def _from_apiflask(error: HTTPError) -> Response:
    """Translate APIFlask's own errors; a refused body is the one that matters."""
    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return Problem(error.status_code, headers=dict(error.headers)).render()
    refused = [(mask(".".join(map(str, entry["loc"]))) or "body", reason(entry)) for entry in cause.errors()]
    return Problem(422, invalid_params=refused).render()


def _from_werkzeug(error: HTTPException) -> Response:
    """Translate what Flask, Werkzeug and the rate limiter raise, keeping headers like Allow."""
    headers = {name: text for name, text in error.get_headers() if name != "Content-Type"}
    if error.code == 429 and limiter.current_limit:
        headers["Retry-After"] = str(max(1, round(limiter.current_limit.reset_at - time.time())))
    return Problem(error.code or 500, headers=headers).render()


def _from_database(error: Exception) -> Response:
    """A database that cannot be reached or is locked is no fault of the citizen's."""
    log.error("database_unavailable", error=type(error).__name__, exc_info=error)
    return Problem(
        503,
        "database_unavailable",
        "系统暂时存不了数据，请稍等几秒再试。",
        headers={"Retry-After": "5"},
    ).render()
