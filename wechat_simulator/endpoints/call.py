"""A call of the API as the endpoints see it, and what an endpoint is."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from wechat_simulator.errors import APIError
from wechat_simulator.world import World


@dataclass(frozen=True)
class Call:
    """A request; its body is JSON whatever Content-Type it claims."""

    world: World
    args: Mapping[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        """Read the body.

        Raises:
            APIError: It is no JSON object (47001).
        """
        try:
            content = json.loads(self.body)
        except ValueError as error:
            raise APIError(47001) from error
        if not isinstance(content, dict):
            raise APIError(47001)
        return content


@dataclass(frozen=True)
class Picture:
    """An answer that is an image."""

    data: bytes


Answer = dict[str, Any] | Picture


@dataclass(frozen=True)
class Endpoint:
    """One path of the API.

    Attributes:
        app: whose access_token it wants; None: no token.
        content_type: of a JSON answer.
    """

    path: str
    method: Literal["GET", "POST"]
    handle: Callable[[Call], Answer]
    app: Literal["official", "mini"] | None = None
    content_type: str = "application/json; encoding=utf-8"


OK = {"errcode": 0, "errmsg": "ok"}
