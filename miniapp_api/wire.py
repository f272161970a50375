"""How requests are read and answers written: JSON only, and strictly JSON."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from flask import Request
from flask.json.provider import DefaultJSONProvider
from werkzeug.routing import BaseConverter

from miniapp_api.errors import Problem

MAX_BODY = 64 * 1024
READ_AT_MOST = MAX_BODY + 1
"""Bytes that are read; a body sent in chunks is cut off there, so one more tells that it is too large."""


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


class StrictJSON(DefaultJSONProvider):
    """JSON without Python's extensions: no NaN, and nesting too deep is a fault of the sender."""

    ensure_ascii = False
    sort_keys = False

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """Read JSON.

        Raises:
            ValueError: If it is not JSON, or nested too deeply to be read.
        """
        try:
            return super().loads(s, parse_constant=_refuse_constant, **kwargs)
        except RecursionError as error:
            raise ValueError("nested too deeply") from error


class JSONRequest(Request):
    """A request whose body, if any, is JSON; no body counts as `{}`."""

    def get_json(self, force: bool = False, silent: bool = False, cache: bool = True) -> Any:
        """Read the body.

        Raises:
            Problem: 413 if the body is too large, 415 if it is of another type, 400 if it is not JSON,
                422 if it is null.
        """
        body = self.get_data(cache=True)
        if not body:
            return {}
        if len(body) > MAX_BODY:
            raise Problem(413)
        if not self.is_json:
            raise Problem(415, "unsupported_media_type", "请用 JSON 发送内容(Content-Type: application/json)。")
        content = super().get_json(force, silent, cache)
        if content is None:  # APIFlask would take it for {}
            raise Problem(422, invalid_params=[("body", "应当是一组名称和值")])
        return content

    def on_json_loading_failed(self, e: ValueError | None) -> NoReturn:
        """Say where the body stops being JSON."""
        where = f"（第 {e.lineno} 行第 {e.colno} 列）" if isinstance(e, json.JSONDecodeError) else ""
        raise Problem(400, "bad_json", f"内容不是正确的 JSON{where}，请检查引号、逗号和括号。")


class OpaqueId(BaseConverter):
    """A public id in an address, as `accounts` and `guides` give them out: 32 hex digits.

    Anything else is a 404 before any view or query sees it.
    """

    regex = "[0-9a-f]{32}"
