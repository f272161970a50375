"""Codes that a mini-program gets from WeChat and its back end exchanges once.

Source: 小程序登录 and 手机号快速验证组件. Five minutes are documented for the latter, and from memory for
the former.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from wechat_simulator import identity
from wechat_simulator.errors import APIError

LIFETIME = 300


@dataclass
class _Code:
    name: str
    value: str
    ends_at: float
    used: bool = False


class CodeBook:
    """Codes of one kind.

    Args:
        clock: seconds since 1970.
        used: the errcode for a code that was exchanged before.
    """

    def __init__(self, clock: Callable[[], float], used: int) -> None:
        self._clock = clock
        self._used = used
        self._lock = threading.Lock()
        self._codes: dict[str, _Code] = {}

    def issue(self, name: str, length: int, value: str = "") -> str:
        """Make a code.

        Args:
            name: of the citizen it stands for.
            length: of the code.
            value: what it is exchanged for besides.
        """
        code = identity.code(length)
        with self._lock:
            self._codes[code] = _Code(name, value, self._clock() + LIFETIME)
        return code

    def exchange(self, code: object) -> tuple[str, str]:
        """Use a code up.

        Returns:
            The citizen's name and the value.

        Raises:
            APIError: It is unknown or too old (40029), or was used.
        """
        with self._lock:
            known = self._codes.get(code) if isinstance(code, str) else None
            if known is None or known.ends_at <= self._clock():
                raise APIError(40029)
            if known.used:
                raise APIError(self._used)
            known.used = True
            return known.name, known.value

    def check_owner(self, code: object, name: str) -> None:
        """Check whose code it is.

        Raises:
            APIError: Somebody else's (40029).
        """
        with self._lock:
            known = self._codes.get(code) if isinstance(code, str) else None
            if known is not None and known.name != name:
                raise APIError(40029)
