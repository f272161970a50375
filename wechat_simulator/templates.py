"""Subscription messages: the templates of the mini-program and who accepted them.

Source: 发送订阅消息 (subscribeMessage.send), table 参数值内容限制.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping
from typing import Any

from wechat_simulator.errors import APIError

LIMITS = {
    "thing": r".{1,20}",
    "number": r"[0-9.]{1,32}",
    "letter": r"[A-Za-z]{1,32}",
    "symbol": r"[^\w\s]{1,5}",
    "character_string": r"[\x21-\x7e]{1,32}",
    "time": r"(\d{4}年\d{1,2}月\d{1,2}日 )?\d{1,2}:\d{2}(:\d{2})?",
    "date": r"\d{4}年\d{1,2}月\d{1,2}日( \d{1,2}:\d{2}(:\d{2})?)?",
    "amount": r"[¥￥$]?[0-9.]{1,10}元?",
    "phone_number": r"[0-9+\-]{1,17}",
    "car_number": r"\w{1,8}",
    "name": r"[\u4e00-\u9fff·]{1,10}|[A-Za-z .]{1,20}",
    "phrase": r"[\u4e00-\u9fff]{1,5}",
}
"""What a value may be, by the kind in the name of its field (`thing1` is a `thing`).

The form of `symbol`, `amount` and `car_number` is looser than Tencent's.
"""


class TemplateBook:
    """Templates by id, and how many messages each citizen still takes of each."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fields: dict[str, tuple[str, ...]] = {}
        self._accepted: dict[tuple[str, str], float] = {}

    def add(self, template_id: str, *fields: str) -> None:
        """Add a template; with fields, a message must hold exactly these."""
        with self._lock:
            self._fields[template_id] = fields

    def accept(self, openid: str, template_id: str, times: float = 1) -> None:
        """A citizen allows so many more messages; infinity is a long-term subscription."""
        with self._lock:
            self._accepted[openid, template_id] = self._accepted.get((openid, template_id), 0) + times

    def send(self, openid: str, template_id: object, data: object) -> str:
        """Check a message, and use one acceptance up.

        Returns:
            What the citizen reads.

        Raises:
            APIError: An unknown template (40037), a wrong value (47003), or not accepted (43101).
        """
        with self._lock:
            if not isinstance(template_id, str) or template_id not in self._fields:
                raise APIError(40037)
            values = _checked(data, self._fields[template_id])
            left = self._accepted.get((openid, template_id), 0)
            if left < 1:
                raise APIError(43101)
            self._accepted[openid, template_id] = left - 1
        return "\n".join(values.values())


def templates_from(environment: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Read the templates that the system under test is set to: fields by template id.

    MINIPROGRAM_TEMPLATES holds `topic=TEMPLATE_ID:thing1=…,time2=…`, with semicolons between.
    """
    parts = filter(None, (part.strip() for part in environment.get("MINIPROGRAM_TEMPLATES", "").split(";")))
    named = (part.partition("=")[2].partition(":") for part in parts)
    return {id_: tuple(pair.partition("=")[0] for pair in fields.split(",")) for id_, _, fields in named}


def _checked(data: object, fields: tuple[str, ...]) -> dict[str, str]:
    if not isinstance(data, dict) or not data:
        raise APIError(47003, "data is empty")
    for name in fields:
        if name not in data:
            raise APIError(47003, f"data.{name}.value is empty")
    return {name: _checked_value(name, entry) for name, entry in data.items() if not fields or name in fields}


def _checked_value(name: str, entry: Any) -> str:
    value = entry.get("value") if isinstance(entry, dict) else None
    pattern = LIMITS.get(name.rstrip("0123456789"))
    if pattern is None or not isinstance(value, str | int | float) or not re.fullmatch(pattern, str(value)):
        raise APIError(47003, f"data.{name}.value invalid")
    return str(value)
