"""The JSON and the files behind the chat window, where one can be a citizen in a browser."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

from wechat_simulator import pushes
from wechat_simulator.citizen import Citizen
from wechat_simulator.pushes import Push
from wechat_simulator.world import World

FOLDER = Path(__file__).parent / "window"
NAME = re.compile(r"[A-Za-z0-9_-]{1,40}")
POLL = 20
"""Seconds that a poll waits for an event."""

TEXT = 2000
"""Characters that a citizen may type."""

CITIZENS = 1000
PENDING = 20
"""Pushes of one citizen that may be on their way."""

HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}


def add_window(app: Flask, world: World) -> None:
    """Add the routes of the window."""
    window = Blueprint("window", __name__)

    @window.get("/")
    def page() -> Response:
        return send_from_directory(FOLDER, "index.html")

    @window.get("/window/<name>")
    def file(name: str) -> Response:
        return send_from_directory(FOLDER, name)

    @window.post("/window/citizens")
    def new_citizen() -> dict[str, str]:
        request.get_json()
        if len(world.citizens) >= CITIZENS:
            abort(503)
        return {"name": world.citizen(f"visitor-{secrets.token_hex(6)}").name}

    @window.post("/window/citizens/<name>/pushes")
    def do(name: str) -> tuple[dict[str, str], int]:
        citizen = _citizen(world, name)
        push = _push(citizen, request.get_json())
        if citizen.pushed - citizen.ended >= PENDING:
            abort(429)
        citizen.begin(push)
        return {}, 202

    @window.get("/window/citizens/<name>/events")
    def events(name: str) -> dict[str, Any]:
        after = request.args.get("after", 0, type=int)
        return {"events": _citizen(world, name).feed.after(after, POLL)}

    @window.after_request
    def protect(response: Response) -> Response:
        response.headers.update(HEADERS)
        return response

    app.register_blueprint(window)


def _citizen(world: World, name: str) -> Citizen:
    """Find a citizen; a browser may remember one of an earlier run, who is not known."""
    if not NAME.fullmatch(name) or not world.knows(name):
        abort(404)
    return world.citizen(name)


def _push(citizen: Citizen, given: Any) -> Push:
    kind = given.get("kind") if isinstance(given, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        abort(400)
    try:
        return KINDS[kind](citizen, given)
    except (KeyError, TypeError, ValueError):
        abort(400)


def _text(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= TEXT:
        raise ValueError("not a text of a bearable length")
    return value


def _text_or_none(value: object) -> str | None:
    return None if value is None else _text(value)


def _typed_or_tapped(given: dict[str, Any]) -> Push:
    """A text with `menu_id` was tapped, even if the phone lost the id (null)."""
    text = _text(given["text"])
    return pushes.tap(text, _text_or_none(given["menu_id"])) if "menu_id" in given else pushes.text(text)


KINDS: dict[str, Callable[[Citizen, dict[str, Any]], Push]] = {
    "text": lambda _, given: _typed_or_tapped(given),
    "voice": lambda _, given: pushes.voice(_text_or_none(given.get("recognition"))),
    "image": lambda *_: pushes.image(),
    "location": lambda _, given: pushes.location(
        float(given["latitude"]), float(given["longitude"]), _text(given["label"])
    ),
    "link": lambda *_: pushes.link("办事指南", "开餐饮店要办什么", "https://example.com/"),
    "subscribe": lambda citizen, given: citizen.following(_text_or_none(given.get("scene"))),
    "unsubscribe": lambda *_: pushes.unsubscribe(),
    "scan": lambda citizen, given: citizen.scanning(_text(given["scene"])),
    "click": lambda _, given: pushes.click(_text(given["key"])),
}
"""What a browser may ask for, and the push that it makes."""
