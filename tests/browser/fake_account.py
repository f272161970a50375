"""A scripted official account behind the chat window of the WeChat simulator."""

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import uuid4

from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

FILES = Path(__file__).parents[2] / "wechat_simulator" / "window"
POLL_SECONDS = 2
POLICY = "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
GREEN_LINE = "您关注了公众号"


def menu(content: str, number: int, label: str | None = None) -> str:
    """A menu link as the account writes it."""
    address = f"weixin://bizmsgmenu?msgmenucontent={quote(content)}&msgmenuid={number}"
    return f'<a href="{address}">{label or content}</a>'


def text(words: str, via: str = "passive") -> dict[str, Any]:
    """A text message of the account."""
    return {"kind": "delivery", "via": via, "msgtype": "text", "text": words, "raw": {"text": {"content": words}}}


TYPING = {"kind": "typing"}
ACKNOWLEDGED = {"kind": "acknowledged"}
BROKEN = {"kind": "broken", "text": "该公众号暂时无法提供服务，请稍后再试"}
WELCOME = "\n".join(
    [
        "您好！我是十堰市办事导引。",
        "您想办什么事？用平常的话说就行，我会一步一步问您。",
        "",
        menu("我想开个饭店要办什么", 1),
        menu("我想开个小吃店", 2),
        menu("你能做什么", 3),
    ]
)
QUESTION = "\n".join(
    [
        "您的店开在什么地方？",
        f"1. {menu('沿街商铺', 11)}",
        f"2. {menu('商场里', 12)}",
        f"3. {menu('住宅楼里', 13)}",
        "",
        f"{menu('不知道', 14)}　{menu('为什么问这个', 15)}　{menu('上一步', 16)}",
    ]
)
LINKS = (
    '清单好了，共 9 项。请看<a href="https://example.test/checklist/1">您的清单</a>，或者打印。\n'
    '<a data-miniprogram-appid="wx0" data-miniprogram-path="pages/list?id=1" href="#">在小程序里看</a>\n'
    '<a href="https://example.test/c/2">给家里人看的清单</a>\n'
    "<b>粗体</b>不认，<a>没有地址</a>也不认，<img src=x onerror=alert(1)>也不认。\n"
    '<a href="javascript:alert(1)">坏链接</a>'
)
CARD = {
    "kind": "delivery",
    "via": "custom",
    "msgtype": "miniprogrampage",
    "text": "我的清单：开餐饮店",
    "raw": {"miniprogrampage": {"title": "我的清单：开餐饮店", "pagepath": "pages/list?id=1"}},
}


def script(push: dict[str, Any]) -> list[dict[str, Any]]:
    """What the account answers unless a test says otherwise."""
    match push:
        case {"kind": "subscribe"}:
            return [text(WELCOME)]
        case {"kind": "unsubscribe"}:
            return [ACKNOWLEDGED]
        case {"text": "慢慢想"}:
            return [ACKNOWLEDGED, TYPING]
        case {"text": "坏了"}:
            return [BROKEN]
        case {"text": "清单"}:
            return [text(LINKS), CARD]
        case {"text": "长"}:
            return [text("\n".join(f"第 {n} 行，说明怎么办这件事。" for n in range(1, 50)))]
        case {"text": "客服"}:
            return [ACKNOWLEDGED, TYPING, text(QUESTION, "custom")]
        case {"kind": "text"}:
            return [text(QUESTION)]
        case _:
            return [text("收到了。")]


@dataclass
class Citizen:
    """What one citizen did and was told."""

    pushes: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Account:
    """The simulator's endpoints as a WSGI application."""

    answer: Callable[[dict[str, Any]], list[dict[str, Any]]] = script
    citizens: dict[str, Citizen] = field(default_factory=dict)
    failures: list[int] = field(default_factory=list)
    delays: list[float] = field(default_factory=list)
    changed: threading.Condition = field(default_factory=threading.Condition)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        """Answer a request."""
        request = Request(environ)
        parts = request.path.strip("/").split("/")
        if parts[:2] == ["window", "citizens"]:
            response = self.call(request, parts[2:])
        else:
            name = "index.html" if request.path == "/" else request.path.removeprefix("/window/")
            response = send_from_directory(FILES, name, environ)
            response.headers["Content-Security-Policy"] = POLICY
            response.headers["Cache-Control"] = "no-store"
        return response(environ, start_response)

    def call(self, request: Request, parts: list[str]) -> Response:
        """Answer an endpoint."""
        if not parts:
            name = f"citizen-{uuid4().hex[:8]}"
            self.citizens[name] = Citizen()
            return as_json({"name": name})
        citizen = self.citizens.get(parts[0])
        if citizen is None:
            return as_json({}, 404)
        if parts[1] == "events":
            return as_json({"events": self.wait(citizen, request.args.get("after", type=int, default=0))})
        if self.failures:
            return as_json({}, self.failures.pop(0))
        if self.delays:
            time.sleep(self.delays.pop(0))
        citizen.pushes.append(request.get_json())
        self.tell(citizen, *self.answer(citizen.pushes[-1]))
        return as_json({}, 202)

    def wait(self, citizen: Citizen, after: int) -> list[dict[str, Any]]:
        """Wait for events with a greater number."""
        with self.changed:
            self.changed.wait_for(lambda: len(citizen.events) > after, POLL_SECONDS)
            return citizen.events[after:]

    def tell(self, citizen: Citizen, *events: dict[str, Any]) -> None:
        """Let events happen."""
        with self.changed:
            for event in events:
                citizen.events.append({"n": len(citizen.events) + 1, **event})
            self.changed.notify_all()

    @property
    def last(self) -> Citizen:
        """The newest citizen."""
        return list(self.citizens.values())[-1]


def as_json(content: Any, status: int = 200) -> Response:
    """An answer in JSON."""
    return Response(json.dumps(content), status=status, mimetype="application/json")
